package io.hongyan.starters;

import java.nio.file.Path;
import java.util.List;

/** One Redis, with an append-only file: what it has answered survives SIGKILL. */
public final class Redis extends LocalServer {
    private static Redis shared;

    private Redis(Path directory, List<String> options) {
        super("redis", directory, options);
    }

    /** The one of this JVM, which ends with it. Who uses it takes keys and channels of its own, and does not kill it. */
    public static synchronized Redis shared() {
        if (shared == null) {
            shared = started(null);
            shared.share();
        }
        return shared;
    }

    /** @param directory where data and logs go, which stay; null for a new one */
    public static Redis started(Path directory) {
        Redis server = new Redis(directory, List.of());
        server.start();
        return server;
    }

    public String host() {
        return fact("host");
    }

    public int port() {
        return Integer.parseInt(fact("port"));
    }

    /** {@code redis://HOST:PORT}. */
    public String uri() {
        return fact("uri");
    }
}
