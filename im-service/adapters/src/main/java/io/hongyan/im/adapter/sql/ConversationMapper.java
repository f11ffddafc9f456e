package io.hongyan.im.adapter.sql;

import io.hongyan.im.adapter.sql.MarkMapper.MarkRow;
import java.util.List;
import org.apache.ibatis.annotations.Param;

/** SQL of {@code SqlConversationList}. */
public interface ConversationMapper {
    List<Long> listAll(@Param("userId") long userId, @Param("page") long page, @Param("limit") int limit);

    /** Those with an inbox entry above {@code after}, and all large groups. */
    List<Long> listChanged(
            @Param("userId") long userId,
            @Param("after") long after,
            @Param("page") long page,
            @Param("limit") int limit);

    /** Null where there is none. */
    Long findId(@Param("kind") int kind, @Param("name") String name);

    /** Null where it is none of the user's, or a group that is dissolved and was left. */
    ItemRow find(@Param("uid") String uid, @Param("userId") long userId, @Param("conversationId") long conversationId);

    /** A conversation with the newest message that the user may read; the peer and its mark are null where it is with oneself. */
    record ItemRow(
            int kind, String name, MarkRow mine, String peer, MarkRow peerMark, MessageRow last, long joinedOrdinal) {}
}
