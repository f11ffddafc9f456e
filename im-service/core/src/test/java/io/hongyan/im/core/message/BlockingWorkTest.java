package io.hongyan.im.core.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

final class BlockingWorkTest {
    private final BlockingWork work = new BlockingWork(Runnable::run);

    private static Throwable trouble(CompletionStage<?> stage) {
        assertThat(stage.toCompletableFuture()).isCompletedExceptionally();
        return stage.handle((done, trouble) -> trouble).toCompletableFuture().join();
    }

    /** What a client has sent may be nested deeper than a stack: its request fails, and no thread. */
    @Test
    void aStackThatOverflowsIsTheTroubleOfWhoAsked() {
        StackOverflowError tooDeep = new StackOverflowError();
        Supplier<Object> fails = () -> {
            throw tooDeep;
        };
        assertThat(trouble(work.submit("alice", fails))).isSameAs(tooDeep);
        assertThat(work.submit("alice", () -> 1).toCompletableFuture().join()).isEqualTo(1);
    }

    @Test
    void anyOtherErrorIsThatOfTheThread() {
        OutOfMemoryError full = new OutOfMemoryError("made by the test");
        Supplier<Object> fails = () -> {
            throw full;
        };
        assertThatThrownBy(() -> work.submit("alice", fails)).isSameAs(full);
    }

    @Test
    void whatNoThreadTakesIsTroubleOfTheStorage() {
        BlockingWork full = new BlockingWork(task -> {
            throw new RejectedExecutionException();
        });
        assertThat(trouble(full.submit(() -> 1))).isInstanceOf(StorageException.class);
    }
}
