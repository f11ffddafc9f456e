package io.hongyan.starters;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A database server with MySQL's protocol; root needs no password. */
public abstract sealed class SqlServer extends LocalServer permits MariaDb, MySql8 {
    private static final String DATABASE = "/hongyan?";

    /** What is committed may be lost with the machine. */
    static final String[] WITHOUT_SYNC = {
        "--innodb-flush-method=nosync", "--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=0"
    };

    SqlServer(String name, Path directory, List<String> serverOptions) {
        super(name, directory, afterDashes(serverOptions));
    }

    private static List<String> afterDashes(List<String> serverOptions) {
        return serverOptions.isEmpty()
                ? List.of()
                : Stream.concat(Stream.of("--"), serverOptions.stream()).toList();
    }

    /** For MySQL's Connector/J, without user and password. The first connection creates the database. */
    public final String jdbcUrl(String database) {
        return fact("url").replace(DATABASE, "/" + database + "?");
    }

    public final String host() {
        return fact("host");
    }

    public final int port() {
        return Integer.parseInt(fact("port"));
    }

    public final String user() {
        return fact("user");
    }

    /** Empty. */
    public final String password() {
        return fact("password");
    }
}
