package io.hongyan.im.adapter.auth;

import java.util.function.LongSupplier;

/**
 * Stops asking a service that has failed several times in a row; after a pause, which doubles, one request tries it
 * again.
 */
final class CircuitBreaker {
    static final int FAILURES_MAX = 5;
    static final long PAUSE_MILLIS_MIN = 1_000;
    private static final int DOUBLINGS_MAX = 5;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final LongSupplier nanoTime;
    private int failures;
    private long tryAt;
    /** Whether that one request is pending. */
    private boolean trying;

    CircuitBreaker(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Whether to ask; the caller must report the result. */
    synchronized boolean allows() {
        if (failures < FAILURES_MAX) {
            return true;
        }
        long now = nanoTime.getAsLong();
        if (now - tryAt < 0) {
            return false;
        }
        pauseFrom(now);
        trying = true;
        return true;
    }

    synchronized void succeeded() {
        failures = 0;
        trying = false;
    }

    /**
     * Requests that were pending when it opened give no new information: they do not make the pause longer.
     *
     * @return whether it opens with this failure
     */
    synchronized boolean failed() {
        if (failures >= FAILURES_MAX && !trying) {
            return false;
        }
        trying = false;
        failures++;
        pauseFrom(nanoTime.getAsLong());
        return failures == FAILURES_MAX;
    }

    private void pauseFrom(long now) {
        int doublings = Math.min(DOUBLINGS_MAX, Math.max(0, failures - FAILURES_MAX));
        tryAt = now + (PAUSE_MILLIS_MIN << doublings) * NANOS_PER_MILLI;
    }
}
