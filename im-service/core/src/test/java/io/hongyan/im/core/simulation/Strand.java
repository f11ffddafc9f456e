package io.hongyan.im.core.simulation;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Work on a stack of its own, so that it can stand still inside a call while others run. Never runs beside the
 * scheduler: {@link #run} returns at the next pause or at the end.
 */
final class Strand {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final long STUCK_SECONDS = 20;
    private static final ExecutorService STACKS = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "strand");
        thread.setDaemon(true);
        return thread;
    });

    private final Life life;
    private final Runnable work;
    private final Semaphore go = new Semaphore(0);
    private final Semaphore back = new Semaphore(0);
    private Thread thread;
    private Throwable failure;
    private boolean abandoned;

    Strand(Life life, Runnable work) {
        this.life = life;
        this.work = work;
    }

    void run() {
        if (thread == null) {
            STACKS.execute(this::runOnOwnStack);
        } else {
            go.release();
        }
        awaitPauseOrEnd();
        if (failure instanceof RuntimeException thrown) {
            throw thrown;
        }
        if (failure instanceof Error thrown) {
            throw thrown;
        }
    }

    private void runOnOwnStack() {
        thread = Thread.currentThread();
        try {
            work.run();
        } catch (Life.Killed end) {
            // as it should be
        } catch (Throwable thrown) {
            failure = thrown;
        } finally {
            back.release();
        }
    }

    private void awaitPauseOrEnd() {
        try {
            if (!back.tryAcquire(STUCK_SECONDS, TimeUnit.SECONDS)) {
                AssertionError stuck = new AssertionError("a strand hangs");
                if (thread != null) {
                    stuck.setStackTrace(thread.getStackTrace());
                }
                throw stuck;
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Called on the strand's own stack. */
    void pause() {
        back.release();
        go.acquireUninterruptibly();
        if (abandoned || !life.alive()) {
            throw new Life.Killed();
        }
    }

    /** Called on the strand's own stack. */
    boolean holdsLocks() {
        long[] self = {thread.getId()};
        return THREADS.getThreadInfo(self, true, false)[0].getLockedMonitors().length > 0;
    }

    void abandon() {
        abandoned = true;
    }
}
