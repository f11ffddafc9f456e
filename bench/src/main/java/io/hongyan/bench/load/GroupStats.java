package io.hongyan.bench.load;

import org.HdrHistogram.Histogram;

/** Counts of one loop for a load on groups: each delivery, and when the last reader of a message had it. */
final class GroupStats {
    private static final long LATENCY_NANOS_MAX = 3_600_000_000_000L;
    private static final int DIGITS = 3;

    final LoadStats load = new LoadStats();
    final Histogram lastNanos = new Histogram(LATENCY_NANOS_MAX, DIGITS);
    long gaps;
    private long windowStartNanos = Long.MAX_VALUE;
    private long windowEndNanos = Long.MAX_VALUE;

    void measureBetween(long startNanos, long endNanos) {
        load.measureBetween(startNanos, endNanos);
        windowStartNanos = startNanos;
        windowEndNanos = endNanos;
    }

    /** All readers have it now. */
    void complete(long intendedNanos, long nowNanos) {
        if (intendedNanos >= windowStartNanos && intendedNanos < windowEndNanos) {
            lastNanos.recordValue(Math.min(LATENCY_NANOS_MAX, Math.max(0, nowNanos - intendedNanos)));
        }
    }

    void addTo(GroupStats sum) {
        load.addTo(sum.load);
        sum.lastNanos.add(lastNanos);
        sum.gaps += gaps;
    }
}
