package io.hongyan.im.adapter.sql;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;

/** Whether a database is away: then nobody waits for it, until somebody has reached it again. Safe for many threads. */
final class Circuit {
    private volatile boolean open;

    /** Notes what a failure says about the database. */
    void failed(Throwable failure) {
        if (isOfTheConnection(failure)) {
            open = true;
        }
    }

    void reached() {
        open = false;
    }

    boolean isOpen() {
        return open;
    }

    private static boolean isOfTheConnection(Throwable failure) {
        SQLException error = MysqlErrors.in(failure);
        if (error == null) {
            return false;
        }
        String state = error.getSQLState();
        return error instanceof SQLTransientConnectionException && error.getCause() instanceof SQLException
                || error instanceof SQLNonTransientConnectionException
                || state != null && state.startsWith("08");
    }
}
