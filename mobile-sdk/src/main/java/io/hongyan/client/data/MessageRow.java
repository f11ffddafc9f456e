package io.hongyan.client.data;

import io.hongyan.protocol.v1.Message;

/** An entry of the log of a conversation; conversation and {@code seq} are its key. */
public final class MessageRow {
    private final ConversationId conversation;
    private final Message message;
    private final long localId;

    /** @param localId what the outbox of this device called it, 0 if it was not written here */
    public MessageRow(ConversationId conversation, Message message, long localId) {
        this.conversation = conversation;
        this.message = message;
        this.localId = localId;
    }

    /** The conversation as this user sees it. */
    public ConversationId conversation() {
        return conversation;
    }

    /** Number within the conversation. */
    public long seq() {
        return message.getSeq();
    }

    /** The entry as the server gave it; what this version does not know of it is kept. */
    public Message message() {
        return message;
    }

    /** What the outbox of this device called it, 0 if it was not written here. */
    public long localId() {
        return localId;
    }

    /** As it is stored in place of another one, or of none: an own message keeps its local id. */
    MessageRow inPlaceOf(MessageRow before) {
        return localId != 0 || before == null || before.localId == 0
                ? this
                : new MessageRow(conversation, message, before.localId);
    }

    @Override
    public String toString() {
        return conversation + "/" + seq() + (localId == 0 ? "" : " local " + localId);
    }
}
