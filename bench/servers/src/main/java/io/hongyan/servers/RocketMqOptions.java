package io.hongyan.servers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Where RocketMQ listens and keeps its data, and what is made in it. All listeners are bound to 127.0.0.1. */
final class RocketMqOptions {
    static final String HOST = "127.0.0.1";

    @Option(names = "--directory", required = true, description = "where everything is kept")
    Path directory;

    @Option(names = "--port-namesrv", defaultValue = "9876", description = "name server (default ${DEFAULT-VALUE})")
    int nameServerPort;

    @Option(
            names = "--port-broker",
            defaultValue = "10911",
            description = "broker; the port two below is its second one (default ${DEFAULT-VALUE})")
    int brokerPort;

    @Option(names = "--proxy", description = "also serve gRPC clients")
    boolean proxy;

    @Option(names = "--port-proxy", defaultValue = "8081", description = "gRPC proxy (default ${DEFAULT-VALUE})")
    int proxyPort;

    @Option(
            names = "--message-bytes-max",
            defaultValue = "4194304",
            description = "largest message that the broker takes (default ${DEFAULT-VALUE})")
    int messageBytesMax;

    @Option(
            names = "--full-while",
            description = "while this file exists the broker takes no messages, as when its disk is full")
    Path fullWhile;

    @Option(names = "--requests", description = "directory in which topics and groups are asked for while it runs")
    Path requests;

    @Option(names = "--topic", converter = Topic.Converter.class, description = "NAME[:QUEUES[:readonly]], repeatable")
    List<Topic> topics = new ArrayList<>();

    @Option(
            names = "--group",
            converter = ConsumerGroup.Converter.class,
            description = "consumer group NAME[:ordered], repeatable; gRPC consumers need theirs made before")
    List<ConsumerGroup> groups = new ArrayList<>();

    @Option(
            names = "--only",
            description = "start one part: ${COMPLETION-CANDIDATES}; the proxy goes with the broker (default: all)")
    Part only;

    @Option(
            names = "--sync-flush",
            description = "answer a message when it is on the disk; RocketMQ's default is before")
    boolean syncFlush;

    @Option(
            names = "--certificate",
            description = "what name server and broker show to clients that speak TLS, PEM; plain ones stay welcome")
    Path certificate;

    @Option(names = "--key", description = "its private key, PEM (PKCS 8)")
    Path key;

    /** What can be a process of its own. */
    enum Part {
        NAME_SERVER,
        BROKER
    }

    boolean has(Part part) {
        return only == null || only == part;
    }

    String nameServer() {
        return HOST + ":" + nameServerPort;
    }

    String broker() {
        return HOST + ":" + brokerPort;
    }
}
