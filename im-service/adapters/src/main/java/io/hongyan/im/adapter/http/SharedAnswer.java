package io.hongyan.im.adapter.http;

import io.hongyan.runtime.FatalErrors;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A question that anybody may ask and that is worked on by a thread of its own, once at a time: all who ask while it is worked
 * on share the next answer. So it costs the same however many ask, and nobody waits for longer than two answers take.
 */
final class SharedAnswer implements AutoCloseable {
    private final Supplier<HttpAnswer> question;
    private final long pauseNanos;
    private final long answerMillisMax;
    private final LongSupplier nanoTime;
    private final ScheduledThreadPoolExecutor thread;
    /** Null while nobody waits for work that has not begun. */
    private CompletableFuture<HttpAnswer> next;

    private long mayBeginNanos;

    /**
     * @param pauseMillis from the beginning of one answer to that of the next at least
     * @param answerMillisMax how long who asks waits at most
     * @param nanoTime a clock that never jumps
     */
    SharedAnswer(
            String thread,
            long pauseMillis,
            long answerMillisMax,
            LongSupplier nanoTime,
            Supplier<HttpAnswer> question) {
        this.question = question;
        this.answerMillisMax = answerMillisMax;
        this.nanoTime = nanoTime;
        this.mayBeginNanos = nanoTime.getAsLong();
        this.pauseNanos = TimeUnit.MILLISECONDS.toNanos(pauseMillis);
        this.thread = new ScheduledThreadPoolExecutor(1, work -> new Thread(work, thread));
    }

    /** Exceptionally with a {@link Problem} where the answer takes too long. */
    CompletionStage<HttpAnswer> ask() {
        return shared().exceptionallyCompose(trouble -> {
            FatalErrors.escalate(trouble);
            return CompletableFuture.failedFuture(Problem.unavailable());
        });
    }

    private synchronized CompletableFuture<HttpAnswer> shared() {
        if (next == null) {
            CompletableFuture<HttpAnswer> made = new CompletableFuture<>();
            try {
                thread.schedule(() -> work(made), mayBeginNanos - nanoTime.getAsLong(), TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException closed) {
                throw Problem.unavailable();
            }
            next = made;
            // Of the answer itself and not of each who asks: while the thread hangs nothing may heap up.
            made.orTimeout(answerMillisMax, TimeUnit.MILLISECONDS).whenComplete((answer, trouble) -> begunOrOver(made));
            return made;
        }
        return next;
    }

    private synchronized void begunOrOver(CompletableFuture<HttpAnswer> asked) {
        if (next == asked) {
            next = null;
        }
    }

    private void work(CompletableFuture<HttpAnswer> asked) {
        synchronized (this) {
            begunOrOver(asked);
            mayBeginNanos = nanoTime.getAsLong() + pauseNanos;
        }
        asked.completeAsync(question, Runnable::run);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
