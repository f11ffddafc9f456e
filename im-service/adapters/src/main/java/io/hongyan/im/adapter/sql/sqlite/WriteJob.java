package io.hongyan.im.adapter.sql.sqlite;

import io.hongyan.im.adapter.sql.sqlite.GroupCommit.WriteWork;
import io.hongyan.im.core.message.StorageException;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** One write on its way: waiting, running, then ended for good with a result or a failure, whoever says so first. */
final class WriteJob<T> {
    private static final Object WAITING = "waiting";
    private static final Object RUNNING = "running";

    private final WriteWork<T> work;
    private final boolean exclusive;
    private final long submittedNanos;
    private final Thread thread = Thread.currentThread();
    private final AtomicReference<Object> state = new AtomicReference<>(WAITING);

    /** What the work gave; not to be told before the commit. Leader only. */
    private T produced;

    WriteJob(WriteWork<T> work, boolean exclusive, long submittedNanos) {
        this.work = work;
        this.exclusive = exclusive;
        this.submittedNanos = submittedNanos;
    }

    boolean exclusive() {
        return exclusive;
    }

    long submittedNanos() {
        return submittedNanos;
    }

    boolean ended() {
        return state.get() instanceof Ended;
    }

    /** False where the waiting thread has given up. */
    boolean start() {
        return state.compareAndSet(WAITING, RUNNING);
    }

    /** Called by the waiting thread: true if the work will never run. */
    boolean abandon(StorageException why) {
        return state.compareAndSet(WAITING, new Ended<>(null, why));
    }

    void run() throws SQLException {
        produced = work.run();
    }

    void succeed() {
        state.compareAndSet(RUNNING, new Ended<>(produced, null));
    }

    boolean fail(RuntimeException why) {
        return state.compareAndSet(RUNNING, new Ended<>(null, why));
    }

    void wake() {
        LockSupport.unpark(thread);
    }

    /** To be asked after it ended. */
    @SuppressWarnings("unchecked") // only succeed() puts a value there, and that is a T
    T result() {
        Ended<T> ended = (Ended<T>) state.get();
        if (ended.failure() != null) {
            throw ended.failure();
        }
        return ended.value();
    }

    private record Ended<T>(T value, RuntimeException failure) {}
}
