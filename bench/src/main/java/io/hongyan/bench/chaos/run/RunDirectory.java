package io.hongyan.bench.chaos.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Where the data, logs and history of one run go: nothing of another may be there. */
final class RunDirectory {
    private RunDirectory() {}

    /**
     * Makes it.
     *
     * @throws IllegalStateException there is something in it
     */
    static void make(Path directory) {
        try {
            Files.createDirectories(directory);
            try (Stream<Path> there = Files.list(directory)) {
                if (there.findAny().isPresent()) {
                    throw new IllegalStateException("the directory " + directory
                            + " is not empty: what an earlier run left there would be judged with this one");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
