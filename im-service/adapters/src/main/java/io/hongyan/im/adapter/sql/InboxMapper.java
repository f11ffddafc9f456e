package io.hongyan.im.adapter.sql;

import org.apache.ibatis.annotations.Param;
import org.apache.ibatis.session.ResultHandler;

/** SQL of {@link SqliteInbox}. */
interface InboxMapper {
    Range findRange(String uid);

    void readEntries(
            @Param("userId") long userId,
            @Param("after") long after,
            @Param("limit") int limit,
            ResultHandler<EntryRow> rows);

    /** A user's inbox from end to end; {@code trimmed} is the highest number that is no longer kept. */
    record Range(long userId, long head, long trimmed) {}
}
