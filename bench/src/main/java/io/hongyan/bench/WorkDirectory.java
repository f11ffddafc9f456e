package io.hongyan.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A directory for the servers' data and output, deleted when the command is done. */
final class WorkDirectory implements AutoCloseable {
    private final Path path;

    WorkDirectory() {
        try {
            path = Files.createTempDirectory("hongyan-bench-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path of(String server) {
        return path.resolve(server);
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + path, e);
        }
    }
}
