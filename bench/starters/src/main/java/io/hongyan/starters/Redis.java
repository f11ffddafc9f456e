package io.hongyan.starters;

import java.nio.file.Path;
import java.util.List;

/** One Redis with an append-only file: answered writes survive SIGKILL. */
public final class Redis extends LocalServer {
    private static Redis shared;

    private Redis(Path directory, List<String> options) {
        super("redis", directory, options);
    }

    /**
     * The shared server of this JVM, which ends with it. A test that uses it takes its own keys and channels, and does
     * not kill it.
     */
    public static synchronized Redis shared() {
        if (shared == null) {
            shared = started(null);
            shared.share();
        }
        return shared;
    }

    /** @param directory for data and logs, which are kept; null for a new one */
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
