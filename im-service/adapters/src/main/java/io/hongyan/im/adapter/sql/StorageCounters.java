package io.hongyan.im.adapter.sql;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What the storage counts. Names ending in {@code _total} only rise; the others are the present state. */
public final class StorageCounters {
    final LongAdder commits = new LongAdder();
    final LongAdder commitNanos = new LongAdder();
    final LongAdder commitFailures = new LongAdder();
    final LongAdder writes = new LongAdder();
    final LongAdder writeFailures = new LongAdder();
    final LongAdder writeWaitNanos = new LongAdder();
    final LongAdder writesRefused = new LongAdder();
    final LongAdder drafts = new LongAdder();
    final LongAdder messages = new LongAdder();
    final LongAdder inboxRows = new LongAdder();
    final LongAdder fanOutSteps = new LongAdder();
    final LongAdder repeats = new LongAdder();
    final LongAdder reads = new LongAdder();
    final LongAdder readWaitNanos = new LongAdder();
    final LongAdder readsRefused = new LongAdder();
    final LongAdder checkpoints = new LongAdder();
    final LongAdder checkpointNanos = new LongAdder();
    final LongAdder checkpointFailures = new LongAdder();
    final LongAdder writerPauses = new LongAdder();
    final AtomicLong walPages = new AtomicLong();
    final AtomicLong waitingWrites = new AtomicLong();

    StorageCounters() {}

    /**
     * All values by name. {@code commits_total} counts transactions that were written and synced: each is one fsync of
     * the write-ahead log.
     */
    public Map<String, Long> values() {
        Map<String, Long> values = new LinkedHashMap<>();
        values.put("commits_total", commits.sum());
        values.put("commit_nanos_total", commitNanos.sum());
        values.put("commit_failures_total", commitFailures.sum());
        values.put("writes_total", writes.sum());
        values.put("write_failures_total", writeFailures.sum());
        values.put("write_wait_nanos_total", writeWaitNanos.sum());
        values.put("writes_refused_total", writesRefused.sum());
        values.put("drafts_total", drafts.sum());
        values.put("messages_total", messages.sum());
        values.put("inbox_rows_total", inboxRows.sum());
        values.put("fan_out_steps_total", fanOutSteps.sum());
        values.put("repeats_total", repeats.sum());
        values.put("reads_total", reads.sum());
        values.put("read_wait_nanos_total", readWaitNanos.sum());
        values.put("reads_refused_total", readsRefused.sum());
        values.put("checkpoints_total", checkpoints.sum());
        values.put("checkpoint_nanos_total", checkpointNanos.sum());
        values.put("checkpoint_failures_total", checkpointFailures.sum());
        values.put("writer_pauses_total", writerPauses.sum());
        values.put("wal_pages", walPages.get());
        values.put("waiting_writes", waitingWrites.get());
        return values;
    }
}
