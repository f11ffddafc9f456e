package io.hongyan.im.core.inbox;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.StoredMessage;

/** Learns how far messages have come. Called from any thread, often under a lock: must not block or call back. */
public interface DeliveryListener {
    /** A device has acknowledged this message, which another user sent. */
    void delivered(DeviceKey device, StoredMessage message);

    /**
     * A message that was pushed as soon as it was stored has been acknowledged. Told of one message at a time per
     * connection, not of all: a sample.
     */
    default void deliveredLive(long sentAtMillis) {}

    /** {@code uid} has sent the message with these numbers. */
    void sent(String uid, Conversation conversation, long seq, long ordinal);
}
