package io.hongyan.bench.server;

import io.hongyan.bench.time.BenchTime;
import io.hongyan.starters.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process that this program started and that ends with it; its output goes to a file. */
public final class ChildProcess implements AutoCloseable {
    private static final long STOP_MILLIS_MAX = 15_000;
    private static final long POLL_MILLIS = 10;
    private static final int CONNECT_MILLIS_MAX = 200;
    private static final int LOG_LINES_SHOWN_MAX = 20;

    private final Process process;
    private final Path log;
    private final Thread atExit;

    private ChildProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        this.atExit = new Thread(process::destroyForcibly, "bench-stop-child");
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    public static ChildProcess start(List<String> command, Path workDirectory) {
        return start(command, workDirectory, Map.of());
    }

    /** @param environment besides this program's own, without settings of Hongyan */
    public static ChildProcess start(List<String> command, Path workDirectory, Map<String, String> environment) {
        try {
            Files.createDirectories(workDirectory);
            Path log = workDirectory.resolve("output.log");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(workDirectory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            // Environment variables for the user's own server must not reach the measured servers.
            builder.environment().keySet().removeIf(name -> name.startsWith("HONGYAN_"));
            builder.environment().putAll(environment);
            return new ChildProcess(builder.start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command.get(0), e);
        }
    }

    public long pid() {
        return process.pid();
    }

    /** Returns when the port accepts connections. */
    public void awaitPort(InetSocketAddress address, BenchTime time, long millisMax) {
        long giveUp = time.nanos() + TimeUnit.MILLISECONDS.toNanos(millisMax);
        while (!accepts(address)) {
            failIfEndedOrLate(time, giveUp, "accept connections on " + address);
            time.pause(POLL_MILLIS);
        }
    }

    /** Throws, with the end of what the process printed, if it has ended or the time is up. */
    void failIfEndedOrLate(BenchTime time, long giveUpNanos, String awaited) {
        if (!process.isAlive()) {
            throw new IllegalStateException("the server ended with code " + process.exitValue() + ":\n" + logEnd());
        }
        if (time.nanos() > giveUpNanos) {
            throw new IllegalStateException("the server did not " + awaited + " in time:\n" + logEnd());
        }
    }

    /** The last lines that the process printed. */
    public String logEnd() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN_MAX), lines.size()));
        } catch (IOException e) {
            return "(" + log + " cannot be read)";
        }
    }

    /** Ends the process with SIGKILL. */
    public void kill() {
        process.destroyForcibly();
        close();
    }

    /** Asks the process to end, and ends it if it does not. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_MILLIS_MAX, TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IllegalStateException e) {
            // This program is ending already; the hook does the rest.
        }
    }

    /** A port that nobody listens on now, and that nobody else draws for some minutes. */
    public static int freePort() {
        return FreePorts.draw();
    }

    private static boolean accepts(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(address, CONNECT_MILLIS_MAX);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
