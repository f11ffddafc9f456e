package io.hongyan.im.core.message;

import io.hongyan.im.core.work.FairQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/** Takes work that may block off the caller's thread. */
public final class BlockingWork {
    /** Of what is not done for a client. */
    private static final String NOBODY = "";

    private final FairQueue queue;

    public BlockingWork(FairQueue queue) {
        this.queue = queue;
    }

    /** @param executor bounded: rejects what it cannot take */
    public BlockingWork(Executor executor) {
        this(FairQueue.over(executor));
    }

    /** The work's result; exceptionally with what it threw, or with a {@link StorageException} where it was rejected. */
    public <T> CompletionStage<T> submit(Supplier<T> work) {
        return submit(NOBODY, work);
    }

    /** @param owner who the work is for: it waits for other work of this owner, and takes turns with that of others */
    public <T> CompletionStage<T> submit(Object owner, Supplier<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            queue.execute(owner, () -> run(work, result));
        } catch (RejectedExecutionException full) {
            result.completeExceptionally(new StorageException("too much work waits for the storage", full));
        }
        return result;
    }

    private static <T> void run(Supplier<T> work, CompletableFuture<T> result) {
        try {
            result.complete(work.get());
        } catch (RuntimeException | StackOverflowError trouble) {
            result.completeExceptionally(trouble);
        }
    }
}
