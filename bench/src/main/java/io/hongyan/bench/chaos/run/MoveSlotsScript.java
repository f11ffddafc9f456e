package io.hongyan.bench.chaos.run;

import io.hongyan.bench.time.BenchTime;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Moves slots with {@code scripts/move-slots}, and starts it again until it has done all. Used by one thread. */
final class MoveSlotsScript implements AutoCloseable {
    private static final Pattern MOVED =
            Pattern.compile(".*slot (\\d+) has moved from (\\w+) to (\\w+), frozen for (\\d+) ms");
    private static final long SILENT_MILLIS_MAX = 240_000;
    private static final long START_AGAIN_MILLIS = 500;
    private static final long POLL_MILLIS = 10;

    private final Path home;
    private final Path configuration;
    private final Path log;
    private final BenchTime time;
    private RestartableProcess process;
    private long progressNanos;
    /** Until the first slot has moved; then the time is set. */
    private long killMillis;

    private long killAtNanos = Long.MAX_VALUE;

    /** A slot is in another database, and could not be written to for so long. */
    record Moved(int slot, String from, String to, long frozenMillis) {}

    /**
     * @param home the project's directory, with the server built
     * @param configuration of a node
     * @param log gets the output of the script
     */
    MoveSlotsScript(Path home, Path configuration, Path log, BenchTime time) {
        this.home = home;
        this.configuration = configuration;
        this.log = log;
        this.time = time;
    }

    /**
     * Returns when all have moved.
     *
     * @param killAfterMillis so long after its first slot it gets SIGKILL and is started again; 0 = it does not
     * @throws IllegalStateException nothing has moved for minutes
     */
    void move(SlotMove what, long killAfterMillis, Consumer<Moved> observer) {
        process = RestartableProcess.printing(
                List.of(
                        home.resolve("scripts/move-slots").toAbsolutePath().toString(),
                        "--config",
                        configuration.toAbsolutePath().toString(),
                        what.slots(),
                        what.database()),
                log);
        progressNanos = time.nanos();
        killMillis = killAfterMillis;
        while (!runsToItsEnd(observer)) {
            // The database may be away.
            time.pause(START_AGAIN_MILLIS);
        }
    }

    /** Whether it has done all. */
    private boolean runsToItsEnd(Consumer<Moved> observer) {
        process.start();
        try (BufferedReader output = process.output()) {
            while (process.isAlive() || output.ready()) {
                if (output.ready()) {
                    read(output.readLine(), observer);
                } else {
                    time.pause(POLL_MILLIS);
                }
                if (time.nanos() > killAtNanos) {
                    process.kill();
                    killAtNanos = Long.MAX_VALUE;
                }
                if (time.nanos() - progressNanos > nanos(SILENT_MILLIS_MAX)) {
                    throw new IllegalStateException("no slot has moved for " + SILENT_MILLIS_MAX + " ms; see " + log);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return process.exitValue() == 0;
    }

    private void read(String line, Consumer<Moved> observer) throws IOException {
        Files.writeString(log, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        Matcher moved = MOVED.matcher(line);
        if (moved.matches()) {
            progressNanos = time.nanos();
            if (killMillis > 0) {
                killAtNanos = progressNanos + nanos(killMillis);
                killMillis = 0;
            }
            observer.accept(new Moved(
                    Integer.parseInt(moved.group(1)), moved.group(2), moved.group(3), Long.parseLong(moved.group(4))));
        }
    }

    private static long nanos(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** Kills it if it runs. */
    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
    }
}
