package io.hongyan.im.app.client;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A separate program that reads commands and prints events, one per line. It ends with its input. */
public final class LineProgram implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process process;
    private final Writer commands;
    private final List<String> lines = new CopyOnWriteArrayList<>();

    /** @param environment besides that of this process */
    LineProgram(List<String> command, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        process = builder.start();
        commands = process.outputWriter(StandardCharsets.UTF_8);
        Thread reader = new Thread(this::read, command.get(0));
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader printed =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = printed.readLine(); line != null; line = printed.readLine()) {
                lines.add(line);
            }
        } catch (IOException ended) {
            throw new UncheckedIOException(ended);
        }
    }

    /** What it has printed so far. */
    public List<String> lines() {
        return lines;
    }

    /** Waits until it has printed a line that matches this pattern as a whole; returns the first one. */
    public String awaitLine(String pattern) {
        return await(pattern)
                .atMost(PATIENCE)
                .until(
                        () -> lines.stream()
                                .filter(line -> line.matches(pattern))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    public void write(String command) throws IOException {
        commands.write(command + '\n');
        commands.flush();
    }

    @Override
    public void close() {
        try {
            commands.close();
            if (process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                return;
            }
        } catch (IOException gone) {
            // It has ended by itself.
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
