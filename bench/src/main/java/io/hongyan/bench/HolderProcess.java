package io.hongyan.bench;

import io.hongyan.bench.load.LoadFailure;
import io.hongyan.bench.server.HongyanServer;
import io.hongyan.bench.server.ServerUnderTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process of this program that holds a part of the idle connections; ends with this one at the latest. */
final class HolderProcess implements AutoCloseable {
    /** Connections of one holder: the usual limit of 20,000 files less what a JVM needs. */
    static final int CONNECTIONS_MAX = 19_500;

    private static final int SOURCE_NETS = 255;

    private final Process process;
    private final BufferedReader says;
    private boolean released;

    /**
     * How it went.
     *
     * @param ended clients that were disconnected while they should have been held
     * @param retried attempts to connect that failed and were made again
     * @param firstFailure why the first of either; empty if there was none
     */
    record Report(long ended, long retried, String firstFailure) {}

    private HolderProcess(Process process) {
        this.process = process;
        this.says = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** @param first number of its first client */
    static HolderProcess start(ServerUnderTest server, String run, int first, int count, int keepAliveSeconds) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                BenchMain.class.getName(),
                "hold",
                "--host=" + server.mqtt().getAddress().getHostAddress(),
                "--port=" + server.mqtt().getPort(),
                "--source-net=" + (1 + Math.floorMod(run.hashCode(), SOURCE_NETS)),
                "--run=" + run,
                "--first=" + first,
                "--count=" + count,
                "--keep-alive=" + keepAliveSeconds));
        if (server instanceof HongyanServer hongyan) {
            command.add("--secret-file=" + hongyan.secretFile());
        }
        try {
            return new HolderProcess(new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns when all its clients are connected and subscribed. */
    void awaitHeld() {
        String line = read();
        if (!HoldCommand.HELD.equals(line)) {
            throw new LoadFailure("the idle clients are not held: " + line);
        }
    }

    /** Lets the clients go and answers what had happened to them. */
    Report release() {
        released = true;
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String line = read();
        if (!line.startsWith(HoldCommand.ENDED)) {
            throw new LoadFailure("the idle clients were not held: " + line);
        }
        String[] words = line.substring(HoldCommand.ENDED.length()).split(" ", 3);
        return new Report(Long.parseLong(words[0]), Long.parseLong(words[1]), words[2]);
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
