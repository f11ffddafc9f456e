package io.hongyan.im.adapter.sql.mysql;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;

/** Open while a database is away: then nobody waits for it, until it was reached again. Safe for many threads. */
final class ShardCircuitBreaker {
    private volatile boolean open;

    /** Notes whether the database was reached just now. */
    void found(boolean reached) {
        open = !reached;
    }

    boolean isOpen() {
        return open;
    }

    /** Whether a failure is reason to look: one connection may have broken, or all of them. */
    static boolean isOfTheConnection(Throwable failure) {
        SQLException error = MysqlErrors.in(failure);
        if (error == null) {
            return false;
        }
        String state = error.getSQLState();
        return error instanceof SQLTransientConnectionException
                || error instanceof SQLNonTransientConnectionException
                || state != null && state.startsWith("08");
    }
}
