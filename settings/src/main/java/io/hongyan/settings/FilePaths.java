package io.hongyan.settings;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Paths that this process can write: file names are in the encoding of the locale it was started in. */
public final class FilePaths {
    private static final char REPLACEMENT = '\uFFFD';

    private FilePaths() {}

    /** Empty if the text is not a path on this machine. */
    public static Optional<Path> parse(String text) {
        try {
            // Characters of an argument or variable that the locale could not read were replaced before this code saw
            // them.
            return text.isEmpty() || text.indexOf(REPLACEMENT) >= 0 ? Optional.empty() : Optional.of(Path.of(text));
        } catch (InvalidPathException unusable) {
            return Optional.empty();
        }
    }

    /** What to say after "takes a path": why a text is not one. */
    public static String reason(String text) {
        return text.chars().allMatch(c -> c < 0x80)
                ? ""
                : " that the locale can write: it has " + System.getProperty("sun.jnu.encoding")
                        + "; start this with LC_ALL=C.UTF-8";
    }
}
