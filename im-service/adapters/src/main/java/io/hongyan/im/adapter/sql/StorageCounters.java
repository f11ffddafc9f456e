package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.send.Appended;
import io.hongyan.metrics.Histogram;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** What the storage counts. Names ending in {@code _total} only rise; the others are the present state. */
public final class StorageCounters {
    public final LongAdder commits = new LongAdder();
    /** From the first statement of a transaction until it is durable. */
    public final Histogram commitTimes = new Histogram();

    public final LongAdder commitFailures = new LongAdder();
    public final LongAdder writes = new LongAdder();
    public final LongAdder writeFailures = new LongAdder();
    public final LongAdder writeWaitNanos = new LongAdder();
    public final LongAdder writesRefused = new LongAdder();
    public final LongAdder deadlocks = new LongAdder();
    public final LongAdder lockTimeouts = new LongAdder();
    public final LongAdder transactionRetries = new LongAdder();
    final LongAdder drafts = new LongAdder();
    final LongAdder messages = new LongAdder();
    public final LongAdder inboxRows = new LongAdder();
    public final LongAdder fanOutSteps = new LongAdder();
    final LongAdder repeats = new LongAdder();
    /** Entries of a batch that were left to a worker because a database failed. */
    public final LongAdder arrivalsLeft = new LongAdder();

    public final LongAdder reads = new LongAdder();
    public final LongAdder readWaitNanos = new LongAdder();
    public final LongAdder readsRefused = new LongAdder();
    public final LongAdder checkpoints = new LongAdder();
    public final LongAdder checkpointNanos = new LongAdder();
    public final LongAdder checkpointFailures = new LongAdder();
    public final LongAdder writerPauses = new LongAdder();
    public final AtomicLong walBytes = new AtomicLong();
    public final AtomicLong waitingWrites = new AtomicLong();

    private final Map<String, LongSupplier> gauges = new LinkedHashMap<>();

    public StorageCounters() {}

    /** A present state that is asked for when it is wanted. Before the first {@link #values}. */
    public void gauge(String name, LongSupplier value) {
        gauges.put(name, value);
    }

    public void appended(List<Appended> results) {
        long stored = 0;
        long rows = 0;
        long again = 0;
        for (Appended result : results) {
            if (result instanceof Appended.Stored one) {
                stored++;
                rows += one.positions().size();
            } else if (result instanceof Appended.Repeated) {
                again++;
            }
        }
        drafts.add(results.size());
        messages.add(stored);
        inboxRows.add(rows);
        repeats.add(again);
    }

    /** How long transactions took until they were durable. */
    public Histogram commitTimes() {
        return commitTimes;
    }

    /**
     * All values by name, with labels where there are any. Those in nanoseconds or milliseconds say so at their end. {@code commits_total} counts transactions that were written and synced: each is one fsync of
     * the write-ahead log.
     */
    public Map<String, Long> values() {
        Map<String, Long> values = new LinkedHashMap<>();
        values.put("commits_total", commits.sum());
        values.put("commit_failures_total", commitFailures.sum());
        values.put("writes_total", writes.sum());
        values.put("write_failures_total", writeFailures.sum());
        values.put("write_wait_nanos_total", writeWaitNanos.sum());
        values.put("writes_refused_total", writesRefused.sum());
        values.put("transaction_retries_total", transactionRetries.sum());
        values.put("deadlocks_total", deadlocks.sum());
        values.put("lock_timeouts_total", lockTimeouts.sum());
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
        values.put("wal_bytes", walBytes.get());
        values.put("waiting_writes", waitingWrites.get());
        gauges.forEach((name, value) -> values.put(name, value.getAsLong()));
        return values;
    }
}
