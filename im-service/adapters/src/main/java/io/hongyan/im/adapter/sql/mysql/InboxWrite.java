package io.hongyan.im.adapter.sql.mysql;

/** An entry on its way into an inbox of another database. Filled in by {@link InboxWriter}; for one thread at a time. */
final class InboxWrite {
    private final long userId;
    private final long conversationId;
    private final long seq;
    private long inboxSeq;
    private boolean there;

    InboxWrite(long userId, long conversationId, long seq) {
        this.userId = userId;
        this.conversationId = conversationId;
        this.seq = seq;
    }

    long userId() {
        return userId;
    }

    long conversationId() {
        return conversationId;
    }

    long seq() {
        return seq;
    }

    /** Its number, where it was written just now; else 0. */
    long inboxSeq() {
        return inboxSeq;
    }

    /** Whether it is in the inbox, whoever wrote it. */
    boolean isThere() {
        return there;
    }

    void written(long number) {
        inboxSeq = number;
        there = true;
    }

    void wasThere() {
        inboxSeq = 0;
        there = true;
    }
}
