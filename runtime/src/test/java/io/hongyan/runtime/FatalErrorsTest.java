package io.hongyan.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FatalErrorsTest {
    /** As Netty has it. */
    private static final class OutOfDirectMemory extends OutOfMemoryError {
        private static final long serialVersionUID = 1;
    }

    @Test
    void heapVirtualMachineAndClassesAreFatal() {
        assertThat(List.of(
                        new OutOfMemoryError("Java heap space"),
                        new OutOfMemoryError(),
                        new InternalError(),
                        new NoClassDefFoundError("X"),
                        new CompletionException(new OutOfMemoryError("Metaspace"))))
                .allMatch(FatalErrors::isFatal);
    }

    @Test
    void whatOneClientsBytesCanCauseIsNot() {
        assertThat(List.of(
                        new StackOverflowError(),
                        new OutOfDirectMemory(),
                        new OutOfMemoryError("Cannot reserve 4096 bytes of direct buffer memory"),
                        new AssertionError(),
                        new IllegalStateException()))
                .noneMatch(FatalErrors::isFatal);
    }

    @Test
    void containedTaskRunsAgainAfterAFailure() throws Exception {
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        CountDownLatch runs = new CountDownLatch(3);
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        try {
            Runnable failing = () -> {
                runs.countDown();
                throw new StackOverflowError();
            };
            timer.scheduleAtFixedRate(FatalErrors.contain(failing, failures::add), 0, 1, TimeUnit.MILLISECONDS);
            assertThat(runs.await(10, TimeUnit.SECONDS)).isTrue();
        } finally {
            timer.shutdownNow();
        }
        assertThat(failures).hasSizeGreaterThanOrEqualTo(2).allMatch(StackOverflowError.class::isInstance);
    }

    @Test
    void onlyFatalOnesComeToTheHandler() {
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        List<Throwable> handled = new ArrayList<>();
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> handled.add(failure));
        try {
            FatalErrors.escalate(new StackOverflowError());
            FatalErrors.escalate(null);
            assertThat(handled).isEmpty();
            InternalError fatal = new InternalError();
            FatalErrors.escalate(fatal);
            assertThat(handled).containsExactly(fatal);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }
}
