package io.hongyan.client.data;

/**
 * Is told what has changed in the store, after it was written. What it is told in one step belongs together. It does not
 * block.
 */
public interface DataListener {
    /** The device is more or less level with the server. */
    void phaseChanged(Phase phase);

    /** A message that was written here has got another state. After {@code SENT} it is told as a stored message. */
    void sendStateChanged(OutboxRow row, SendState state);

    /**
     * An entry of a log was stored.
     *
     * @param isNew whether none with this number was stored before; else it takes the place of that one, and keeps its local id
     */
    void messageStored(MessageRow row, boolean isNew);

    /** What is known of a conversation as a whole has changed. */
    void conversationChanged(ConversationRow row);

    /**
     * The history that was asked for is stored.
     *
     * @param belowSeq as it was asked for
     * @param messages how many the server gave; none if there are none, or if the user may not read them
     */
    void historyRead(ConversationId conversation, long belowSeq, int messages);

    /** The data of the server have another epoch: all conversations and messages are forgotten, the outbox is not. */
    void numbersForgotten();
}
