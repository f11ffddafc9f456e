package io.hongyan.im.adapter.sql.mysql;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Leaves work that any node may do to one of them, such as trimming: by the database's clock. For a moment two nodes may believe
 * that they hold it; what is done under it is harmless if done twice. Safe for many threads.
 */
final class MysqlLease {
    private static final long LEASE_MILLIS = 10_000;
    private static final long ASK_NANOS = TimeUnit.MILLISECONDS.toNanos(LEASE_MILLIS / 4);
    private static final String NOW = "CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)";

    private final MysqlWriteExecutor writes;
    private final LongSupplier nanoTime;
    private final String name;
    private final String holder = UUID.randomUUID().toString();

    // Guarded by this.
    private boolean asked;
    private long askedAtNanos;
    private boolean held;

    MysqlLease(MysqlWriteExecutor writes, LongSupplier nanoTime, String name) {
        this.writes = writes;
        this.nanoTime = nanoTime;
        this.name = name;
    }

    /** Whether it is this node's; asks the database now and then. */
    synchronized boolean held() {
        long now = nanoTime.getAsLong();
        if (!asked || now - askedAtNanos >= ASK_NANOS) {
            held = false;
            held = writes.run(this::take);
            asked = true;
            askedAtNanos = now;
        }
        return held;
    }

    private boolean take(MysqlSession session) throws SQLException {
        if (renewed(session)) {
            return true;
        }
        try (PreparedStatement insert = session.connection()
                .prepareStatement("INSERT IGNORE INTO im_lease (name, holder, lease_until) VALUES (?, '', 0)")) {
            insert.setString(1, name);
            insert.executeUpdate();
        }
        return renewed(session);
    }

    private boolean renewed(MysqlSession session) throws SQLException {
        try (PreparedStatement update = session.connection()
                .prepareStatement("UPDATE im_lease SET holder = ?, lease_until = " + NOW + " + " + LEASE_MILLIS
                        + " WHERE name = ? AND (holder = ? OR lease_until <= " + NOW + ")")) {
            update.setString(1, holder);
            update.setString(2, name);
            update.setString(3, holder);
            return update.executeUpdate() > 0;
        }
    }

    /** Leaves the work to others. */
    synchronized void release() {
        if (held) {
            held = false;
            writes.run(session -> {
                try (PreparedStatement update = session.connection()
                        .prepareStatement("UPDATE im_lease SET lease_until = 0 WHERE name = ? AND holder = ?")) {
                    update.setString(1, name);
                    update.setString(2, holder);
                    return update.executeUpdate();
                }
            });
        }
    }
}
