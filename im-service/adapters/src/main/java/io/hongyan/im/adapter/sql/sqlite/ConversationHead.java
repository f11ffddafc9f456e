package io.hongyan.im.adapter.sql.sqlite;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StoredMessage;

/** A conversation and its highest number, with the ordinal of that entry, as the writer knows it. */
class ConversationHead {
    private final Conversation conversation;
    private final long id;
    private long head;
    private long ordinal;

    ConversationHead(Conversation conversation, long id, long head, long ordinal) {
        this.conversation = conversation;
        this.id = id;
        this.head = head;
        this.ordinal = ordinal;
    }

    final Conversation conversation() {
        return conversation;
    }

    final long id() {
        return id;
    }

    final long head() {
        return head;
    }

    final long ordinal() {
        return ordinal;
    }

    final void moveTo(StoredMessage newest) {
        head = newest.seq();
        ordinal = newest.ordinal();
    }
}
