package io.hongyan.im.core.push;

import io.hongyan.im.core.inbox.DeliveryListener;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.StoredMessage;

/** Picks out of all that devices acknowledge what was pushed to them. */
final class PushAcknowledgements implements DeliveryListener {
    private final PushEvents events;

    PushAcknowledgements(PushEvents events) {
        this.events = events;
    }

    @Override
    public void delivered(DeviceKey device, StoredMessage message) {
        if (message.conversation().kind() == Conversation.Kind.SYSTEM) {
            events.acknowledged(device, message.clientMessageId());
        }
    }

    @Override
    public void sent(String uid, Conversation conversation, long seq, long ordinal) {}
}
