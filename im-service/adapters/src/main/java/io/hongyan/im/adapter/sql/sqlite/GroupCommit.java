package io.hongyan.im.adapter.sql.sqlite;

import io.hongyan.im.adapter.sql.StorageCounter;
import io.hongyan.im.adapter.sql.StorageCounters;
import io.hongyan.im.core.message.StorageException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Lets many threads share one transaction, and so one fsync. Whoever finds the writer free becomes the leader and runs
 * all waiting works, its own among them; results are given only after the commit. No thread of its own: an idle writer
 * costs no hand-over.
 */
final class GroupCommit {
    private final WriteTransaction transaction;
    private final int waitingMax;
    private final int worksPerCommitMax;
    private final long timeoutNanos;
    private final LongSupplier nanoTime;
    private final StorageCounters counters;

    private final ConcurrentLinkedQueue<WriteJob<?>> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waitingCount = new AtomicInteger();
    private final AtomicBoolean led = new AtomicBoolean();

    /** An exclusive work that met a batch begun. Only the leader sets it. */
    private volatile WriteJob<?> setAside;

    /** Leader only. */
    private boolean closed;

    GroupCommit(
            WriteTransaction transaction, SqliteSettings settings, LongSupplier nanoTime, StorageCounters counters) {
        this.transaction = transaction;
        this.waitingMax = settings.waitingWritesMax();
        this.worksPerCommitMax = settings.writesPerCommitMax();
        this.timeoutNanos = settings.timeoutMillis() * 1_000_000;
        this.nanoTime = nanoTime;
        this.counters = counters;
    }

    /**
     * Runs the work in a transaction and returns its result once that is durable.
     *
     * @throws StorageException the work was undone, or it is not known whether it was stored
     */
    <T> T write(WriteWork<T> work) {
        return submit(new WriteJob<>(work, false, nanoTime.getAsLong()));
    }

    /** Runs the work while nobody writes, outside of any transaction. */
    <T> T exclusively(WriteWork<T> work) {
        return submit(new WriteJob<>(work, true, nanoTime.getAsLong()));
    }

    /** Waits for the work in hand; everything later is refused. */
    void close() {
        exclusively(() -> {
            closed = true;
            return null;
        });
    }

    /** Writes that no leader has taken yet. */
    int waiting() {
        return waitingCount.get();
    }

    /** Those of them that a leader would find now. */
    int queued() {
        return waiting.size() + (setAside == null ? 0 : 1);
    }

    private <T> T submit(WriteJob<T> job) {
        if (waitingCount.incrementAndGet() > waitingMax) {
            waitingCount.decrementAndGet();
            counters.increment(StorageCounter.WRITES_REFUSED);
            throw new StorageException("too many writes are waiting: " + waitingMax, null);
        }
        waiting.add(job);
        boolean interrupted = false;
        while (!job.ended()) {
            if (led.compareAndSet(false, true)) {
                lead(job);
            } else {
                awaitTurn(job);
                interrupted |= Thread.interrupted();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return job.result();
    }

    private void awaitTurn(WriteJob<?> job) {
        long waited = nanoTime.getAsLong() - job.submittedNanos();
        if (waited < timeoutNanos) {
            // A wake-up given between the last look at the job and here is kept: the park returns at once.
            LockSupport.parkNanos(this, timeoutNanos - waited);
        } else if (job.abandon(new StorageException("a write waited for its turn for too long", null))) {
            counters.increment(StorageCounter.WRITES_REFUSED);
            if (waiting.remove(job)) {
                waitingCount.decrementAndGet();
            }
            // The wake-up meant for this thread may have been the only one.
            wakeNext();
        } else if (waited < 2 * timeoutNanos) {
            LockSupport.parkNanos(this, 2 * timeoutNanos - waited);
        } else {
            job.fail(new StorageException("a write did not end in time; it may have been stored", null));
        }
    }

    /** Called by the one thread that set {@link #led}. */
    private void lead(WriteJob<?> own) {
        try {
            while (!own.ended()) {
                List<WriteJob<?>> batch = nextBatch();
                run(batch);
                for (WriteJob<?> job : batch) {
                    job.wake();
                }
            }
        } finally {
            led.set(false);
            wakeNext();
        }
    }

    private void wakeNext() {
        WriteJob<?> next = setAside;
        if (next == null) {
            next = waiting.peek();
        }
        if (next != null) {
            next.wake();
        }
    }

    /** The next works that may share a transaction: one that runs exclusively is alone. */
    private List<WriteJob<?>> nextBatch() {
        List<WriteJob<?>> batch = new ArrayList<>();
        while (batch.size() < worksPerCommitMax) {
            WriteJob<?> next = setAside != null ? setAside : waiting.poll();
            setAside = null;
            if (next == null) {
                break;
            }
            if (next.exclusive() && !batch.isEmpty()) {
                setAside = next;
                break;
            }
            waitingCount.decrementAndGet();
            if (next.start()) {
                counters.add(StorageCounter.WRITE_WAIT_NANOS, nanoTime.getAsLong() - next.submittedNanos());
                batch.add(next);
                if (next.exclusive()) {
                    break;
                }
            }
        }
        counters.waitingWrites.set(waitingCount.get());
        return batch;
    }

    private void run(List<WriteJob<?>> batch) {
        counters.add(StorageCounter.WRITES, batch.size());
        if (batch.isEmpty()) {
            return;
        }
        if (closed) {
            failAll(batch, new StorageException("the storage is closed", null));
        } else if (batch.get(0).exclusive()) {
            runExclusive(batch.get(0));
        } else {
            runInTransaction(batch);
        }
    }

    private static void runExclusive(WriteJob<?> job) {
        try {
            job.run();
            job.succeed();
        } catch (Exception e) {
            job.fail(failureOf(e));
        }
    }

    /**
     * All in one transaction, without savepoints: those would cost every page a copy. A work that fails by itself, or says
     * that it is a mistake, undoes all of them; then each gets a transaction of its own.
     */
    private void runInTransaction(List<WriteJob<?>> batch) {
        long start = nanoTime.getAsLong();
        try {
            transaction.begin();
            for (WriteJob<?> job : batch) {
                job.run();
            }
            transaction.commit();
        } catch (Throwable e) {
            transaction.rollback(e);
            if (batch.size() > 1 && (transaction.survives(e) || e instanceof IllegalArgumentException)) {
                batch.forEach(job -> runInTransaction(List.of(job)));
            } else {
                counters.increment(StorageCounter.COMMIT_FAILURES);
                failAll(batch, failureOf(e));
            }
            return;
        }
        counters.increment(StorageCounter.COMMITS);
        counters.commitTimes.record(nanoTime.getAsLong() - start);
        for (WriteJob<?> job : batch) {
            job.succeed();
        }
    }

    private void failAll(List<WriteJob<?>> batch, RuntimeException failure) {
        for (WriteJob<?> job : batch) {
            if (job.fail(failure)) {
                counters.increment(StorageCounter.WRITE_FAILURES);
            }
        }
    }

    /** Mistakes of the program keep their type; everything else is trouble of the storage. */
    private static RuntimeException failureOf(Throwable e) {
        if (e instanceof StorageException || e instanceof IllegalArgumentException) {
            return (RuntimeException) e;
        }
        return new StorageException("the storage failed: " + e.getMessage(), e);
    }

    /** What is to be done by the writer: by any thread, by one at a time, and perhaps again after having been undone. */
    @FunctionalInterface
    interface WriteWork<T> {
        T run() throws SQLException;
    }
}
