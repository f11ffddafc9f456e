package io.hongyan.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The exit code and output of an operator's script. */
record ScriptOutcome(int code, String output, String errors) {
    /** Output goes to files: the server that the script leaves running would hold a pipe open. */
    static ScriptOutcome of(List<String> command, Path directory) throws IOException, InterruptedException {
        File output = Files.createTempFile("script", ".out").toFile();
        File errors = Files.createTempFile("script", ".err").toFile();
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectOutput(output)
                    .redirectError(errors)
                    .directory(directory.toFile());
            builder.environment().put("HONGYAN_BUILD", "no");
            // Tests share the machine.
            builder.environment().put("HONGYAN_READY_SECONDS_MAX", "200");
            Process process = builder.start();
            assertThat(process.waitFor(250, TimeUnit.SECONDS)).isTrue();
            return new ScriptOutcome(
                    process.exitValue(),
                    Files.readString(output.toPath(), StandardCharsets.UTF_8),
                    Files.readString(errors.toPath(), StandardCharsets.UTF_8));
        } finally {
            Files.delete(output.toPath());
            Files.delete(errors.toPath());
        }
    }
}
