package io.hongyan.im.core.send;

import io.hongyan.im.core.group.GroupChange;
import io.hongyan.im.core.message.Conversation;

/**
 * A message, or a change of a group, that has no number yet.
 *
 * @param sender uid, a member of the conversation, or {@link io.hongyan.im.core.message.SystemUser#UID}
 * @param senderDevice {@code platform:name}
 * @param clientMessageId 1-64 printable ASCII characters
 * @param content owned by the draft
 * @param change what the entry changes in its group, null for a message
 */
public record Draft(
        Conversation conversation,
        String sender,
        String senderDevice,
        String clientMessageId,
        byte[] content,
        GroupChange change) {

    /** A message. */
    public Draft(
            Conversation conversation, String sender, String senderDevice, String clientMessageId, byte[] content) {
        this(conversation, sender, senderDevice, clientMessageId, content, null);
    }

    /** Whether it is something to read: what does not count takes the ordinal of the entry before it. */
    public boolean counts() {
        return change == null;
    }

    /** The ordinal of the entry that it becomes. */
    public long ordinalAfter(long ordinal) {
        return counts() ? ordinal + 1 : ordinal;
    }
}
