package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.MessageState;
import io.hongyan.im.core.message.StoredMessage;

/**
 * A row of the log without its conversation.
 *
 * @param state null where nothing has become of it
 */
public record MessageRow(
        long seq,
        long ordinal,
        String sender,
        String senderDevice,
        String clientMessageId,
        long sentAtMillis,
        byte[] content,
        MessageState state) {
    /** As {@link StoredMessage#bytes}. */
    public int bytes() {
        return content.length + (state == null ? 0 : state.bytes());
    }

    public StoredMessage toMessage(Conversation conversation) {
        return new StoredMessage(
                conversation, seq, ordinal, sender, senderDevice, clientMessageId, sentAtMillis, content, state);
    }
}
