package io.hongyan.im.core.inbox;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.metrics.MessagingCounters;
import io.hongyan.metrics.Histogram;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/** Measures how long messages take from their storing to the receiving device's acknowledgement, to a millisecond. */
public final class DeliveryTimes implements DeliveryListener {
    private final DeliveryListener next;
    private final InstantSource clock;
    private final Histogram times;

    /** @param next is told everything too */
    public DeliveryTimes(DeliveryListener next, InstantSource clock, MessagingCounters counters) {
        this.next = next;
        this.clock = clock;
        this.times = counters.deliveryTimes;
    }

    @Override
    public void delivered(DeviceKey device, StoredMessage message) {
        next.delivered(device, message);
    }

    @Override
    public void deliveredLive(long sentAtMillis) {
        times.record(TimeUnit.MILLISECONDS.toNanos(clock.millis() - sentAtMillis));
    }

    @Override
    public void sent(String uid, Conversation conversation, long seq, long ordinal) {
        next.sent(uid, conversation, seq, ordinal);
    }
}
