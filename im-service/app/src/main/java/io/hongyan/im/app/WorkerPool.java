package io.hongyan.im.app;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads for blocking work; refuses what exceeds its queue. */
final class WorkerPool implements Executor {
    private static final long IDLE_SECONDS = 60;

    private final AtomicInteger threads = new AtomicInteger();
    private final ThreadPoolExecutor executor;

    WorkerPool(int threadsMax, int waitingMax) {
        executor = new ThreadPoolExecutor(
                threadsMax,
                threadsMax,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(waitingMax),
                work -> new Thread(work, "work-" + threads.incrementAndGet()));
        executor.allowCoreThreadTimeOut(true);
    }

    @Override
    public void execute(Runnable work) {
        executor.execute(work);
    }

    /** Ends when accepted work is done, at most after so long. */
    void close(long millisMax) throws InterruptedException {
        executor.shutdown();
        if (!executor.awaitTermination(millisMax, TimeUnit.MILLISECONDS)) {
            executor.shutdownNow();
        }
    }
}
