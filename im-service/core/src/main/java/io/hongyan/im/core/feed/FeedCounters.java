package io.hongyan.im.core.feed;

import io.hongyan.metrics.Counters;
import java.util.concurrent.atomic.AtomicLong;

/** What the feed counts since it started, and how its relay stands. */
public final class FeedCounters extends Counters<FeedCounter> {
    final AtomicLong eventsBehind = new AtomicLong();
    final AtomicLong oldestAgeMillis = new AtomicLong();
    final AtomicLong partitionsHeld = new AtomicLong();
    final AtomicLong partitionsFailing = new AtomicLong();

    public FeedCounters() {
        super(FeedCounter.class);
    }

    /** Events that are not sent yet. */
    public long eventsBehind() {
        return eventsBehind.get();
    }

    /** Of the oldest of these. */
    public long oldestAgeMillis() {
        return oldestAgeMillis.get();
    }

    /** Partitions that this node sends. */
    public long partitionsHeld() {
        return partitionsHeld.get();
    }

    /** Partitions whose last batch failed. */
    public long partitionsFailing() {
        return partitionsFailing.get();
    }
}
