package io.hongyan.im.core.push;

import io.hongyan.im.core.inbox.DeliveryListener;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.StoredMessage;

/** Picks out of all that devices acknowledge what was pushed to them. */
public final class PushAcknowledgements implements DeliveryListener {
    private final DeliveryListener next;
    private final PushEvents events;

    /** @param next is told everything too */
    public PushAcknowledgements(DeliveryListener next, PushEvents events) {
        this.next = next;
        this.events = events;
    }

    @Override
    public void delivered(DeviceKey device, StoredMessage message) {
        next.delivered(device, message);
        if (message.conversation().kind() == Conversation.Kind.SYSTEM) {
            events.acknowledged(device, message.clientMessageId());
        }
    }

    @Override
    public void sent(String uid, Conversation conversation, long seq, long ordinal) {
        next.sent(uid, conversation, seq, ordinal);
    }
}
