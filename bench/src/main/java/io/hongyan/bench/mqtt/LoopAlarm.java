package io.hongyan.bench.mqtt;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Wakes a loop at a time between two milliseconds, which a selector's own time-out cannot do. Owns a thread that sleeps
 * otherwise; the thread starts with the first {@link #ringAt}.
 */
final class LoopAlarm {
    private final LongSupplier nanoClock;
    private final Runnable bell;
    private final AtomicLong dueNanos = new AtomicLong(TurnTask.NOT_DUE);
    private Thread thread;
    private volatile boolean stopped;

    LoopAlarm(LongSupplier nanoClock, Runnable bell) {
        this.nanoClock = nanoClock;
        this.bell = bell;
    }

    /** Wakes once at that time; replaces an earlier time. Called by the loop's thread. */
    void ringAt(long nanos) {
        long before = dueNanos.getAndSet(nanos);
        if (thread == null) {
            thread = new Thread(this::sleepAndRing, "bench-alarm");
            thread.setDaemon(true);
            thread.start();
        } else if (nanos < before) {
            LockSupport.unpark(thread);
        }
    }

    void stop() {
        stopped = true;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }

    private void sleepAndRing() {
        while (!stopped) {
            long due = dueNanos.get();
            if (due == TurnTask.NOT_DUE) {
                LockSupport.park(this);
                continue;
            }
            long left = due - nanoClock.getAsLong();
            if (left > 0) {
                LockSupport.parkNanos(this, left);
            } else if (dueNanos.compareAndSet(due, TurnTask.NOT_DUE)) {
                bell.run();
            }
        }
    }
}
