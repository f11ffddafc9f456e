package io.hongyan.im.app.rocketmq;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real RocketMQ name server, broker and gRPC proxy as a process on free ports. */
final class RocketMqProcess implements AutoCloseable {
    private static final Duration READY_MAX = Duration.ofSeconds(120);
    private static final String MAIN = "io.hongyan.servers.ServersMain";

    static {
        // Netty reads this once, at its first use, which here may be by a client of RocketMQ instead of our server.
        System.setProperty("io.netty.bootstrap.extensions", "serviceload");
    }

    /** One for all tests of this JVM; ended with it. */
    private static RocketMqProcess shared;

    private final Path directory;
    private final int nameServerPort;
    private final int brokerPort;
    private final int proxyPort;
    private Process process;
    private int starts;

    private RocketMqProcess(Path directory) throws IOException {
        this.directory = directory;
        this.nameServerPort = freePort();
        this.brokerPort = freePortWithOneTwoBelow();
        this.proxyPort = freePort();
    }

    /** Running, without topics. */
    static synchronized RocketMqProcess shared() throws Exception {
        if (shared == null) {
            Path parent = Files.createDirectories(Path.of("target", "rocketmq").toAbsolutePath());
            shared = new RocketMqProcess(Files.createTempDirectory(parent, "run-"));
            Runtime.getRuntime().addShutdownHook(new Thread(shared::close));
            shared.start();
        }
        return shared;
    }

    String nameServer() {
        return "127.0.0.1:" + nameServerPort;
    }

    String proxy() {
        return "127.0.0.1:" + proxyPort;
    }

    /**
     * On return the topics made so far can be used.
     *
     * @param more options of the broker
     */
    void start(String... more) throws IOException {
        Path log = log(++starts);
        List<String> arguments = new ArrayList<>(List.of(
                "rocketmq",
                "--directory",
                directory.resolve("data").toString(),
                "--port-namesrv",
                "" + nameServerPort,
                "--port-broker",
                "" + brokerPort,
                "--proxy",
                "--port-proxy",
                "" + proxyPort,
                "--full-while",
                full().toString()));
        arguments.addAll(List.of(more));
        process = run(log, arguments.toArray(String[]::new));
        await().atMost(READY_MAX).until(() -> {
            if (!process.isAlive()) {
                throw new AssertionError("RocketMQ has ended: " + Files.readString(log));
            }
            return Files.readString(log).contains("ready: ");
        });
    }

    /** With SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Makes the broker refuse what is written to it, as when its disk is full, and ends that again. */
    void beFull(boolean is) throws IOException {
        if (is) {
            Files.createFile(full());
        } else {
            Files.deleteIfExists(full());
        }
    }

    private Path full() {
        return directory.resolve("full");
    }

    /** @param names topics as {@code NAME:QUEUES} or {@code NAME:QUEUES:readonly} */
    void makeTopics(String... names) throws Exception {
        make(Stream.of(names).flatMap(name -> Stream.of("--topic", name)));
    }

    /** Needed before a consumer comes by gRPC. */
    void makeGroup(String name) throws Exception {
        make(Stream.of("--group", name));
    }

    private void make(Stream<String> what) throws Exception {
        Path log = directory.resolve("make.log");
        Process making = run(
                log,
                Stream.concat(
                                Stream.of("topic", "--namesrv", nameServer(), "--broker", "127.0.0.1:" + brokerPort),
                                what)
                        .toArray(String[]::new));
        if (!making.waitFor(READY_MAX.toSeconds(), TimeUnit.SECONDS) || making.exitValue() != 0) {
            making.destroyForcibly();
            throw new AssertionError("nothing was made in RocketMQ: " + Files.readString(log));
        }
    }

    private Path log(int number) {
        return directory.resolve("rocketmq-" + number + ".log");
    }

    private Process run(Path log, String... arguments) throws IOException {
        Path target = Path.of("..", "..", "bench", "servers", "target")
                .toAbsolutePath()
                .normalize();
        if (!Files.isDirectory(target.resolve("classes")) || !Files.isDirectory(target.resolve("lib"))) {
            throw new AssertionError("build bench/servers first: there is nothing in " + target);
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "--add-opens=java.base/java.util=ALL-UNNAMED",
                "-cp",
                target.resolve("classes") + ":" + target.resolve("lib") + "/*",
                MAIN));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** A broker takes the port two below its own as well. */
    private static int freePortWithOneTwoBelow() throws IOException {
        while (true) {
            int port = freePort();
            try (ServerSocket below = new ServerSocket(port - 2, 1, InetAddress.getLoopbackAddress())) {
                return below.getLocalPort() + 2;
            } catch (IOException taken) {
                // Then another one.
            }
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
