package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.core.cluster.ProcessStall;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A process that can be made to fall asleep between any two steps. */
final class Sleeper {
    private static final long SLEEP_MILLIS = 4_000;

    private final AtomicLong nanos = new AtomicLong();
    private volatile boolean sleepy;
    private final ProcessStall processStall = new ProcessStall(
            () -> sleepy ? nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(SLEEP_MILLIS)) : nanos.get(),
            SLEEP_MILLIS - 1);

    ProcessStall processStall() {
        return processStall;
    }

    void whileSleepy(Runnable work) {
        sleepy = true;
        try {
            work.run();
        } finally {
            sleepy = false;
        }
    }
}
