package io.hongyan.im.adapter.sql.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A program of these tests as a process, which prints lines that end with a full stop until it is killed. */
final class KilledProgram {
    private static final int KILLED = 128 + 9;

    private KilledProgram() {}

    /** Runs it until it has printed so many lines, kills it, and gives all it has printed, without the full stops. */
    static List<String> run(Class<?> program, int lines, Object... arguments) throws IOException, InterruptedException {
        Process process = start(program, arguments);
        List<String> printed = new ArrayList<>();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
            String line = output.readLine();
            while (line != null) {
                // The last line may be cut in two by the kill.
                if (line.endsWith(".")) {
                    printed.add(line.substring(0, line.length() - 1));
                }
                if (printed.size() == lines) {
                    // Unlike Process.destroyForcibly this leaves the pipe open, with what was printed in it.
                    process.toHandle().destroyForcibly();
                }
                line = output.readLine();
            }
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor()).as("killed, not ended").isEqualTo(KILLED);
        assertThat(printed.size()).isGreaterThanOrEqualTo(lines);
        return printed;
    }

    private static Process start(Class<?> program, Object... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
