package io.hongyan.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Watches the threads that a service depends on: threads that must not end, and threads that must keep running tasks,
 * such as event loops and timers. A thread calls {@link #look} periodically; readiness asks {@link #obstacles}, which
 * also notices when that stops. Safe for many threads.
 */
public final class ThreadWatch {
    /** How often to call {@link #look}. */
    public static final int LOOK_MILLIS = 500;

    private static final long LOOK_MILLIS_MAX = 30_000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final LongSupplier nanoTime;
    private final List<Watched> watched = new CopyOnWriteArrayList<>();
    private volatile long lastLookNanos;
    private volatile boolean looking;

    /** @param nanoTime a clock that never jumps */
    public ThreadWatch(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Adds a thread that must not end; if it has ended, that is an obstacle at once. */
    public void mustLive(String name, BooleanSupplier alive) {
        watched.add(new Watched(name + " has died", () -> !alive.getAsBoolean(), null));
    }

    /**
     * Adds something that must run regularly.
     *
     * @param silentMillis for how long it has not run
     * @param silentMillisMax longer is an obstacle
     */
    public void mustTurn(String name, LongSupplier silentMillis, long silentMillisMax) {
        watched.add(new Watched(name + " is stuck", () -> silentMillis.getAsLong() > silentMillisMax, null));
    }

    /** Adds an executor that must run a task within the time; one that is shut down is ignored. */
    public void mustRun(String name, Executor executor, long millisMax) {
        Beat beat = new Beat(executor);
        watched.add(new Watched(name + " is stuck", () -> beat.silentMillis() > millisMax, beat));
    }

    /** Gives each executor a task. */
    public void look() {
        looking = true;
        lastLookNanos = nanoTime.getAsLong();
        for (Watched one : watched) {
            if (one.beat != null) {
                one.beat.post();
            }
        }
    }

    /** What is wrong now, one sentence each; empty = nothing. */
    public List<String> obstacles() {
        List<String> found = new ArrayList<>();
        if (looking && nanoTime.getAsLong() - lastLookNanos > LOOK_MILLIS_MAX * NANOS_PER_MILLI) {
            found.add("The threads are not watched any more.");
        }
        for (Watched one : watched) {
            if (one.bad.getAsBoolean()) {
                found.add("A thread the server depends on is missing: " + one.what + '.');
            }
        }
        return found;
    }

    /** @param beat null = no task is posted */
    private record Watched(String what, BooleanSupplier bad, Beat beat) {}

    /** At most one task in an executor; its age is how long the executor has not run it. */
    private final class Beat implements Runnable {
        private final Executor executor;
        private volatile boolean posted;
        private volatile long postedNanos;

        Beat(Executor executor) {
            this.executor = executor;
        }

        void post() {
            if (posted) {
                return;
            }
            postedNanos = nanoTime.getAsLong();
            posted = true;
            try {
                executor.execute(this);
            } catch (RejectedExecutionException full) {
                // Its queue is full, or it is shut down: neither means that it is stuck.
                posted = false;
            }
        }

        @Override
        public void run() {
            posted = false;
        }

        long silentMillis() {
            return posted ? (nanoTime.getAsLong() - postedNanos) / NANOS_PER_MILLI : 0;
        }
    }
}
