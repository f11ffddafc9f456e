package io.hongyan.im.adapter.sql.sqlite;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StoredMessage;

/** A conversation and its highest number, with the ordinal of that entry, as the writer knows it. */
final class ConversationHead {
    private final Conversation conversation;
    private final String low;
    private final String high;
    private final long id;
    private long head;
    private long ordinal;

    ConversationHead(Conversation conversation, long id, long head, long ordinal) {
        this.conversation = conversation;
        this.low = conversation.low();
        this.high = conversation.high();
        this.id = id;
        this.head = head;
        this.ordinal = ordinal;
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

    long ordinal() {
        return ordinal;
    }

    void moveTo(StoredMessage newest) {
        head = newest.seq();
        ordinal = newest.ordinal();
    }

    boolean hasMember(String uid) {
        return low.equals(uid) || high.equals(uid);
    }

    String peerOf(String uid) {
        return low.equals(uid) ? high : low;
    }
}
