package io.hongyan.bench;

import io.hongyan.bench.report.Result;
import io.hongyan.bench.server.ApiClient;
import io.hongyan.bench.server.HongyanServer;
import io.hongyan.bench.server.JvmFigures;
import io.hongyan.bench.server.ProcessFigures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The state of an idle server.
 *
 * @param heapBytes of live objects, or {@link #NOT_READ}
 * @param directBytes of buffers outside the heap
 * @param logBytes of its log and output
 */
record ServerState(
        long heapBytes, long directBytes, long threads, int openFiles, long rssBytes, long connections, long logBytes) {
    static final long NOT_READ = -1;

    /** @param directory with its output and data */
    static ServerState of(HongyanServer server, Path directory) {
        return of(server, directory, JvmFigures.liveHeapBytes(server.pid()));
    }

    static ServerState of(HongyanServer server, Path directory, long heapBytes) {
        ApiClient api = server.api();
        ProcessFigures process = new ProcessFigures(server.pid());
        return new ServerState(
                heapBytes,
                api.metric("network_memory_bytes") + api.metric("jvm_buffer_memory_used_bytes"),
                api.metric("jvm_threads_live_threads"),
                process.openFiles(),
                process.rssBytes(),
                api.metric("connections_open"),
                logBytes(directory));
    }

    boolean heapRead() {
        return heapBytes != NOT_READ;
    }

    void show(Result result, String when) {
        result.count("heap_bytes_" + when, heapBytes)
                .count("direct_bytes_" + when, directBytes)
                .count("threads_" + when, threads)
                .count("open_files_" + when, openFiles)
                .count("rss_bytes_" + when, rssBytes)
                .count("connections_" + when, connections)
                .count("log_bytes_" + when, logBytes);
    }

    private static long logBytes(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.getFileName().toString().contains(".log"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
