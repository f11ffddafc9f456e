package io.hongyan.bench;

import io.hongyan.bench.load.LoadFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process of this program that does a part of a command's work; ends with this one at the latest. */
final class HelperProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader says;
    private boolean released;

    private HelperProcess(Process process) {
        this.process = process;
        this.says = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /**
     * @param before programs that start it, such as {@code nice -n 19}; may be empty
     * @param heap of its JVM, such as {@code 1g}
     * @param arguments a command of this program and its options
     */
    static HelperProcess start(List<String> before, String heap, List<String> arguments) {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                BenchMain.class.getName()));
        command.addAll(arguments);
        try {
            return new HelperProcess(new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns when it has said so.
     *
     * @throws LoadFailure it said something else, or has ended
     */
    void await(String expected) {
        String line = read();
        if (!expected.equals(line)) {
            throw new LoadFailure("not " + expected + ": " + line);
        }
    }

    /**
     * Tells it to end its work, which the end of its input does.
     *
     * @param expected how its last line begins
     * @return the rest of that line
     * @throws LoadFailure it said something else, or has ended before
     */
    String release(String expected) {
        released = true;
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String line = read();
        if (!line.startsWith(expected)) {
            throw new LoadFailure("not " + expected + ": " + line);
        }
        return line.substring(expected.length());
    }

    @Override
    public void close() {
        if (!released) {
            process.destroy();
        }
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private String read() {
        try {
            String line = says.readLine();
            return line == null ? "its process has ended" : line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
