package io.hongyan.bench.load;

import org.HdrHistogram.Histogram;

/**
 * Counts of one loop. Latencies are those of messages meant to be sent within the measured time, whenever they finish;
 * rates are of what finished within it.
 */
final class LoadStats {
    private static final long LATENCY_NANOS_MAX = 3_600_000_000_000L;
    private static final long LATENCY_NANOS_MIN = 1_000L;
    private static final int DIGITS = 3;

    private final Histogram pubAckNanos = new Histogram(LATENCY_NANOS_MIN, LATENCY_NANOS_MAX, DIGITS);
    private final Histogram endToEndNanos = new Histogram(LATENCY_NANOS_MIN, LATENCY_NANOS_MAX, DIGITS);
    private final Histogram lateNanos = new Histogram(LATENCY_NANOS_MIN, LATENCY_NANOS_MAX, DIGITS);
    private final Timeline timeline = new Timeline();
    private long windowStartNanos = Long.MAX_VALUE;
    private long windowEndNanos = Long.MAX_VALUE;
    private long sent;
    private long acknowledged;
    private long received;
    private long acknowledgedInWindow;
    private long receivedInWindow;
    private long duplicates;
    private long outOfOrder;
    private long unreadable;
    private long inboxGaps;
    private long refused;

    void measureBetween(long startNanos, long endNanos) {
        windowStartNanos = startNanos;
        windowEndNanos = endNanos;
    }

    void sent(long intendedNanos, long nowNanos) {
        sent++;
        if (inWindow(intendedNanos)) {
            lateNanos.recordValue(latency(intendedNanos, nowNanos));
        }
    }

    void acknowledged(long intendedNanos, long nowNanos) {
        acknowledged++;
        if (inWindow(nowNanos)) {
            acknowledgedInWindow++;
        }
        if (inWindow(intendedNanos)) {
            long latency = latency(intendedNanos, nowNanos);
            pubAckNanos.recordValue(latency);
            timeline.record(intendedNanos - windowStartNanos, latency);
        }
    }

    void received(long intendedNanos, long nowNanos) {
        received++;
        if (inWindow(nowNanos)) {
            receivedInWindow++;
        }
        if (inWindow(intendedNanos)) {
            endToEndNanos.recordValue(latency(intendedNanos, nowNanos));
        }
    }

    void duplicate() {
        duplicates++;
    }

    void outOfOrder() {
        outOfOrder++;
    }

    void unreadable() {
        unreadable++;
    }

    void inboxGap() {
        inboxGaps++;
    }

    void refused() {
        refused++;
    }

    long sentCount() {
        return sent;
    }

    long acknowledgedCount() {
        return acknowledged;
    }

    long receivedCount() {
        return received;
    }

    /** Adds these figures to others. */
    void addTo(LoadStats sum) {
        sum.pubAckNanos.add(pubAckNanos);
        sum.endToEndNanos.add(endToEndNanos);
        sum.lateNanos.add(lateNanos);
        sum.timeline.add(timeline);
        sum.sent += sent;
        sum.acknowledged += acknowledged;
        sum.received += received;
        sum.acknowledgedInWindow += acknowledgedInWindow;
        sum.receivedInWindow += receivedInWindow;
        sum.duplicates += duplicates;
        sum.outOfOrder += outOfOrder;
        sum.unreadable += unreadable;
        sum.inboxGaps += inboxGaps;
        sum.refused += refused;
    }

    PairFigures.LoadSums sums() {
        return new PairFigures.LoadSums(
                sent,
                acknowledged,
                received,
                acknowledgedInWindow,
                receivedInWindow,
                new PairFigures.Faults(duplicates, outOfOrder, unreadable, inboxGaps, refused),
                new PairFigures.Times(pubAckNanos, endToEndNanos, lateNanos));
    }

    Timeline timeline() {
        return timeline;
    }

    private boolean inWindow(long nanos) {
        return nanos >= windowStartNanos && nanos < windowEndNanos;
    }

    private static long latency(long fromNanos, long toNanos) {
        return Math.min(Math.max(toNanos - fromNanos, 0), LATENCY_NANOS_MAX);
    }
}
