package io.hongyan.starters;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/** A Redis Cluster of three masters without replicas; it is ready when each of them reports so. */
public final class RedisCluster extends LocalServer {
    private static RedisCluster shared;

    private RedisCluster(Path directory, List<String> options) {
        super("redis-cluster", directory, options);
    }

    /**
     * The shared server of this JVM, which ends with it. A test that uses it takes its own keys and channels, and does
     * not kill it.
     */
    public static synchronized RedisCluster shared() {
        if (shared == null) {
            shared = started(null);
            shared.share();
        }
        return shared;
    }

    /** @param directory for data and logs, which are kept; null for a new one */
    public static RedisCluster started(Path directory) {
        RedisCluster server = new RedisCluster(directory, List.of());
        server.start();
        return server;
    }

    /** Of the members {@code node-1}, {@code node-2} and {@code node-3}, in this order. */
    public List<InetSocketAddress> nodes() {
        return SocketAddresses.of(fact("nodes"));
    }
}
