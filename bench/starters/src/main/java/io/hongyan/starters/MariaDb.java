package io.hongyan.starters;

import java.nio.file.Path;
import java.util.List;

/** MariaDB of Debian's packages; its default collation is utf8mb4_bin. */
public final class MariaDb extends SqlServer {
    private static MariaDb shared;

    private MariaDb(Path directory, String... serverOptions) {
        super("mariadb", directory, List.of(serverOptions));
    }

    /**
     * The shared server of this JVM, which ends with it. A test that uses it takes its own database, and does not kill
     * it: it does not wait for the disk.
     */
    public static synchronized MariaDb shared() {
        if (shared == null) {
            shared = started(WITHOUT_SYNC);
            shared.share();
        }
        return shared;
    }

    /** @param serverOptions as the server itself takes them, added to those of {@code scripts/servers} */
    public static MariaDb started(String... serverOptions) {
        return started(null, serverOptions);
    }

    /** @param directory for data and logs, which are kept; null for a new one */
    public static MariaDb started(Path directory, String... serverOptions) {
        MariaDb server = new MariaDb(directory, serverOptions);
        server.start();
        return server;
    }
}
