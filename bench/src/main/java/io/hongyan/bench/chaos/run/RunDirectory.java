package io.hongyan.bench.chaos.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The directory for data, logs and history of one run; it must not contain anything of another run. */
final class RunDirectory {
    private RunDirectory() {}

    /**
     * Creates it.
     *
     * @throws IllegalStateException it is not empty
     */
    static void make(Path directory) {
        try {
            Files.createDirectories(directory);
            try (Stream<Path> there = Files.list(directory)) {
                if (there.findAny().isPresent()) {
                    throw new IllegalStateException("the directory " + directory
                            + " is not empty: the checker would mix it with what an earlier run left there; give"
                            + " another directory or remove its contents");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
