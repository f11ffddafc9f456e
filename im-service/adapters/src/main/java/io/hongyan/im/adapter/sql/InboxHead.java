package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.send.AppendPlan;

/** A user and the highest number in the inbox, as the writer knows it. */
public final class InboxHead implements AppendPlan.Recipient {
    private final String uid;
    private final long userId;
    private long head;

    /** Called by the mapper with the columns of a row. */
    InboxHead(String uid, long userId, long head) {
        this.uid = uid;
        this.userId = userId;
        this.head = head;
    }

    @Override
    public String uid() {
        return uid;
    }

    public long userId() {
        return userId;
    }

    public long head() {
        return head;
    }

    public void moveTo(long newHead) {
        head = newHead;
    }
}
