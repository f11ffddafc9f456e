package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.Event;
import io.hongyan.im.core.message.Conversation;

/** An inbox row with the message it points to; an event points to one too, whose content is null. */
record EntryRow(long seq, int kind, int conversationKind, String conversationName, MessageRow message) {
    Entry toEntry() {
        Conversation conversation = Kinds.conversation(conversationKind, conversationName);
        return switch (kind) {
            case MessageRows.KIND_MESSAGE -> new Entry.OfMessage(seq, message.toMessage(conversation));
            case MessageRows.KIND_READ ->
                new Entry.OfEvent(seq, new Event.ReadUpTo(conversation, message.seq(), message.ordinal()));
            default -> throw new IllegalStateException("inbox row of kind " + kind);
        };
    }

    int bytes() {
        return message.content() == null ? 0 : message.bytes();
    }
}
