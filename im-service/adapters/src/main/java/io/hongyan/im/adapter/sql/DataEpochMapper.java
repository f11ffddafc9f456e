package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.data.DataEpoch;
import org.apache.ibatis.annotations.Param;

/** SQL of {@link SqlDataEpochs}. */
interface DataEpochMapper {
    /** Null where the table is empty, which it never is by itself. */
    DataEpoch find();

    /** The places in the feed that were given, of messages and of events together. */
    long newest();

    /** How many rows have changed: 0 where it is another epoch than {@code over}. */
    int replace(@Param("over") String over, @Param("next") DataEpoch next);
}
