package io.hongyan.im.core.message;

/**
 * A message in the log. Conversation and seq are its id.
 *
 * @param seq number in the conversation, gapless from 1
 * @param ordinal how many messages that count ({@link io.hongyan.im.core.send.Draft#counts}) the conversation has up to
 *     this entry, itself included
 * @param sender uid
 * @param senderDevice {@code platform:name}
 * @param clientMessageId the sender's name for it, unique per conversation and sender
 * @param sentAtMillis when it was stored, milliseconds since 1970-01-01 UTC
 * @param content as it came, or as it was edited last, empty after a recall; must not be changed
 * @param state what has become of it since, null where nothing has
 */
public record StoredMessage(
        Conversation conversation,
        long seq,
        long ordinal,
        String sender,
        String senderDevice,
        String clientMessageId,
        long sentAtMillis,
        byte[] content,
        MessageState state) {
    /** One that was not changed. */
    public StoredMessage(
            Conversation conversation,
            long seq,
            long ordinal,
            String sender,
            String senderDevice,
            String clientMessageId,
            long sentAtMillis,
            byte[] content) {
        this(conversation, seq, ordinal, sender, senderDevice, clientMessageId, sentAtMillis, content, null);
    }

    /** What it is counted with where the bytes of a page are limited. */
    public int bytes() {
        return content.length + (state == null ? 0 : state.bytes());
    }

    public StoredMessage with(byte[] otherContent, MessageState otherState) {
        return new StoredMessage(
                conversation,
                seq,
                ordinal,
                sender,
                senderDevice,
                clientMessageId,
                sentAtMillis,
                otherContent,
                otherState);
    }
}
