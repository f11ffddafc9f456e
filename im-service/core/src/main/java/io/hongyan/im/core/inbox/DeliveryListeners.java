package io.hongyan.im.core.inbox;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.metrics.Histogram;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * Tells all that listen how far messages have come, in the order in which they were added, and measures how long it took
 * from their storing to the receiving device's acknowledgement, to a millisecond.
 */
public final class DeliveryListeners implements DeliveryListener {
    private final List<DeliveryListener> listeners = new CopyOnWriteArrayList<>();
    private final InstantSource clock;
    private final Histogram times;

    public DeliveryListeners(InstantSource clock, DeliveryCounters counters) {
        this.clock = clock;
        this.times = counters.deliveryTimes;
    }

    /** Before anything is delivered. */
    public void add(DeliveryListener listener) {
        listeners.add(listener);
    }

    @Override
    public void delivered(DeviceKey device, StoredMessage message) {
        for (DeliveryListener listener : listeners) {
            listener.delivered(device, message);
        }
    }

    @Override
    public void deliveredLive(long sentAtMillis) {
        times.record(TimeUnit.MILLISECONDS.toNanos(clock.millis() - sentAtMillis));
        for (DeliveryListener listener : listeners) {
            listener.deliveredLive(sentAtMillis);
        }
    }

    @Override
    public void sent(String uid, Conversation conversation, long seq, long ordinal) {
        for (DeliveryListener listener : listeners) {
            listener.sent(uid, conversation, seq, ordinal);
        }
    }
}
