package io.hongyan.broker.server;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A token bucket that is stored as the moment up to which it has been used (the generic cell rate algorithm). The limit
 * comes with each call, so that it can change. Safe for many threads.
 */
final class TokenBucket {
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final AtomicLong emptiedUntilNanos = new AtomicLong(Long.MIN_VALUE);

    /**
     * Takes tokens for something that has happened already; the bucket may go below empty.
     *
     * @param nowMillis of a clock that never jumps, not negative
     * @param perSecond above 0
     * @param burstSeconds how many seconds' tokens the bucket holds
     * @return milliseconds until the bucket is no longer below empty, 0 = it is not
     */
    int take(long nowMillis, long amount, int perSecond, int burstSeconds) {
        long now = nowMillis * NANOS_PER_MILLI;
        long cost = amount * NANOS_PER_SECOND / perSecond;
        long before;
        long after;
        do {
            before = emptiedUntilNanos.get();
            after = Math.max(before, now) + cost;
        } while (!emptiedUntilNanos.compareAndSet(before, after));
        long below = after - now - burstSeconds * NANOS_PER_SECOND;
        return below <= 0 ? 0 : (int) Math.min(Integer.MAX_VALUE, (below + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI);
    }

    /** Takes one token if there is one; otherwise returns false and takes nothing. */
    boolean tryTake(long nowMillis, int perSecond, int burstSeconds) {
        long now = nowMillis * NANOS_PER_MILLI;
        while (true) {
            long before = emptiedUntilNanos.get();
            long after = Math.max(before, now) + NANOS_PER_SECOND / perSecond;
            if (after - now > burstSeconds * NANOS_PER_SECOND) {
                return false;
            }
            if (emptiedUntilNanos.compareAndSet(before, after)) {
                return true;
            }
        }
    }

    /** Whether it equals a new one. */
    boolean isFull(long nowMillis) {
        return emptiedUntilNanos.get() <= nowMillis * NANOS_PER_MILLI;
    }
}
