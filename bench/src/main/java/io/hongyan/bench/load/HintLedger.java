package io.hongyan.bench.load;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;

/** For each user who is away: when the first message to them was acknowledged, and when their hint came. Safe for many
 * threads. */
public final class HintLedger {
    private static final long NANOS_MAX = 3_600_000_000_000L;
    private static final int DIGITS = 3;
    private static final long NEVER = 0;

    private final AtomicLongArray firstNanos;
    private final AtomicLongArray hintNanos;
    private final LongAdder acknowledged = new LongAdder();
    private final LongAdder hinted = new LongAdder();
    private final LongAdder doubled = new LongAdder();
    private final LongAdder wrong = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private volatile int expectedUndelivered;

    public HintLedger(HintPlan plan) {
        firstNanos = new AtomicLongArray(plan.users());
        hintNanos = new AtomicLongArray(plan.users());
    }

    void acknowledged(int user, long nanos) {
        firstNanos.compareAndSet(user, NEVER, nanos);
        acknowledged.increment();
    }

    void refused() {
        refused.increment();
    }

    /** From here on a hint must name so many messages. */
    public void expect(int undelivered) {
        expectedUndelivered = undelivered;
    }

    /** A hint has come. */
    public void hinted(int user, int undelivered, long nanos) {
        if (user < 0 || undelivered != expectedUndelivered) {
            wrong.increment();
        }
        if (user < 0) {
            return;
        }
        if (hintNanos.compareAndSet(user, NEVER, nanos)) {
            hinted.increment();
        } else {
            doubled.increment();
        }
    }

    public long acknowledgedCount() {
        return acknowledged.sum();
    }

    /** Users whose hint has come. */
    public long hintedCount() {
        return hinted.sum();
    }

    public long doubledCount() {
        return doubled.sum();
    }

    /** Hints for unknown users, or with a wrong number of messages. */
    public long wrongCount() {
        return wrong.sum();
    }

    public long refusedCount() {
        return refused.sum();
    }

    /** From the moment at which hints were due until they came. */
    public Histogram lateNanos(long delayNanos) {
        Histogram late = new Histogram(NANOS_MAX, DIGITS);
        for (int user = 0; user < hintNanos.length(); user++) {
            if (hintNanos.get(user) != NEVER) {
                long due = firstNanos.get(user) + delayNanos;
                late.recordValue(Math.min(NANOS_MAX, Math.max(0, hintNanos.get(user) - due)));
            }
        }
        return late;
    }

    /** From the first hint to the last one. */
    public long spreadNanos() {
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        for (int user = 0; user < hintNanos.length(); user++) {
            long at = hintNanos.get(user);
            if (at != NEVER) {
                first = Math.min(first, at);
                last = Math.max(last, at);
            }
        }
        return Math.max(0, last - first);
    }
}
