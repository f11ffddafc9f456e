package io.hongyan.im.core.inbox;

import io.hongyan.im.core.message.Conversation;

/** Something for those who are online, best effort, never stored. */
public sealed interface Notice {
    /**
     * A newer login of the same platform class ends this connection.
     *
     * @param byDevice {@code platform:name} of the newer login
     */
    record Kicked(String byDevice, long atMillis) implements Notice {}

    /** The server ends this connection. */
    record Ended(CloseReason why, long atMillis) implements Notice {}

    /** What one user shows those in a conversation. */
    sealed interface Signal extends Notice {
        String from();

        Conversation conversation();
    }

    record Typing(String from, Conversation conversation, boolean active) implements Signal {}

    /**
     * What an application has thought of.
     *
     * @param data must not be changed
     */
    record CustomSignal(String from, Conversation conversation, String type, byte[] data) implements Signal {}

    /** {@code from} has received and read the conversation up to these numbers. */
    record Receipt(String from, Conversation conversation, long deliveredSeq, long readSeq) implements Notice {}

    /**
     * What a business line tells those who are connected.
     *
     * @param content as in a message; must not be changed
     */
    record Push(String pushId, String channel, byte[] content) implements Notice {}

    record GoingAway(int reconnectAfterMillis) implements Notice {}
}
