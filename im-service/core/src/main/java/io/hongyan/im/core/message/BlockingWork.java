package io.hongyan.im.core.message;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/** Takes work that may block off the caller's thread. */
public final class BlockingWork {
    private final Executor executor;

    /** @param executor bounded: rejects what it cannot take */
    public BlockingWork(Executor executor) {
        this.executor = executor;
    }

    /** The work's result; exceptionally with what it threw, or with a {@link StorageException} where it was rejected. */
    public <T> CompletionStage<T> submit(Supplier<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            executor.execute(() -> {
                try {
                    result.complete(work.get());
                } catch (RuntimeException trouble) {
                    result.completeExceptionally(trouble);
                }
            });
        } catch (RejectedExecutionException full) {
            result.completeExceptionally(new StorageException("too much work waits for the storage", full));
        }
        return result;
    }
}
