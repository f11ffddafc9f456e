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
 * @param content as it came; must not be changed
 */
public record StoredMessage(
        Conversation conversation,
        long seq,
        long ordinal,
        String sender,
        String senderDevice,
        String clientMessageId,
        long sentAtMillis,
        byte[] content) {}
