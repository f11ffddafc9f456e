package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.work.PeriodicTask;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class FatalErrorEndTest {
    private final List<Integer> exits = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final FatalErrorEnd end = new FatalErrorEnd(new PrintStream(err, true, StandardCharsets.UTF_8), exits::add);

    @Test
    void fatalErrorEndsTheProcessAtOnce() {
        end.uncaughtException(Thread.currentThread(), new OutOfMemoryError("Java heap space"));
        assertThat(exits).containsExactly(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("Java heap space");
    }

    @Test
    void anyOtherEndOfAThreadDoesNot() {
        end.uncaughtException(Thread.currentThread(), new IllegalStateException());
        end.uncaughtException(Thread.currentThread(), new StackOverflowError());
        assertThat(exits).isEmpty();
    }

    /** Each executor of the process would drop an error; each passes on a fatal one all the same. */
    @Test
    void everyKindOfThreadHandsFatalErrorsOn() throws Exception {
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler(end);
        PeriodicTasks tasks = new PeriodicTasks();
        WorkerPool workers = new WorkerPool(1, 10);
        List<String> faults = new ArrayList<>();
        TurnDriver driver = new TurnDriver(
                "lane",
                wait -> {
                    throw new InternalError("test");
                },
                1,
                faults::add);
        try {
            driver.start();
            tasks.start(List.of(new PeriodicTask("fail", 1, () -> {
                throw new NoClassDefFoundError("test");
            })));
            new BlockingWork(workers).submit(() -> {
                throw new OutOfMemoryError("test");
            });
            // The periodic task is run again and again.
            await().dontCatchUncaughtExceptions()
                    .atMost(Duration.ofSeconds(25))
                    .untilAsserted(() -> assertThat(err.toString(StandardCharsets.UTF_8))
                            .contains("InternalError", "NoClassDefFoundError", "OutOfMemoryError"));
        } finally {
            tasks.close();
            workers.close(1_000);
            driver.close();
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }
}
