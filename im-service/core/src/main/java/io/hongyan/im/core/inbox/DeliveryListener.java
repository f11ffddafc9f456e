package io.hongyan.im.core.inbox;

import io.hongyan.im.core.message.Conversation;

/** Learns how far messages have come. Called from any thread, often under a lock: must not block or call back. */
public interface DeliveryListener {
    /** A device of {@code uid} has acknowledged this message, which somebody else sent. */
    void delivered(String uid, Conversation conversation, long seq);

    /** {@code uid} has sent this message. */
    void sent(String uid, Conversation conversation, long seq);
}
