package io.hongyan.im.app;

import io.hongyan.im.core.work.PeriodicTask;
import io.hongyan.runtime.FatalErrors;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs periodic tasks on its own threads. */
final class PeriodicTasks {
    private static final Logger LOG = LoggerFactory.getLogger(PeriodicTasks.class);
    /** More than one, so that trimming, which may take long, does not delay the others. */
    private static final int THREADS = 2;

    private final ScheduledThreadPoolExecutor executor;

    PeriodicTasks() {
        executor = new ScheduledThreadPoolExecutor(THREADS, work -> new Thread(work, "periodic"));
    }

    void start(List<PeriodicTask> tasks) {
        for (PeriodicTask task : tasks) {
            executor.scheduleWithFixedDelay(
                    FatalErrors.contain(() -> run(task), failure -> LOG.error("could not {}", task.name(), failure)),
                    task.periodMillis(),
                    task.periodMillis(),
                    TimeUnit.MILLISECONDS);
        }
    }

    private static void run(PeriodicTask task) {
        try {
            task.work().run();
        } catch (RuntimeException trouble) {
            LOG.warn("could not {}; will be tried again: {}", task.name(), trouble.toString());
        }
    }

    void close() throws InterruptedException {
        executor.shutdown();
        executor.awaitTermination(1, TimeUnit.SECONDS);
    }
}
