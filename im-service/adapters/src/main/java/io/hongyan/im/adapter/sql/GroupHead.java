package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.group.GroupInfo;
import io.hongyan.im.core.message.Conversation;

/** A group and its highest number, as the writer knows it. */
final class GroupHead {
    private final Conversation conversation;
    private final long id;
    private long head;
    private GroupInfo info;
    private boolean fanningOut;

    GroupHead(Conversation conversation, long id, long head, GroupInfo info, boolean fanningOut) {
        this.conversation = conversation;
        this.id = id;
        this.head = head;
        this.info = info;
        this.fanningOut = fanningOut;
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

    GroupInfo info() {
        return info;
    }

    /** Whether a marker is open: later entries wait behind it. */
    boolean fanningOut() {
        return fanningOut;
    }

    void moveTo(long newHead) {
        head = newHead;
    }

    void becomes(GroupInfo newInfo) {
        info = newInfo;
    }

    void fanningOut(boolean now) {
        fanningOut = now;
    }
}
