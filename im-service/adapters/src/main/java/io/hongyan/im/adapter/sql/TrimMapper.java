package io.hongyan.im.adapter.sql;

import java.util.List;
import org.apache.ibatis.annotations.Param;

/** SQL of {@code SqlInboxTrimmer}. */
public interface TrimMapper {
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

    /**
     * A user's inbox from end to end.
     *
     * @param oldest when the first message in it was stored, null where none is
     */
    record UserRow(long userId, long trimmed, long head, Long oldest) {
        /** Told by the page of users alone, so that most of them cost no statement of their own. */
        public boolean hasTooMuch(long olderThanMillis, int entriesMax) {
            return (oldest != null && oldest < olderThanMillis) || head - trimmed > entriesMax;
        }
    }
}
