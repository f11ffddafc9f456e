package io.hongyan.bench.server;

import io.hongyan.bench.time.BenchTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A real RocketMQ name server and broker as a process on free ports, with the topic of the feed. */
public final class RocketMqServer implements AutoCloseable {
    public static final String TOPIC = "hongyan-feed";

    private static final int QUEUES = 8;
    private static final String MAIN_CLASS = "io.hongyan.servers.ServersMain";
    private static final long READY_MILLIS_MAX = 120_000;
    private static final long POLL_MILLIS = 20;

    private final Path home;
    private final Path directory;
    private final BenchTime time;
    private final int nameServerPort = ChildProcess.freePort();
    private final int brokerPort = freePortWithOneTwoBelow();
    private ChildProcess process;
    private int starts;

    private RocketMqServer(Path home, Path directory, BenchTime time) {
        this.home = home;
        this.directory = directory.toAbsolutePath();
        this.time = time;
    }

    /**
     * Starts one and returns when its topic can be used.
     *
     * @param home the project's directory, with {@code bench/servers} built
     */
    public static RocketMqServer start(Path home, Path directory, BenchTime time) {
        RocketMqServer server = new RocketMqServer(home, directory, time);
        server.start();
        return server;
    }

    public static boolean isBuilt(Path home) {
        return Files.isDirectory(target(home).resolve("lib"));
    }

    public String nameServer() {
        return "127.0.0.1:" + nameServerPort;
    }

    /** Ends it with SIGKILL; its data stays. */
    public void kill() {
        process.kill();
    }

    /** Starts it, also again after {@link #kill}; on return its topic can be used. */
    public void start() {
        Path target = target(home);
        if (!isBuilt(home)) {
            throw new IllegalStateException("RocketMQ is not built: " + target.resolve("lib") + " is missing");
        }
        // Each start has a log of its own: in it "ready" is awaited.
        process = ChildProcess.start(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
                        "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                        "--add-opens=java.base/java.nio=ALL-UNNAMED",
                        "--add-opens=java.base/java.util=ALL-UNNAMED",
                        "-cp",
                        target.resolve("classes") + ":" + target.resolve("lib") + "/*",
                        MAIN_CLASS,
                        "rocketmq",
                        "--directory",
                        directory.resolve("data").toString(),
                        "--port-namesrv",
                        Integer.toString(nameServerPort),
                        "--port-broker",
                        Integer.toString(brokerPort),
                        "--topic",
                        TOPIC + ":" + QUEUES),
                directory.resolve("start-" + ++starts));
        long giveUp = time.nanos() + READY_MILLIS_MAX * 1_000_000L;
        try {
            while (process.logEnd().lines().noneMatch(line -> line.startsWith("ready: "))) {
                process.failIfEndedOrLate(time, giveUp, "make RocketMQ ready");
                time.pause(POLL_MILLIS);
            }
        } catch (RuntimeException e) {
            process.close();
            throw e;
        }
    }

    private static Path target(Path home) {
        return home.resolve("bench/servers/target").toAbsolutePath().normalize();
    }

    /** A broker takes the port two below its own as well. */
    private static int freePortWithOneTwoBelow() {
        while (true) {
            int port = ChildProcess.freePort();
            try (ServerSocket below = new ServerSocket(port - 2, 1, InetAddress.getLoopbackAddress())) {
                return below.getLocalPort() + 2;
            } catch (IOException taken) {
                // Then another one.
            }
        }
    }

    @Override
    public void close() {
        process.kill();
    }
}
