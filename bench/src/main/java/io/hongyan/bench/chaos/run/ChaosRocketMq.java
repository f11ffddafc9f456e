package io.hongyan.bench.chaos.run;

import io.hongyan.bench.time.BenchTime;
import io.hongyan.starters.RocketMq;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The RocketMQ of a run: the name server is one process, the broker with the gRPC proxy another one. Used by one thread
 * at a time.
 */
final class ChaosRocketMq implements AutoCloseable {
    static final String TOPIC = "feed";
    static final String REMOTING_GROUP = "chaos-remoting";
    static final String GRPC_GROUP = "chaos-grpc";

    private static final int QUEUES = 4;

    private final RocketMq servers;
    private final BenchTime time;

    /** Processes that can be killed. */
    enum Part {
        NAME_SERVER(RocketMq.NAME_SERVER),
        BROKER(RocketMq.BROKER);

        private final String member;

        Part(String member) {
            this.member = member;
        }

        /** Its name in a history. */
        String written() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private ChaosRocketMq(RocketMq servers, BenchTime time) {
        this.servers = servers;
        this.time = time;
    }

    /**
     * Returns when its topic can be used.
     *
     * @param parent directory for its data and logs
     */
    static ChaosRocketMq started(Path parent, BenchTime time) {
        RocketMq servers = RocketMq.started(
                parent.resolve("rocketmq"),
                "--apart",
                "--proxy",
                // Acknowledged messages must be there after a restart.
                "--sync-flush",
                "--topic",
                TOPIC + ':' + QUEUES,
                "--group",
                REMOTING_GROUP,
                "--group",
                GRPC_GROUP + ":ordered");
        return new ChaosRocketMq(servers, time);
    }

    /** {@code HOST:PORT}. */
    String nameServerAddress() {
        return servers.nameServer();
    }

    /** A consumer with RocketMQ's remoting client. */
    FeedSource remotingConsumer() {
        return consumer("rocketmq-remoting", REMOTING_GROUP, false);
    }

    /** A consumer with RocketMQ's gRPC client. */
    FeedSource grpcConsumer() {
        return consumer("rocketmq-grpc", GRPC_GROUP, true);
    }

    private FeedSource consumer(String name, String group, boolean grpc) {
        Path log = servers.directory().resolve(name + ".log");
        return new RocketMqFeed(name, servers.consumer(TOPIC, group, grpc), log, time);
    }

    /** Returns at once. */
    void start(Part part) {
        servers.startWithoutWaiting(part.member);
    }

    /** SIGKILL; returns when the process has ended. */
    void kill(Part part) {
        servers.kill(part.member);
    }

    /**
     * Returns when the topic can be used, after parts were started.
     *
     * @throws IllegalStateException it has not become ready, or a part has ended by itself
     */
    void awaitReady() {
        servers.awaitReady();
    }

    @Override
    public void close() {
        servers.close();
    }
}
