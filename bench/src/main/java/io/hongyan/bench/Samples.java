package io.hongyan.bench;

import io.hongyan.bench.report.Progress;
import io.hongyan.bench.server.HongyanServer;
import io.hongyan.bench.server.JvmFigures;
import io.hongyan.bench.time.BenchTime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Measures memory, threads, files and log of a server once a minute, until it is closed. The live heap is measured each
 * third minute only, because that takes a full collection, after which the JVM shrinks its heap: the measurement would
 * disturb what is measured.
 */
final class Samples implements AutoCloseable {
    private static final long EVERY_MILLIS = 60_000;
    private static final int HEAP_EVERY_MINUTES = 3;
    private static final long MEGA = 1_000_000;

    private final HongyanServer server;
    private final Path directory;
    private final BenchTime time;
    private final Progress progress;
    private final List<ServerState> taken = new ArrayList<>();
    private final Thread thread = new Thread(this::look, "samples");

    /** @param directory with its output and data */
    Samples(HongyanServer server, Path directory, BenchTime time, Progress progress) {
        this.server = server;
        this.directory = directory;
        this.time = time;
        this.progress = progress;
        thread.setDaemon(true);
        thread.start();
    }

    /** The samples, one per minute. */
    synchronized List<ServerState> taken() {
        return List.copyOf(taken);
    }

    private void look() {
        Optional<JvmFigures> jvm = JvmFigures.of(server.pid());
        try {
            for (int minute = 1; ; minute++) {
                Thread.sleep(EVERY_MILLIS);
                try {
                    take(minute, jvm);
                } catch (RuntimeException unanswered) {
                    progress.note("minute " + minute + ": no sample: " + unanswered);
                }
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        } finally {
            jvm.ifPresent(JvmFigures::close);
        }
    }

    private void take(int minute, Optional<JvmFigures> jvm) {
        long heapBytes = minute % HEAP_EVERY_MINUTES == 0
                ? jvm.map(JvmFigures::heapBytesCollected).orElse(ServerState.NOT_READ)
                : ServerState.NOT_READ;
        ServerState state = ServerState.of(server, directory, heapBytes);
        synchronized (this) {
            taken.add(state);
        }
        progress.note(
                "minute %d: live heap %s, direct %d MB, threads %d, files %d, rss %d MB, connections %d, log %d kB"
                        .formatted(
                                minute,
                                state.heapRead() ? state.heapBytes() / MEGA + " MB" : "not read",
                                state.directBytes() / MEGA,
                                state.threads(),
                                state.openFiles(),
                                state.rssBytes() / MEGA,
                                state.connections(),
                                state.logBytes() / 1_000));
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
