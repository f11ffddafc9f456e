package io.hongyan.bench;

import io.hongyan.bench.server.HongyanServer;
import io.hongyan.bench.server.ServerUnderTest;
import java.util.ArrayList;
import java.util.List;

/** A process of this program that holds a part of the idle connections; ends with this one at the latest. */
final class HolderProcess implements AutoCloseable {
    /** Connections of one holder: the usual limit of 20,000 files minus those of a JVM. */
    static final int CONNECTIONS_MAX = 19_500;

    private static final int SOURCE_NETS = 255;

    private final HelperProcess process;

    /**
     * Its result.
     *
     * @param ended clients that were disconnected while they should have been held
     * @param retried failed attempts to connect that were repeated
     * @param firstFailure the first reason of either; empty if there was none
     */
    record Report(long ended, long retried, String firstFailure) {}

    private HolderProcess(HelperProcess process) {
        this.process = process;
    }

    /** @param first number of its first client */
    static HolderProcess start(ServerUnderTest server, String run, int first, int count, int keepAliveSeconds) {
        List<String> arguments = new ArrayList<>(List.of(
                "hold",
                "--host=" + server.mqtt().getAddress().getHostAddress(),
                "--port=" + server.mqtt().getPort(),
                "--source-net=" + (1 + Math.floorMod(run.hashCode(), SOURCE_NETS)),
                "--run=" + run,
                "--first=" + first,
                "--count=" + count,
                "--keep-alive=" + keepAliveSeconds));
        if (server instanceof HongyanServer hongyan) {
            arguments.add("--secret-file=" + hongyan.secretFile());
        }
        return new HolderProcess(HelperProcess.start(List.of(), "1g", arguments));
    }

    /** Returns when all its clients are connected and subscribed. */
    void awaitHeld() {
        process.await(HoldCommand.HELD);
    }

    /** Disconnects the clients and returns what had happened to them. */
    Report release() {
        String[] words = process.release(HoldCommand.ENDED).split(" ", 3);
        return new Report(Long.parseLong(words[0]), Long.parseLong(words[1]), words[2]);
    }

    @Override
    public void close() {
        process.close();
    }
}
