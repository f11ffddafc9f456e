package io.hongyan.starters;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/** A Redis master, a replica of it, and sentinels that make the replica the master when the master is gone. */
public final class RedisSentinel extends LocalServer {
    private static RedisSentinel shared;

    private RedisSentinel(Path directory, List<String> options) {
        super("redis-sentinel", directory, options);
    }

    /** The one of this JVM, which ends with it. Who uses it takes keys and channels of its own, and does not kill it. */
    public static synchronized RedisSentinel shared() {
        if (shared == null) {
            shared = started(null);
        }
        return shared;
    }

    /** With three sentinels. */
    public static RedisSentinel started(Path directory) {
        return started(directory, 3);
    }

    /**
     * @param directory where data and logs go, which stay; null for a new one
     * @param sentinels 1 or 3
     */
    public static RedisSentinel started(Path directory, int sentinels) {
        RedisSentinel server = new RedisSentinel(directory, List.of("--sentinels", String.valueOf(sentinels)));
        server.start();
        return server;
    }

    /** Of the members {@code sentinel-1} and so on. */
    public List<InetSocketAddress> sentinels() {
        return Addresses.of(fact("sentinels"));
    }

    /** What the sentinels call the master. */
    public String masterName() {
        return fact("master");
    }
}
