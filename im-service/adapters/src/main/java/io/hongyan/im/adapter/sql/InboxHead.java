package io.hongyan.im.adapter.sql;

/** A user and the highest number in the inbox, as the writer knows it. */
final class InboxHead {
    private final String uid;
    private final long userId;
    private long head;

    /** Called by the mapper with the columns of a row. */
    InboxHead(String uid, long userId, long head) {
        this.uid = uid;
        this.userId = userId;
        this.head = head;
    }

    String uid() {
        return uid;
    }

    long userId() {
        return userId;
    }

    long head() {
        return head;
    }

    void moveTo(long newHead) {
        head = newHead;
    }
}
