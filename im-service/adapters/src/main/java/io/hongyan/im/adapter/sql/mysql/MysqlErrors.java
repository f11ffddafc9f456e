package io.hongyan.im.adapter.sql.mysql;

import java.sql.SQLException;
import java.util.Set;

/** What an error of the server means. Numbers are those of the server, the same on MySQL and MariaDB. */
final class MysqlErrors {
    private static final int DEADLOCK = 1213;
    private static final int LOCK_WAIT_TIMEOUT = 1205;

    /** A row that another transaction has made since this one looked for it. */
    private static final int DUPLICATE_KEY = 1062;

    /** Of MariaDB with snapshot isolation. */
    private static final int CHANGED_SINCE_READ = 1020;

    private static final int PACKET_TOO_BIG = 1153;

    /** Of a server that has become a replica or is stopping: another connection may reach one that takes writes. */
    private static final Set<Integer> WRONG_SERVER = Set.of(1290, 1792, 1836, 1053);

    /** For all, or for this user: connections that are open go on. */
    private static final Set<Integer> TOO_MANY_CONNECTIONS = Set.of(1040, 1203, 1226);

    private MysqlErrors() {}

    /** The error beneath what a mapper has thrown; null where there is none. */
    static SQLException in(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
        }
        return null;
    }

    /** Whether the same transaction may well succeed if it is tried again at once. */
    static boolean isPassing(SQLException error) {
        return isDeadlock(error)
                || isLockTimeout(error)
                || error.getErrorCode() == DUPLICATE_KEY
                || error.getErrorCode() == CHANGED_SINCE_READ;
    }

    static boolean isDeadlock(SQLException error) {
        return error.getErrorCode() == DEADLOCK;
    }

    static boolean isLockTimeout(SQLException error) {
        return error.getErrorCode() == LOCK_WAIT_TIMEOUT;
    }

    /** Whether the values broke a rule of the tables or are too large: other values would have done. */
    static boolean isOfTheValues(SQLException error) {
        String state = error.getSQLState() == null ? "" : error.getSQLState();
        return state.startsWith("22")
                || state.startsWith("23")
                || error.getErrorCode() == PACKET_TOO_BIG
                || error.getClass().getSimpleName().equals("PacketTooBigException");
    }

    static boolean isOfTheServer(SQLException error) {
        return WRONG_SERVER.contains(error.getErrorCode());
    }

    /** Whether a server that is there takes no further connection. */
    static boolean isFull(SQLException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && TOO_MANY_CONNECTIONS.contains(sql.getErrorCode())) {
                return true;
            }
        }
        return false;
    }
}
