package io.hongyan.im.adapter.sql;

import java.util.List;
import org.apache.ibatis.annotations.Param;

/** SQL of {@link SqlInboxTrimmer}. */
interface TrimMapper {
    List<UserRow> findUsers(@Param("afterUser") long afterUser, @Param("limit") int limit);

    /**
     * The highest entry in (trimmed, upTo] that points to an old message with nothing but old ones before it; null
     * where there is none.
     */
    Long findLastOld(
            @Param("userId") long userId,
            @Param("trimmed") long trimmed,
            @Param("upTo") long upTo,
            @Param("olderThan") long olderThan);

    int deleteEntries(@Param("userId") long userId, @Param("upTo") long upTo);

    void updateTrimmed(@Param("userId") long userId, @Param("trimmed") long trimmed);

    /** A user's inbox from end to end. */
    record UserRow(long userId, long trimmed, long head) {}
}
