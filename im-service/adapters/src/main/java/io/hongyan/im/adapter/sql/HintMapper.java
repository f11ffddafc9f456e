package io.hongyan.im.adapter.sql;

import java.util.List;
import org.apache.ibatis.annotations.Param;

/** SQL of {@link SqlHints}. */
public interface HintMapper {
    /** Null where there is no such user. */
    UserRow findUser(String uid);

    /** Messages of others in (after, head]. */
    int countOthers(@Param("userId") long userId, @Param("after") long after);

    /** The last of them, null where there is none. */
    NewestRow findNewestOther(@Param("userId") long userId, @Param("after") long after);

    /** How many rows have changed: 0 where that number was claimed before. */
    int claim(@Param("uid") String uid, @Param("seq") long seq);

    /** The last of the next users, null where there is none. */
    Long findLastUser(@Param("afterUser") long afterUser, @Param("limit") int limit);

    List<HeadRow> findRecent(
            @Param("afterUser") long afterUser, @Param("lastUser") long lastUser, @Param("since") long since);

    /** @param cursor the highest of the user's devices */
    record UserRow(long userId, long head, long cursor, long hinted) {}

    record NewestRow(long inboxSeq, int conversationKind, String conversationName, String sender, long sentAtMillis) {}

    record HeadRow(String uid, long head) {}
}
