package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.message.Conversation;

/** A conversation in one transaction that holds its lock and numbers its messages. */
final class LockedConversation {
    private final Conversation conversation;
    private final long id;
    private long head;
    private boolean moved;

    LockedConversation(Conversation conversation, long id, long head) {
        this.conversation = conversation;
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

    /** The number that the next message has if there is one. */
    long next() {
        return head + 1;
    }

    /** That number is given. */
    void take() {
        head++;
        moved = true;
    }

    /** Whether the head is another than its row says. */
    boolean moved() {
        return moved;
    }
}
