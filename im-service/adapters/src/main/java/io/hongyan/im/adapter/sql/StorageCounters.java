package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.send.Appended;
import io.hongyan.metrics.Counters;
import io.hongyan.metrics.Histogram;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** What the storage counts and measures, and its present state. */
public final class StorageCounters extends Counters<StorageCounter> {
    /** From the first statement of a transaction until it is durable. */
    public final Histogram commitTimes = new Histogram();

    public final AtomicLong walBytes = new AtomicLong();
    public final AtomicLong waitingWrites = new AtomicLong();

    private final Map<String, LongSupplier> gauges = new LinkedHashMap<>();

    public StorageCounters() {
        super(StorageCounter.class);
        gauge("wal_bytes", walBytes::get);
        gauge("waiting_writes", waitingWrites::get);
    }

    /** A present state that is asked for when it is wanted. Before the first {@link #gauges}. */
    public void gauge(String name, LongSupplier value) {
        gauges.put(name, value);
    }

    /** The present state by name, with labels where there are any; what is in milliseconds says so at its end. */
    public Map<String, Long> gauges() {
        Map<String, Long> values = new LinkedHashMap<>();
        gauges.forEach((name, value) -> values.put(name, value.getAsLong()));
        return values;
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
        add(StorageCounter.DRAFTS, results.size());
        add(StorageCounter.MESSAGES, stored);
        add(StorageCounter.INBOX_ROWS, rows);
        add(StorageCounter.REPEATS, again);
    }

    /** How long transactions took until they were durable. */
    public Histogram commitTimes() {
        return commitTimes;
    }
}
