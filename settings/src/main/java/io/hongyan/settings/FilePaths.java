package io.hongyan.settings;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Paths, as far as this process can write them: names of files are in the encoding of the locale it was started in. */
public final class FilePaths {
    private static final char REPLACEMENT = '\uFFFD';

    private FilePaths() {}

    /** Empty where the text is none here. */
    public static Optional<Path> parse(String text) {
        try {
            // What the locale could not read of an argument or a variable was replaced before we saw it.
            return text.isEmpty() || text.indexOf(REPLACEMENT) >= 0 ? Optional.empty() : Optional.of(Path.of(text));
        } catch (InvalidPathException unusable) {
            return Optional.empty();
        }
    }

    /** What to say behind "takes a path": why a text is none. */
    public static String reason(String text) {
        return text.chars().allMatch(c -> c < 0x80)
                ? ""
                : " that the locale can write: it has " + System.getProperty("sun.jnu.encoding")
                        + "; start this with LC_ALL=C.UTF-8";
    }
}
