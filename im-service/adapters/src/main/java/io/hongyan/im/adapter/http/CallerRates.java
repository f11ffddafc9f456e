package io.hongyan.im.adapter.http;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How often each caller asks: a bucket with the requests of one second, stored as the moment up to which it has been used (the
 * generic cell rate algorithm). Safe for many threads.
 */
final class CallerRates {
    private static final long SECOND_NANOS = 1_000_000_000;
    private static final int SWEPT_FROM = 1_024;

    private final LongSupplier nanoTime;
    /** Those who have asked within the last second, and some whose bucket is full again. */
    private final Map<String, Long> usedUntil = new HashMap<>();

    private int sweptAt = SWEPT_FROM;
    private long refused;

    CallerRates(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Takes a request from the bucket, if there is one.
     *
     * @param perSecondMax 0 = no limit
     */
    synchronized boolean take(String caller, int perSecondMax) {
        if (perSecondMax == 0) {
            return true;
        }
        long now = nanoTime.getAsLong();
        Long before = usedUntil.get(caller);
        long used = SECOND_NANOS / perSecondMax + (before == null ? 0 : Math.max(0, before - now));
        if (used > SECOND_NANOS) {
            refused++;
            return false;
        }
        if (before == null) {
            sweep(now);
        }
        usedUntil.put(caller, now + used);
        return true;
    }

    private void sweep(long now) {
        if (usedUntil.size() >= sweptAt) {
            usedUntil.values().removeIf(until -> until - now <= 0);
            sweptAt = Math.max(SWEPT_FROM, 2 * usedUntil.size());
        }
    }

    synchronized long refused() {
        return refused;
    }

    synchronized int size() {
        return usedUntil.size();
    }
}
