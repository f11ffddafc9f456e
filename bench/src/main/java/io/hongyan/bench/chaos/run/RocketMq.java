package io.hongyan.bench.chaos.run;

import io.hongyan.bench.time.BenchTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * A real RocketMQ on ports of its own: the name server a process, the broker with the gRPC proxy another one. They keep
 * ports and data however often they are killed and started. Used by one thread at a time.
 */
final class RocketMq implements AutoCloseable {
    static final String TOPIC = "feed";
    static final String REMOTING_GROUP = "chaos-remoting";
    static final String GRPC_GROUP = "chaos-grpc";

    private static final String MAIN_CLASS = "io.hongyan.servers.ServersMain";
    private static final int QUEUES = 4;
    /** The broker's second port lies so much below its first. */
    private static final int SECOND_PORT_BELOW = 2;

    private static final long READY_MILLIS_MAX = 240_000;
    private static final long POLL_MILLIS = 20;
    private static final String READY = "ready: ";

    private final Path directory;
    private final Path built;
    private final BenchTime time;
    private final String nameServerPort;
    private final String brokerPort;
    private final String proxyPort;
    private final ChildProcess nameServer;
    private final ChildProcess broker;
    private long brokerLogBegin;

    /** What can be killed. */
    enum Part {
        NAME_SERVER,
        BROKER;

        /** As a history calls it. */
        String written() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * @param home the project's directory, with {@code bench/servers} built
     * @param parent where its data and logs go
     */
    RocketMq(Path home, Path parent, RandomGenerator ports, BenchTime time) {
        this.time = time;
        built = home.resolve("bench/servers/target");
        if (!Files.isDirectory(built.resolve("classes")) || !Files.isDirectory(built.resolve("lib"))) {
            throw new IllegalStateException("bench/servers is not built: there is nothing in " + built);
        }
        directory = parent.resolve("rocketmq").toAbsolutePath();
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        nameServerPort = String.valueOf(FreePorts.draw(ports));
        brokerPort = String.valueOf(FreePorts.drawWithOneBelow(SECOND_PORT_BELOW, ports));
        proxyPort = String.valueOf(FreePorts.draw(ports));
        nameServer = ChildProcess.logging(command("-Xmx64m", "", server(Part.NAME_SERVER)), log(Part.NAME_SERVER));
        List<String> brokerCommand = command("-Xmx256m", "", server(Part.BROKER));
        brokerCommand.addAll(List.of("--port-broker", brokerPort, "--proxy", "--port-proxy", proxyPort));
        // What it has acknowledged is to be there when it comes back.
        brokerCommand.addAll(List.of("--sync-flush", "--topic", TOPIC + ':' + QUEUES));
        brokerCommand.addAll(List.of("--group", REMOTING_GROUP, "--group", GRPC_GROUP + ":ordered"));
        broker = ChildProcess.logging(brokerCommand, log(Part.BROKER));
    }

    private List<String> server(Part part) {
        return List.of(
                "rocketmq",
                "--only",
                part.name(),
                "--directory",
                directory.resolve(part.written()).toString(),
                "--port-namesrv",
                nameServerPort);
    }

    /** @param first what the class path begins with, with a colon at its end */
    private List<String> command(String heap, String first, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                ChildProcess.java(),
                heap,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Drocketmq.log.root=" + directory.resolve("clients"),
                "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "--add-opens=java.base/java.util=ALL-UNNAMED",
                "-cp",
                first + built.resolve("classes") + ":" + built.resolve("lib") + "/*",
                MAIN_CLASS));
        command.addAll(arguments);
        return command;
    }

    private Path log(Part part) {
        return directory.resolve(part.written() + ".log");
    }

    /** {@code HOST:PORT}. */
    String nameServerAddress() {
        return "127.0.0.1:" + nameServerPort;
    }

    /** A consumer with RocketMQ's remoting client. */
    FeedSource remotingConsumer() {
        return consumer("rocketmq-remoting", "", REMOTING_GROUP, "--namesrv", nameServerAddress());
    }

    /** A consumer with RocketMQ's gRPC client. */
    FeedSource grpcConsumer() {
        String client = built.resolve("grpc-client") + "/*:";
        return consumer("rocketmq-grpc", client, GRPC_GROUP, "--grpc", "127.0.0.1:" + proxyPort);
    }

    private FeedSource consumer(String name, String client, String group, String option, String address) {
        List<String> arguments = List.of("consume", "--topic", TOPIC, "--group", group, option, address);
        List<String> command = command("-Xmx128m", client, arguments);
        return new RocketMqFeed(name, command, directory.resolve(name + ".log"), time);
    }

    void start(Part part) {
        if (part == Part.BROKER) {
            brokerLogBegin = Files.exists(log(part)) ? size(log(part)) : 0;
        }
        child(part).start();
    }

    /** SIGKILL; returns when it is gone. */
    void kill(Part part) {
        child(part).kill();
    }

    /** Whether the topic can be used since the broker was started last. */
    boolean isReady() {
        failIfEnded(Part.NAME_SERVER);
        failIfEnded(Part.BROKER);
        try {
            String log = Files.readString(log(Part.BROKER));
            return log.substring((int) brokerLogBegin).lines().anyMatch(line -> line.startsWith(READY));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void awaitReady() {
        long giveUp = time.nanos() + TimeUnit.MILLISECONDS.toNanos(READY_MILLIS_MAX);
        while (!isReady()) {
            if (time.nanos() > giveUp) {
                throw new IllegalStateException(
                        "RocketMQ is not ready after " + READY_MILLIS_MAX + " ms; see " + log(Part.BROKER));
            }
            time.pause(POLL_MILLIS);
        }
    }

    private void failIfEnded(Part part) {
        ChildProcess child = child(part);
        if (!child.isAlive()) {
            throw new IllegalStateException("RocketMQ's " + part.written() + " ended by itself with code "
                    + child.exitValue() + "; see " + log(part));
        }
    }

    private ChildProcess child(Part part) {
        return part == Part.BROKER ? broker : nameServer;
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        broker.close();
        nameServer.close();
    }
}
