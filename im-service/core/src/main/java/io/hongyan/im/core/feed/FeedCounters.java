package io.hongyan.im.core.feed;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ObjLongConsumer;

/** What the feed counts since it started, and how it stands. Any thread may add; whoever publishes metrics reads. */
public final class FeedCounters {
    final LongAdder eventsStored = new LongAdder();
    final LongAdder eventsRefused = new LongAdder();
    final LongAdder eventsFailed = new LongAdder();
    final LongAdder eventsTrimmed = new LongAdder();
    final LongAdder messagesTrimmed = new LongAdder();
    final LongAdder appendBatches = new LongAdder();
    final LongAdder appendRetries = new LongAdder();
    final LongAdder reportsTaken = new LongAdder();
    final LongAdder reportsRefused = new LongAdder();
    final LongAdder eventsSent = new LongAdder();
    final LongAdder batchesSent = new LongAdder();
    final LongAdder batchesFailed = new LongAdder();
    final LongAdder partitionsLost = new LongAdder();
    final LongAdder storageFailures = new LongAdder();

    final AtomicLong eventsBehind = new AtomicLong();
    final AtomicLong oldestAgeMillis = new AtomicLong();
    final AtomicLong partitionsHeld = new AtomicLong();
    final AtomicLong partitionsFailing = new AtomicLong();

    /** Events were stored beside the event writer. */
    public void stored(long events) {
        eventsStored.add(events);
    }

    public void trimmed(long events) {
        eventsTrimmed.add(events);
    }

    public void messagesTrimmed(long messages) {
        messagesTrimmed.add(messages);
    }

    /**
     * Names follow the Prometheus form without a prefix; those ending in {@code _total} only rise, the others are the
     * present state.
     */
    public void forEach(ObjLongConsumer<String> consumer) {
        consumer.accept("events_stored_total", eventsStored.sum());
        consumer.accept("events_refused_total", eventsRefused.sum());
        consumer.accept("events_failed_total", eventsFailed.sum());
        consumer.accept("events_trimmed_total", eventsTrimmed.sum());
        consumer.accept("messages_trimmed_total", messagesTrimmed.sum());
        consumer.accept("append_batches_total", appendBatches.sum());
        consumer.accept("append_retries_total", appendRetries.sum());
        consumer.accept("reports_taken_total", reportsTaken.sum());
        consumer.accept("reports_refused_total", reportsRefused.sum());
        consumer.accept("events_sent_total", eventsSent.sum());
        consumer.accept("batches_sent_total", batchesSent.sum());
        consumer.accept("batches_failed_total", batchesFailed.sum());
        consumer.accept("partitions_lost_total", partitionsLost.sum());
        consumer.accept("storage_failures_total", storageFailures.sum());
        consumer.accept("events_behind", eventsBehind.get());
        consumer.accept("oldest_age_millis", oldestAgeMillis.get());
        consumer.accept("partitions_held", partitionsHeld.get());
        consumer.accept("partitions_failing", partitionsFailing.get());
    }
}
