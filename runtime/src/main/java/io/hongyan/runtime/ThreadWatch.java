package io.hongyan.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Watches the threads that a service depends on: those that may not end, and those that must come round in time, such as event
 * loops and timers. {@link #look} is to be called every so often by a thread of its own; readiness asks {@link #obstacles},
 * which also notices that nobody looks. Safe for many threads.
 */
public final class ThreadWatch {
    /** How often {@link #look} is to be called. */
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

    /** One that must not end; an ended one is an obstacle at once. */
    public void mustLive(String name, BooleanSupplier alive) {
        watched.add(new Watched(name + " has died", () -> !alive.getAsBoolean(), null));
    }

    /**
     * One that must come round.
     *
     * @param silentMillis for how long it has not
     * @param silentMillisMax longer is an obstacle
     */
    public void mustTurn(String name, LongSupplier silentMillis, long silentMillisMax) {
        watched.add(new Watched(name + " does not turn", () -> silentMillis.getAsLong() > silentMillisMax, null));
    }

    /** One that must run what it is given within the time; an executor that is shut down is passed over. */
    public void mustRun(String name, Executor executor, long millisMax) {
        Beat beat = new Beat(executor);
        watched.add(new Watched(name + " does not turn", () -> beat.silentMillis() > millisMax, beat));
    }

    /** Gives each executor something to run. */
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
            found.add("Threads are not watched any more.");
        }
        for (Watched one : watched) {
            if (one.bad.getAsBoolean()) {
                found.add("A thread the server depends on is missing: " + one.what + '.');
            }
        }
        return found;
    }

    /** @param beat null where nothing is to be posted */
    private record Watched(String what, BooleanSupplier bad, Beat beat) {}

    /** At most one task under way in an executor; its age is how long the executor has not come round. */
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
                // Full of work that it does, or shut down: neither says that it stands.
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
