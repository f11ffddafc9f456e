package io.hongyan.starters;

import java.nio.file.Path;
import java.util.List;

/** Oracle MySQL 8.0, fetched with Maven the first time; it has MySQL's default collation. */
public final class MySql8 extends SqlServer {
    private static MySql8 shared;

    private MySql8(Path directory, String... serverOptions) {
        super("mysql", directory, List.of(serverOptions));
    }

    /**
     * The shared server of this JVM, which ends with it. A test that uses it takes its own database, and does not kill
     * it: it does not wait for the disk.
     */
    public static synchronized MySql8 shared() {
        if (shared == null) {
            shared = started(WITHOUT_SYNC);
            shared.share();
        }
        return shared;
    }

    /** @param serverOptions as the server itself takes them, added to those of {@code scripts/servers} */
    public static MySql8 started(String... serverOptions) {
        return started(null, serverOptions);
    }

    /** @param directory for data and logs, which are kept; null for a new one */
    public static MySql8 started(Path directory, String... serverOptions) {
        MySql8 server = new MySql8(directory, serverOptions);
        server.start();
        return server;
    }
}
