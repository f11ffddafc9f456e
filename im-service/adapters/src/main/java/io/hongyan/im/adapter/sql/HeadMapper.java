package io.hongyan.im.adapter.sql;

import org.apache.ibatis.annotations.Param;

/** SQL of {@code Heads}. */
public interface HeadMapper {
    InboxHead findInbox(String uid);

    StoredHead findConversation(@Param("kind") int kind, @Param("name") String name);

    /** 0 where there is no message. */
    long findLastMessageId();

    /** @param low null where it has no two users of its own */
    long insertConversation(
            @Param("kind") int kind, @Param("name") String name, @Param("low") Long low, @Param("high") Long high);

    void insertMark(@Param("userId") long userId, @Param("conversationId") long conversationId);

    /** Head of a conversation as stored. */
    record StoredHead(long id, long head, long ordinal) {}
}
