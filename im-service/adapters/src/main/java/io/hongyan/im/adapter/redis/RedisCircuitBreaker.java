package io.hongyan.im.adapter.redis;

import java.util.function.LongSupplier;

/**
 * Saves callers from waiting for a service that does not answer: after a failure only one of them tries again, after a
 * pause; the others fail at once.
 */
final class RedisCircuitBreaker {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final LongSupplier nanos;
    private final long pauseNanos;

    private boolean open;
    private long tryAtNanos;
    private long recoveries;

    /** @param nanos a clock that only goes forward */
    RedisCircuitBreaker(LongSupplier nanos, long pauseMillis) {
        this.nanos = nanos;
        this.pauseNanos = pauseMillis * NANOS_PER_MILLI;
    }

    /** Whether to try; the caller must report the result. */
    synchronized boolean allows() {
        if (!open) {
            return true;
        }
        long now = nanos.getAsLong();
        if (now - tryAtNanos < 0) {
            return false;
        }
        tryAtNanos = now + pauseNanos;
        return true;
    }

    synchronized void succeeded() {
        if (open) {
            open = false;
            recoveries++;
        }
    }

    /** @return whether it was the first failure after a success */
    synchronized boolean failed() {
        boolean first = !open;
        open = true;
        tryAtNanos = nanos.getAsLong() + pauseNanos;
        return first;
    }

    synchronized boolean isOpen() {
        return open;
    }

    /** How often it has recovered. */
    synchronized long recoveries() {
        return recoveries;
    }
}
