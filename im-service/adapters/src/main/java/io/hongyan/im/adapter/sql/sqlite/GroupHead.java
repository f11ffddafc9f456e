package io.hongyan.im.adapter.sql.sqlite;

import io.hongyan.im.core.group.GroupInfo;
import io.hongyan.im.core.message.Conversation;

/** The conversation of a group, with what every message to it asks about, as the writer knows it. */
final class GroupHead extends ConversationHead {
    private GroupInfo info;
    private boolean fanningOut;

    GroupHead(Conversation conversation, long id, long head, long ordinal, GroupInfo info, boolean fanningOut) {
        super(conversation, id, head, ordinal);
        this.info = info;
        this.fanningOut = fanningOut;
    }

    GroupInfo info() {
        return info;
    }

    /** Whether a marker is open: later entries wait behind it. */
    boolean fanningOut() {
        return fanningOut;
    }

    void becomes(GroupInfo newInfo) {
        info = newInfo;
    }

    void fanningOut(boolean now) {
        fanningOut = now;
    }
}
