package io.hongyan.im.adapter.sql.sqlite;

import io.hongyan.im.adapter.sql.StorageCounter;
import io.hongyan.im.adapter.sql.StorageCounters;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.runtime.FatalErrors;
import io.hongyan.runtime.ThreadWatch;
import java.sql.SQLException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread of a {@link Checkpointer}. */
final class CheckpointDriver implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CheckpointDriver.class);
    private static final long PERIOD_MILLIS = 100;
    /** A checkpoint that takes longer is not one any more. */
    private static final long CHECKPOINT_MILLIS_MAX = 60_000;

    private final Checkpointer checkpointer;
    private final StorageCounters counters;
    private final ScheduledExecutorService thread;

    CheckpointDriver(Checkpointer checkpointer, StorageCounters counters) {
        this.checkpointer = checkpointer;
        this.counters = counters;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "hongyan-checkpoint");
            made.setDaemon(true);
            return made;
        });
        thread.scheduleWithFixedDelay(
                FatalErrors.contain(this::runOnce, failure -> log.error("A checkpoint failed", failure)),
                PERIOD_MILLIS,
                PERIOD_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    void watch(ThreadWatch watch) {
        watch.mustRun("the thread of checkpoints", thread, CHECKPOINT_MILLIS_MAX);
    }

    private void runOnce() {
        try {
            checkpointer.runOnce();
        } catch (SQLException | RuntimeException e) {
            // Nothing is lost: the log grows until it works again.
            counters.increment(StorageCounter.CHECKPOINT_FAILURES);
            log.warn("checkpoint failed: {}", e.getMessage());
        }
    }

    /** Waits for a checkpoint in hand. */
    @Override
    public void close() {
        thread.shutdown();
        boolean interrupted = false;
        while (!thread.isTerminated()) {
            try {
                thread.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        try {
            checkpointer.close();
        } catch (SQLException e) {
            throw new StorageException("the checkpoint connection did not close", e);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
