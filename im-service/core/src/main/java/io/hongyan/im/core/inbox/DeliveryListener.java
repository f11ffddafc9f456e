package io.hongyan.im.core.inbox;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.StoredMessage;

/** Learns how far messages have come. Called from any thread, often under a lock: must not block or call back. */
public interface DeliveryListener {
    /** A device has acknowledged this message, which another user sent. */
    void delivered(DeviceKey device, StoredMessage message);

    /** {@code uid} has sent this message. */
    void sent(String uid, Conversation conversation, long seq);
}
