package io.hongyan.im.adapter.sql;

import java.util.List;
import org.apache.ibatis.annotations.Param;

/** SQL of {@link SqlConversationList}. */
interface ConversationMapper {
    List<Long> listAll(@Param("userId") long userId, @Param("page") long page, @Param("limit") int limit);

    /** Those with an inbox entry above {@code after}, and all large groups. */
    List<Long> listChanged(
            @Param("userId") long userId,
            @Param("after") long after,
            @Param("page") long page,
            @Param("limit") int limit);

    /** Null where it is a group that is dissolved and was left. */
    ItemRow find(@Param("uid") String uid, @Param("userId") long userId, @Param("conversationId") long conversationId);

    /** A conversation with the newest message that the user may read; the peer's columns are null where it is with oneself. */
    record ItemRow(
            int kind,
            String name,
            long delivered,
            long read,
            String peer,
            Long peerDelivered,
            Long peerRead,
            long headSeq,
            String sender,
            String senderDevice,
            String clientMessageId,
            long sentAtMillis,
            byte[] content,
            long firstSeq) {}
}
