package io.hongyan.bench.load;

import org.HdrHistogram.Histogram;

/** Counts of one loop for logins and the ends of older ones; latencies are of logins within the measured time. */
final class KickStats {
    private static final long NANOS_MIN = 1_000L;
    private static final long NANOS_MAX = 3_600_000_000_000L;
    private static final int DIGITS = 3;

    final Histogram connAckNanos = new Histogram(NANOS_MIN, NANOS_MAX, DIGITS);
    final Histogram toldNanos = new Histogram(NANOS_MIN, NANOS_MAX, DIGITS);
    final Histogram closedNanos = new Histogram(NANOS_MIN, NANOS_MAX, DIGITS);
    final Histogram lateNanos = new Histogram(NANOS_MIN, NANOS_MAX, DIGITS);
    long loginsInWindow;
    long logins;
    long refused;
    /** Ended before they were answered, while another login of the same user was pending or accepted. */
    long overtaken;

    long endedAlone;
    String firstFailure = "";
    private long startNanos = Long.MAX_VALUE;
    private long endNanos = Long.MAX_VALUE;

    void measureBetween(long start, long end) {
        startNanos = start;
        endNanos = end;
    }

    void began(long intended, long now) {
        if (inWindow(intended)) {
            record(lateNanos, now - intended);
        }
    }

    void loggedIn(long intended, long now) {
        logins++;
        if (inWindow(now)) {
            loginsInWindow++;
        }
        if (inWindow(intended)) {
            record(connAckNanos, now - intended);
        }
    }

    /** Time from the CONNACK of the newer login until the older connection was told to end. */
    void told(long newer, long now) {
        if (inWindow(newer)) {
            record(toldNanos, now - newer);
        }
    }

    void closed(long newer, long now) {
        if (inWindow(newer)) {
            record(closedNanos, now - newer);
        }
    }

    void refused(String why) {
        refused++;
        failure(why);
    }

    /** A connection ended although its user had not logged in again. */
    void endedAlone(String why) {
        endedAlone++;
        failure(why);
    }

    private void failure(String why) {
        if (firstFailure.isEmpty()) {
            firstFailure = why;
        }
    }

    void addTo(KickStats sum) {
        sum.connAckNanos.add(connAckNanos);
        sum.toldNanos.add(toldNanos);
        sum.closedNanos.add(closedNanos);
        sum.lateNanos.add(lateNanos);
        sum.loginsInWindow += loginsInWindow;
        sum.logins += logins;
        sum.refused += refused;
        sum.overtaken += overtaken;
        sum.endedAlone += endedAlone;
        sum.failure(firstFailure);
    }

    private boolean inWindow(long nanos) {
        return nanos >= startNanos && nanos < endNanos;
    }

    private static void record(Histogram histogram, long nanos) {
        histogram.recordValue(Math.min(Math.max(nanos, 0), NANOS_MAX));
    }
}
