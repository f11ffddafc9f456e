package io.hongyan.metrics;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;

/**
 * How long something took, counted in fixed buckets from 100 microseconds to 30 seconds. Any thread may record: nothing is
 * allocated and no lock is taken.
 */
public final class Histogram {
    private static final long MICROSECOND = 1_000;

    private static final long[] BOUNDS_NANOS = LongStream.of(
                    100,
                    250,
                    500,
                    1_000,
                    2_500,
                    5_000,
                    10_000,
                    25_000,
                    50_000,
                    100_000,
                    250_000,
                    500_000,
                    1_000_000,
                    2_500_000,
                    5_000_000,
                    10_000_000,
                    30_000_000)
            .map(micros -> micros * MICROSECOND)
            .toArray();

    private final LongAdder[] buckets = new LongAdder[BOUNDS_NANOS.length + 1];
    private final LongAdder sumNanos = new LongAdder();

    public Histogram() {
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] = new LongAdder();
        }
    }

    /**
     * The values recorded so far. While others record, the sum may be a few values ahead of the counts.
     *
     * @param counts how many values were above the previous bound and not above this one; the last: above all bounds
     */
    public record Snapshot(List<Long> counts, long sumNanos) {
        public long count() {
            return counts.stream().mapToLong(Long::longValue).sum();
        }
    }

    /** Upper bounds of the buckets but the last, which has none. */
    public static long[] boundsNanos() {
        return BOUNDS_NANOS.clone();
    }

    /** @param nanos a value below 0, as two clocks may give, counts as 0 */
    public void record(long nanos) {
        long took = Math.max(0, nanos);
        int bucket = 0;
        while (bucket < BOUNDS_NANOS.length && took > BOUNDS_NANOS[bucket]) {
            bucket++;
        }
        buckets[bucket].increment();
        sumNanos.add(took);
    }

    public Snapshot snapshot() {
        return new Snapshot(List.of(buckets).stream().map(LongAdder::sum).toList(), sumNanos.sum());
    }
}
