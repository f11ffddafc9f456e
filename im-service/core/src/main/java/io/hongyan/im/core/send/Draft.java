package io.hongyan.im.core.send;

import io.hongyan.im.core.message.Conversation;

/**
 * A message that has no number yet.
 *
 * @param sender uid, a member of the conversation
 * @param senderDevice {@code platform:name}
 * @param clientMessageId 1-64 printable ASCII characters
 * @param content owned by the draft
 */
public record Draft(
        Conversation conversation, String sender, String senderDevice, String clientMessageId, byte[] content) {}
