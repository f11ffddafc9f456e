package io.hongyan.starters;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A RocketMQ name server and broker, in one process or, with the option {@code --apart}, as members
 * {@link #NAME_SERVER} and {@link #BROKER}. It starts the build of {@code bench/servers}.
 */
public final class RocketMq extends LocalServer {
    public static final String NAME_SERVER = "namesrv";
    public static final String BROKER = "broker";

    private static RocketMq shared;

    private final Path full = directory().resolve("full");

    private RocketMq(Path directory, List<String> options) {
        super("rocketmq", directory, options);
    }

    /**
     * The shared server of this JVM, with a gRPC proxy, which ends with it. A test that uses it takes its own topics
     * and groups.
     */
    public static synchronized RocketMq shared() {
        if (shared == null) {
            shared = started(null, "--proxy");
        }
        return shared;
    }

    /**
     * @param directory for data and logs, which are kept; null for a new one
     * @param options as for {@code scripts/servers rocketmq}
     */
    public static RocketMq started(Path directory, String... options) {
        RocketMq server = new RocketMq(directory, List.of(options));
        server.start();
        return server;
    }

    /** Starts without waiting; {@link #awaitReady} waits. */
    public void startWithoutWaiting(String... members) {
        start(List.of(members), List.of("--no-wait"));
    }

    /**
     * Returns when topics can be used.
     *
     * @throws IllegalStateException it has not become ready, or a part of it has ended by itself
     */
    public void awaitReady() {
        awaitReady(List.of());
    }

    /** @param serverOptions of the program in {@code bench/servers}, for this start alone */
    public void startWith(String... serverOptions) {
        List<String> more = new ArrayList<>(List.of("--"));
        more.addAll(List.of(serverOptions));
        start(List.of(), more);
    }

    /** Makes the broker refuse writes, as when its disk is full, or ends that. */
    public void beFull(boolean is) {
        try {
            if (is) {
                Files.createFile(full);
            } else {
                Files.deleteIfExists(full);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code HOST:PORT} of the name server. */
    public String nameServer() {
        return fact("namesrv");
    }

    /** {@code HOST:PORT} of the gRPC proxy. */
    public String proxy() {
        return fact("proxy");
    }

    /** @param names topics as {@code NAME:QUEUES} or {@code NAME:QUEUES:readonly} */
    public void makeTopics(String... names) {
        call("topic", List.of(), repeated("--topic", names));
    }

    /** @param names {@code NAME} or {@code NAME:ordered}; needed before a consumer comes by gRPC */
    public void makeGroups(String... names) {
        call("topic", List.of(), repeated("--group", names));
    }

    /** The command of a process that prints the messages; its process becomes the consumer, without a shell between. */
    public List<String> consumer(String topic, String group, boolean grpc) {
        List<String> options = new ArrayList<>(List.of("--topic", topic, "--group", group));
        if (grpc) {
            options.add("--grpc");
        }
        return ServersScript.command(arguments("consume", List.of(), options));
    }

    private static List<String> repeated(String option, String... values) {
        return Stream.of(values).flatMap(value -> Stream.of(option, value)).toList();
    }
}
