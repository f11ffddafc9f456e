package io.hongyan.im.core.send;

import io.hongyan.im.core.group.GroupChange;
import io.hongyan.im.core.message.Conversation;

/**
 * A message, or a change of a group or of a message, that has no number yet.
 *
 * @param sender uid, a member of the conversation, or {@link io.hongyan.im.core.message.SystemUser#UID}
 * @param senderDevice {@code platform:name}
 * @param clientMessageId 1-64 printable ASCII characters
 * @param content owned by the draft
 * @param change what the entry changes in its group, else null
 * @param messageChange what the entry changes of an earlier message, else null
 * @param quotedSeq number of the message that the content answers with an excerpt, 0 = none
 */
public record Draft(
        Conversation conversation,
        String sender,
        String senderDevice,
        String clientMessageId,
        byte[] content,
        GroupChange change,
        MessageChange messageChange,
        long quotedSeq) {

    /** A message. */
    public Draft(
            Conversation conversation, String sender, String senderDevice, String clientMessageId, byte[] content) {
        this(conversation, sender, senderDevice, clientMessageId, content, null);
    }

    /** A message, or a change of a group. */
    public Draft(
            Conversation conversation,
            String sender,
            String senderDevice,
            String clientMessageId,
            byte[] content,
            GroupChange change) {
        this(conversation, sender, senderDevice, clientMessageId, content, change, null, 0);
    }

    /** Whether it is something to read: what does not count takes the ordinal of the entry before it. */
    public boolean counts() {
        return change == null && messageChange == null;
    }

    /** Whether nothing earlier of its conversation concerns it, nor does it concern any. */
    boolean isPlain() {
        return messageChange == null && quotedSeq == 0;
    }

    /** The ordinal of the entry that it becomes. */
    public long ordinalAfter(long ordinal) {
        return counts() ? ordinal + 1 : ordinal;
    }
}
