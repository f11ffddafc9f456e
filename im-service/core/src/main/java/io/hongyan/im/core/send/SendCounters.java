package io.hongyan.im.core.send;

import io.hongyan.metrics.Counters;

/** What the way of messages into the log and to inboxes counts. */
public final class SendCounters extends Counters<SendCounter> {
    final ChangeCounters changes = new ChangeCounters();

    public SendCounters() {
        super(SendCounter.class);
    }

    /** What is counted of changes of messages. */
    public ChangeCounters changes() {
        return changes;
    }
}
