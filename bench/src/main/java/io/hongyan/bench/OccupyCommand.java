package io.hongyan.bench;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * What {@code hostile} compares hostile clients with: a process that takes the processors as they do, and asks nothing of the
 * server. Says {@code occupying} and goes on until the end of its input.
 */
@Command(name = "occupy", hidden = true)
final class OccupyCommand implements Callable<Integer> {
    private static final String OCCUPYING = "occupying";
    private static final String LEFT = "left";

    private final Console console;
    private volatile boolean over;

    OccupyCommand(Console console) {
        this.console = console;
    }

    /** Starts it; ends when it is closed. */
    static HelperProcess start(List<String> before) {
        HelperProcess process = HelperProcess.start(before, "64m", List.of("occupy"));
        process.await(OCCUPYING);
        return process;
    }

    /** Ends it. */
    static void release(HelperProcess process) {
        process.release(LEFT);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Thread> threads = Stream.generate(() -> new Thread(this::spin, "occupy"))
                .limit(Runtime.getRuntime().availableProcessors())
                .toList();
        threads.forEach(Thread::start);
        console.say(OCCUPYING);
        while (System.in.read() >= 0) {
            // Only the end of the input means something.
        }
        over = true;
        for (Thread thread : threads) {
            thread.join();
        }
        console.say(LEFT);
        return 0;
    }

    private void spin() {
        while (!over) {
            Thread.onSpinWait();
        }
    }
}
