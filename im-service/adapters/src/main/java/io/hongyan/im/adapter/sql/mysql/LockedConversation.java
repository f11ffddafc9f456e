package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.core.message.Conversation;

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

    /** The number that the next message has if there is one. */
    long next() {
        return head + 1;
    }

    /** That number is given, to an entry with this ordinal. */
    void take(long newOrdinal) {
        head++;
        ordinal = newOrdinal;
        moved = true;
    }

    /** Whether the head is another than its row says. */
    boolean moved() {
        return moved;
    }
}
