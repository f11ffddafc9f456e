package io.hongyan.im.core.send;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.ObjLongConsumer;

/** What the way of messages into the log and to inboxes counts. Any thread may add; whoever publishes metrics reads. */
public final class SendCounters {
    public final LongAdder sendsStored = new LongAdder();
    public final LongAdder sendsRepeated = new LongAdder();
    public final LongAdder sendsRefused = new LongAdder();
    public final LongAdder sendsFailed = new LongAdder();
    /** Of the failed ones: too much of the same sender waited already. */
    public final LongAdder sendsOverShare = new LongAdder();

    public final LongAdder sendsUnstorable = new LongAdder();
    public final LongAdder sendsLeft = new LongAdder();
    public final LongAdder appendBatches = new LongAdder();
    public final LongAdder appendRetries = new LongAdder();
    public final LongAdder appendsHalved = new LongAdder();
    public final LongAdder groupEntriesInline = new LongAdder();
    public final LongAdder groupEntriesByMarker = new LongAdder();
    public final LongAdder groupEntriesByStream = new LongAdder();
    public final LongAdder fanOutSteps = new LongAdder();
    public final LongAdder fanOutStepsFailed = new LongAdder();
    public final LongAdder fanOutEntries = new LongAdder();
    public final LongAdder fanOutRows = new LongAdder();
    public final LongAdder answersHeld = new LongAdder();
    /** Refused because too many entries of the group or the sender wait to come to inboxes. */
    public final LongAdder sendsShed = new LongAdder();

    public final LongAdder sendsNoted = new LongAdder();
    final ChangeCounters changes = new ChangeCounters();

    /** Names follow the Prometheus form without a prefix; every value only rises. */
    public void forEach(ObjLongConsumer<String> consumer) {
        consumer.accept("sends_stored_total", sendsStored.sum());
        consumer.accept("sends_repeated_total", sendsRepeated.sum());
        consumer.accept("sends_refused_total", sendsRefused.sum());
        consumer.accept("sends_failed_total", sendsFailed.sum());
        consumer.accept("sends_over_share_total", sendsOverShare.sum());
        consumer.accept("sends_unstorable_total", sendsUnstorable.sum());
        consumer.accept("sends_left_total", sendsLeft.sum());
        consumer.accept("append_batches_total", appendBatches.sum());
        consumer.accept("append_retries_total", appendRetries.sum());
        consumer.accept("appends_halved_total", appendsHalved.sum());
        consumer.accept("group_entries_inline_total", groupEntriesInline.sum());
        consumer.accept("group_entries_by_marker_total", groupEntriesByMarker.sum());
        consumer.accept("group_entries_by_stream_total", groupEntriesByStream.sum());
        consumer.accept("fan_out_steps_total", fanOutSteps.sum());
        consumer.accept("fan_out_steps_failed_total", fanOutStepsFailed.sum());
        consumer.accept("fan_out_entries_total", fanOutEntries.sum());
        consumer.accept("fan_out_rows_total", fanOutRows.sum());
        consumer.accept("answers_held_total", answersHeld.sum());
        consumer.accept("sends_shed_total", sendsShed.sum());
        consumer.accept("sends_noted_total", sendsNoted.sum());
        changes.forEach(consumer);
    }
}
