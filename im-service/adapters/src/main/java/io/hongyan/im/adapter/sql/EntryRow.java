package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.Event;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StoredMessage;

/** An inbox row with the message it points to, flat as it is selected; the columns from sender on are null or 0 for an event. */
record EntryRow(
        long seq,
        int kind,
        int conversationKind,
        String conversationName,
        long refSeq,
        String sender,
        String senderDevice,
        String clientMessageId,
        long sentAtMillis,
        byte[] content) {
    Entry toEntry() {
        Conversation conversation = Kinds.conversation(conversationKind, conversationName);
        return switch (kind) {
            case MessageRows.KIND_MESSAGE ->
                new Entry.OfMessage(
                        seq,
                        new StoredMessage(
                                conversation, refSeq, sender, senderDevice, clientMessageId, sentAtMillis, content));
            case MessageRows.KIND_READ -> new Entry.OfEvent(seq, new Event.ReadUpTo(conversation, refSeq));
            default -> throw new IllegalStateException("inbox row of kind " + kind);
        };
    }

    int bytes() {
        return content == null ? 0 : content.length;
    }
}
