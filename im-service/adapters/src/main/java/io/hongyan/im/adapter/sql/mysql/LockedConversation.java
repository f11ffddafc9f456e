package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StoredMessage;

/** A conversation in one transaction that holds its lock and numbers its messages. */
final class LockedConversation {
    private final Conversation conversation;
    private final long id;
    private long head;
    private long ordinal;
    private boolean moved;

    LockedConversation(Conversation conversation, long id, long head, long ordinal) {
        this.conversation = conversation;
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

    /** Of the entry {@link #head}. */
    long ordinal() {
        return ordinal;
    }

    /** An entry has got the next number. */
    void moveTo(StoredMessage newest) {
        head = newest.seq();
        ordinal = newest.ordinal();
        moved = true;
    }

    /** Whether the head is another than its row says. */
    boolean moved() {
        return moved;
    }
}
