package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StoredMessage;

/** A row of the log without its conversation. */
public record MessageRow(
        long seq,
        long ordinal,
        String sender,
        String senderDevice,
        String clientMessageId,
        long sentAtMillis,
        byte[] content) {
    public StoredMessage toMessage(Conversation conversation) {
        return new StoredMessage(
                conversation, seq, ordinal, sender, senderDevice, clientMessageId, sentAtMillis, content);
    }
}
