package io.hongyan.starters;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The seeds of tests that draw random numbers: those in {@code seeds.txt}, the same at each run. {@code -Dseed=N} runs
 * with that one alone.
 */
public final class Seeds {
    private static final String FILE = "seeds.txt";
    private static final List<String> LINES = lines();

    private Seeds() {}

    /** @return at least one, without repeats; each must be run */
    public static List<Long> of(Class<?> test) {
        Long only = Long.getLong("seed");
        if (only != null) {
            return List.of(only);
        }
        List<Long> kept = LINES.stream()
                .map(line -> line.split(" ", 3))
                .filter(words -> words[0].equals(test.getSimpleName()))
                .map(words -> Long.parseLong(words[1]))
                .distinct()
                .toList();
        return kept.isEmpty() ? List.of(1L) : kept;
    }

    private static List<String> lines() {
        try (InputStream file = Seeds.class.getResourceAsStream(FILE)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
