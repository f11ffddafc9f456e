package io.hongyan.im.core.inbox;

import io.hongyan.metrics.Histogram;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ObjLongConsumer;

/** What the way of messages from inboxes to devices counts. Any thread may add; whoever publishes metrics reads. */
public final class DeliveryCounters {
    public final LongAdder entriesPushed = new LongAdder();
    public final LongAdder groupEntriesPushed = new LongAdder();
    public final LongAdder groupPagesRead = new LongAdder();
    /** Large groups of which a connection gets no stream, because it has as many as it may have. */
    public final LongAdder groupStreamsLeftOut = new LongAdder();

    public final LongAdder groupCursorsWritten = new LongAdder();
    public final LongAdder entriesAcknowledged = new LongAdder();
    public final LongAdder inboxPagesRead = new LongAdder();
    public final LongAdder inboxReadsFailed = new LongAdder();
    public final LongAdder cursorsWritten = new LongAdder();
    public final LongAdder entriesTrimmed = new LongAdder();
    public final LongAdder headComparisons = new LongAdder();
    public final LongAdder streamsBehind = new LongAdder();

    /** From a message's storing to its acknowledgement by a device that was connected; sampled. */
    public final Histogram deliveryTimes = new Histogram();

    /** Names follow the Prometheus form without a prefix; every value only rises. */
    public void forEach(ObjLongConsumer<String> consumer) {
        consumer.accept("entries_pushed_total", entriesPushed.sum());
        consumer.accept("group_entries_pushed_total", groupEntriesPushed.sum());
        consumer.accept("group_pages_read_total", groupPagesRead.sum());
        consumer.accept("group_streams_left_out_total", groupStreamsLeftOut.sum());
        consumer.accept("group_cursors_written_total", groupCursorsWritten.sum());
        consumer.accept("entries_acknowledged_total", entriesAcknowledged.sum());
        consumer.accept("inbox_pages_read_total", inboxPagesRead.sum());
        consumer.accept("inbox_reads_failed_total", inboxReadsFailed.sum());
        consumer.accept("cursors_written_total", cursorsWritten.sum());
        consumer.accept("entries_trimmed_total", entriesTrimmed.sum());
        consumer.accept("head_comparisons_total", headComparisons.sum());
        consumer.accept("streams_behind_total", streamsBehind.sum());
    }
}
