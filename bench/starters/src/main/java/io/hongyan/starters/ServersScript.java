package io.hongyan.starters;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Calls {@code scripts/servers}. */
final class ServersScript {
    private static final String HOME_PROPERTY = "hongyan.home";
    private static final int READY_SECONDS_MAX = 240;
    private static final int CALL_SECONDS_MAX = 600;

    private ServersScript() {}

    /**
     * Returns its output.
     *
     * @throws IllegalStateException with its message, if it has failed
     */
    static String call(List<String> arguments) {
        Path output = null;
        Path errors = null;
        try {
            // Files, because servers that stay running must not hold a pipe open.
            output = Files.createTempFile("servers", ".out");
            errors = Files.createTempFile("servers", ".err");
            Process process = new ProcessBuilder(command(arguments))
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile())
                    .start();
            boolean ended = process.waitFor(CALL_SECONDS_MAX, TimeUnit.SECONDS);
            process.destroyForcibly();
            if (!ended || process.exitValue() != 0) {
                throw new IllegalStateException("scripts/servers " + String.join(" ", arguments) + " has failed:\n"
                        + Files.readString(output) + Files.readString(errors));
            }
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            delete(output);
            delete(errors);
        }
    }

    static List<String> command(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                "env",
                "SERVERS_BUILD=no",
                "SERVERS_READY_SECONDS_MAX=" + READY_SECONDS_MAX,
                "JAVA_HOME=" + System.getProperty("java.home"),
                home().resolve("scripts/servers").toString()));
        command.addAll(arguments);
        return command;
    }

    /** The project's directory: {@code hongyan.home}, or the nearest one around the working directory. */
    private static Path home() {
        String named = System.getProperty(HOME_PROPERTY);
        Path home = Path.of(named == null ? "" : named).toAbsolutePath().normalize();
        while (home != null && !Files.isExecutable(home.resolve("scripts/servers"))) {
            home = named == null ? home.getParent() : null;
        }
        if (home == null) {
            throw new IllegalStateException("scripts/servers is not found; -D" + HOME_PROPERTY + " names the project");
        }
        return home;
    }

    private static void delete(Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
