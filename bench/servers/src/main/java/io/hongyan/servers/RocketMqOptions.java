package io.hongyan.servers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/**
 * Where RocketMQ listens and stores its data, and which topics and groups are created. All listeners are bound to
 * 127.0.0.1.
 */
final class RocketMqOptions {
    static final String HOST = "127.0.0.1";

    @Option(names = "--directory", required = true, description = "directory for all data")
    Path directory;

    @Option(names = "--port-namesrv", defaultValue = "9876", description = "name server (default ${DEFAULT-VALUE})")
    int nameServerPort;

    @Option(
            names = "--port-broker",
            defaultValue = "10911",
            description = "broker; it also uses the port two below (default ${DEFAULT-VALUE})")
    int brokerPort;

    @Option(names = "--proxy", description = "also serve gRPC clients")
    boolean proxy;

    @Option(names = "--port-proxy", defaultValue = "8081", description = "gRPC proxy (default ${DEFAULT-VALUE})")
    int proxyPort;

    @Option(
            names = "--message-bytes-max",
            defaultValue = "4194304",
            description = "largest message that the broker accepts (default ${DEFAULT-VALUE})")
    int messageBytesMax;

    @Option(
            names = "--full-while",
            description = "while this file exists the broker refuses messages, as when its disk is full")
    Path fullWhile;

    @Option(names = "--requests", description = "directory for requests to create topics and groups while it runs")
    Path requests;

    @Option(names = "--topic", converter = Topic.Converter.class, description = "NAME[:QUEUES[:readonly]], repeatable")
    List<Topic> topics = new ArrayList<>();

    @Option(
            names = "--group",
            converter = ConsumerGroup.Converter.class,
            description = "consumer group NAME[:ordered], repeatable; gRPC consumers need it created first")
    List<ConsumerGroup> groups = new ArrayList<>();

    @Option(
            names = "--only",
            description = "start one part: ${COMPLETION-CANDIDATES}; the proxy is part of the broker (default: all)")
    Part only;

    @Option(
            names = "--sync-flush",
            description = "answer a message when it is on the disk; RocketMQ's default is before that")
    boolean syncFlush;

    @Option(
            names = "--certificate",
            description = "certificate for clients that use TLS, PEM; plain connections are still accepted")
    Path certificate;

    @Option(names = "--key", description = "its private key, PEM (PKCS 8)")
    Path key;

    /** Parts that can be separate processes. */
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
