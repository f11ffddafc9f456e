package io.hongyan.im.app.fuzz;

import io.hongyan.im.app.config.ConfigException;
import io.hongyan.im.app.config.SettingsReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The configuration file: settings, or a list of faults. */
public final class ConfigTarget {
    private static final Path FILE = file();

    private ConfigTarget() {}

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        Files.write(FILE, input);
        try {
            SettingsReader.read(FILE, Map.of());
        } catch (ConfigException refused) {
            if (refused.getMessage() == null || refused.getMessage().isBlank()) {
                throw new AssertionError("a refusal without a reason");
            }
        }
    }

    private static Path file() {
        try {
            Path file = Files.createTempFile("fuzz", ".yaml");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException failure) {
            throw new ExceptionInInitializerError(failure);
        }
    }
}
