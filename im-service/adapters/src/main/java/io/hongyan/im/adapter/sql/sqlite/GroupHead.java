package io.hongyan.im.adapter.sql.sqlite;

import io.hongyan.im.core.group.GroupInfo;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StoredMessage;

/** A group and its highest number, with the ordinal of that entry, as the writer knows it. */
final class GroupHead {
    private final Conversation conversation;
    private final long id;
    private long head;
    private long ordinal;
    private GroupInfo info;
    private boolean fanningOut;

    GroupHead(Conversation conversation, long id, long head, long ordinal, GroupInfo info, boolean fanningOut) {
        this.conversation = conversation;
        this.id = id;
        this.head = head;
        this.ordinal = ordinal;
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

    long ordinal() {
        return ordinal;
    }

    GroupInfo info() {
        return info;
    }

    /** Whether a marker is open: later entries wait behind it. */
    boolean fanningOut() {
        return fanningOut;
    }

    void moveTo(StoredMessage newest) {
        head = newest.seq();
        ordinal = newest.ordinal();
    }

    void becomes(GroupInfo newInfo) {
        info = newInfo;
    }

    void fanningOut(boolean now) {
        fanningOut = now;
    }
}
