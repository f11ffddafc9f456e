package io.hongyan.bench.chaos.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that is started, killed and started again, and that ends with this one. Used by one thread at a time. */
final class RestartableProcess implements AutoCloseable {
    private final ProcessBuilder builder;
    private final Thread atExit = new Thread(this::destroy, "chaos-stop-child");
    private volatile Process process;

    private RestartableProcess(ProcessBuilder builder) {
        this.builder = builder;
        // Environment variables for the user's own server must not reach the servers of a run.
        builder.environment().keySet().removeIf(name -> name.startsWith("HONGYAN_"));
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** @param log its output is appended to this file */
    static RestartableProcess logging(List<String> command, Path log) {
        return new RestartableProcess(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())));
    }

    /** @param log its error output is appended to this file; its other output can be read here */
    static RestartableProcess printing(List<String> command, Path log) {
        return new RestartableProcess(
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile())));
    }

    /** The Java that runs this program. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    void start() {
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The output of the last start; can be read even after its end. */
    BufferedReader output() {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Of a program that has ended. */
    int exitValue() {
        return process.exitValue();
    }

    /** SIGSTOP: it pauses. */
    void pause() {
        signal("STOP");
    }

    /** SIGCONT. */
    void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** SIGKILL; returns when it has ended. Its output can still be read. */
    void kill() {
        try {
            // Unlike Process.destroyForcibly this leaves the pipe open.
            process.toHandle().destroyForcibly();
            process.waitFor();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** SIGTERM; false if it had to be killed after all. */
    boolean stop(long millisMax) {
        try {
            process.destroy();
            if (process.waitFor(millisMax, TimeUnit.MILLISECONDS)) {
                return true;
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        kill();
        return false;
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted", e);
    }

    private void destroy() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
        }
    }

    /** Kills it if it runs. */
    @Override
    public void close() {
        destroy();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // This program is ending already; the hook does the same.
        }
    }
}
