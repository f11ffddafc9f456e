package io.hongyan.im.core.inbox;

import io.hongyan.metrics.Counters;
import io.hongyan.metrics.Histogram;

/** What the way of messages from inboxes to devices counts and measures. */
public final class DeliveryCounters extends Counters<DeliveryCounter> {
    /** From a message's storing to its acknowledgement by a device that was connected; sampled. */
    public final Histogram deliveryTimes = new Histogram();

    public DeliveryCounters() {
        super(DeliveryCounter.class);
    }
}
