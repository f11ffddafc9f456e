package io.hongyan.starters;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/** A Redis master, its replica, and sentinels that make the replica the master when the master has failed. */
public final class RedisSentinel extends LocalServer {
    private static RedisSentinel shared;

    private RedisSentinel(Path directory, List<String> options) {
        super("redis-sentinel", directory, options);
    }

    /**
     * The shared server of this JVM, which ends with it. A test that uses it takes its own keys and channels, and does
     * not kill it.
     */
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
     * @param directory for data and logs, which are kept; null for a new one
     * @param sentinels 1 or 3
     */
    public static RedisSentinel started(Path directory, int sentinels) {
        RedisSentinel server = new RedisSentinel(directory, List.of("--sentinels", String.valueOf(sentinels)));
        server.start();
        return server;
    }

    /** Of the members {@code sentinel-1} and so on. */
    public List<InetSocketAddress> sentinels() {
        return SocketAddresses.of(fact("sentinels"));
    }

    /** The master's name in the sentinels. */
    public String masterName() {
        return fact("master");
    }
}
