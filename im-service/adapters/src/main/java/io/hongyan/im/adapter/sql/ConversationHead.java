package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.message.Conversation;

/** A conversation and its highest number, as the writer knows it. */
final class ConversationHead {
    private final Conversation conversation;
    private final String low;
    private final String high;
    private final long id;
    private long head;

    ConversationHead(Conversation conversation, long id, long head) {
        this.conversation = conversation;
        this.low = conversation.low();
        this.high = conversation.high();
        this.id = id;
        this.head = head;
    }

    Conversation conversation() {
        return conversation;
    }

    long id() {
        return id;
    }

    long head() {
        return head;
    }

    void moveTo(long newHead) {
        head = newHead;
    }

    boolean hasMember(String uid) {
        return low.equals(uid) || high.equals(uid);
    }

    String peerOf(String uid) {
        return low.equals(uid) ? high : low;
    }
}
