package io.hongyan.im.core.metrics;

import io.hongyan.metrics.Histogram;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ObjLongConsumer;

/** What the core counts since it started. Any thread may add; whoever publishes metrics reads. */
public final class MessagingCounters {
    public final LongAdder sendsStored = new LongAdder();
    public final LongAdder sendsRepeated = new LongAdder();
    public final LongAdder sendsRefused = new LongAdder();
    public final LongAdder sendsFailed = new LongAdder();
    public final LongAdder sendsUnstorable = new LongAdder();
    public final LongAdder sendsLeft = new LongAdder();
    public final LongAdder appendBatches = new LongAdder();
    public final LongAdder appendRetries = new LongAdder();
    public final LongAdder appendsHalved = new LongAdder();
    public final LongAdder entriesPushed = new LongAdder();
    public final LongAdder groupEntriesPushed = new LongAdder();
    public final LongAdder groupPagesRead = new LongAdder();
    public final LongAdder groupCursorsWritten = new LongAdder();
    public final LongAdder entriesAcknowledged = new LongAdder();
    public final LongAdder inboxPagesRead = new LongAdder();
    public final LongAdder inboxReadsFailed = new LongAdder();
    public final LongAdder sessionsOpened = new LongAdder();
    public final LongAdder sessionsUnwanted = new LongAdder();
    public final LongAdder sessionsClosed = new LongAdder();
    public final LongAdder sessionsKicked = new LongAdder();
    public final LongAdder sessionsReplaced = new LongAdder();
    /** Ended because of an operator, or because the token has ended. */
    public final LongAdder sessionsThrownOut = new LongAdder();
    /** With a good token: the user is barred, or the token revoked, or the device comes back too soon. */
    public final LongAdder loginsRefused = new LongAdder();

    public final LongAdder cursorsWritten = new LongAdder();
    public final LongAdder marksWritten = new LongAdder();
    public final LongAdder marksDropped = new LongAdder();
    public final LongAdder receiptsSent = new LongAdder();
    public final LongAdder signalsSent = new LongAdder();
    public final LongAdder entriesTrimmed = new LongAdder();
    public final LongAdder headComparisons = new LongAdder();
    public final LongAdder streamsBehind = new LongAdder();

    public final LongAdder groupEntriesInline = new LongAdder();
    public final LongAdder groupEntriesByMarker = new LongAdder();
    public final LongAdder groupEntriesByStream = new LongAdder();
    public final LongAdder fanOutSteps = new LongAdder();
    public final LongAdder fanOutStepsFailed = new LongAdder();
    public final LongAdder fanOutEntries = new LongAdder();
    public final LongAdder fanOutRows = new LongAdder();
    public final LongAdder answersHeld = new LongAdder();
    /** Refused because too many entries of groups wait to come to their inboxes. */
    public final LongAdder sendsShed = new LongAdder();

    /** From a message's storing to its acknowledgement by a device that was connected; sampled. */
    public final Histogram deliveryTimes = new Histogram();

    /** Names follow the Prometheus form without a prefix; every value only rises. */
    public void forEach(ObjLongConsumer<String> consumer) {
        consumer.accept("sends_stored_total", sendsStored.sum());
        consumer.accept("sends_repeated_total", sendsRepeated.sum());
        consumer.accept("sends_refused_total", sendsRefused.sum());
        consumer.accept("sends_failed_total", sendsFailed.sum());
        consumer.accept("sends_unstorable_total", sendsUnstorable.sum());
        consumer.accept("sends_left_total", sendsLeft.sum());
        consumer.accept("append_batches_total", appendBatches.sum());
        consumer.accept("append_retries_total", appendRetries.sum());
        consumer.accept("appends_halved_total", appendsHalved.sum());
        consumer.accept("entries_pushed_total", entriesPushed.sum());
        consumer.accept("group_entries_pushed_total", groupEntriesPushed.sum());
        consumer.accept("group_pages_read_total", groupPagesRead.sum());
        consumer.accept("group_cursors_written_total", groupCursorsWritten.sum());
        consumer.accept("entries_acknowledged_total", entriesAcknowledged.sum());
        consumer.accept("inbox_pages_read_total", inboxPagesRead.sum());
        consumer.accept("inbox_reads_failed_total", inboxReadsFailed.sum());
        consumer.accept("sessions_opened_total", sessionsOpened.sum());
        consumer.accept("sessions_unwanted_total", sessionsUnwanted.sum());
        consumer.accept("sessions_closed_total", sessionsClosed.sum());
        consumer.accept("sessions_kicked_total", sessionsKicked.sum());
        consumer.accept("sessions_replaced_total", sessionsReplaced.sum());
        consumer.accept("sessions_thrown_out_total", sessionsThrownOut.sum());
        consumer.accept("logins_refused_total", loginsRefused.sum());
        consumer.accept("cursors_written_total", cursorsWritten.sum());
        consumer.accept("marks_written_total", marksWritten.sum());
        consumer.accept("marks_dropped_total", marksDropped.sum());
        consumer.accept("receipts_sent_total", receiptsSent.sum());
        consumer.accept("signals_sent_total", signalsSent.sum());
        consumer.accept("entries_trimmed_total", entriesTrimmed.sum());
        consumer.accept("head_comparisons_total", headComparisons.sum());
        consumer.accept("streams_behind_total", streamsBehind.sum());
        consumer.accept("group_entries_inline_total", groupEntriesInline.sum());
        consumer.accept("group_entries_by_marker_total", groupEntriesByMarker.sum());
        consumer.accept("group_entries_by_stream_total", groupEntriesByStream.sum());
        consumer.accept("fan_out_steps_total", fanOutSteps.sum());
        consumer.accept("fan_out_steps_failed_total", fanOutStepsFailed.sum());
        consumer.accept("fan_out_entries_total", fanOutEntries.sum());
        consumer.accept("fan_out_rows_total", fanOutRows.sum());
        consumer.accept("answers_held_total", answersHeld.sum());
        consumer.accept("sends_shed_total", sendsShed.sum());
    }
}
