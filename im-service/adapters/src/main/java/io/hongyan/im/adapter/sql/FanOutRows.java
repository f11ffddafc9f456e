package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.send.FanOutRules;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The statements of markers. Writer's thread only. */
public final class FanOutRows {
    private final PreparedStatement insert;
    private final PreparedStatement findOldest;
    private final PreparedStatement update;
    private final PreparedStatement delete;

    public FanOutRows(Connection connection) throws SQLException {
        insert = connection.prepareStatement("INSERT INTO im_fanout (conversation_id, seq) VALUES (?, ?)");
        findOldest = connection.prepareStatement("""
                SELECT seq, progress, worker, lease_until FROM im_fanout
                    WHERE conversation_id = ? ORDER BY seq LIMIT 1""");
        update = connection.prepareStatement("""
                UPDATE im_fanout SET progress = ?, worker = ?, lease_until = ?
                    WHERE conversation_id = ? AND seq = ?""");
        delete = connection.prepareStatement("DELETE FROM im_fanout WHERE conversation_id = ? AND seq = ?");
    }

    public void insert(long conversationId, long seq) throws SQLException {
        insert.setLong(1, conversationId);
        insert.setLong(2, seq);
        insert.executeUpdate();
    }

    /** The oldest open marker, or null. */
    public Open oldest(long conversationId) throws SQLException {
        findOldest.setLong(1, conversationId);
        try (ResultSet row = findOldest.executeQuery()) {
            return row.next() ? new Open(row.getLong(1), row.getString(2), row.getString(3), row.getLong(4)) : null;
        }
    }

    /** The oldest open marker above a number, or null. */
    public Open next(long conversationId, long seq) throws SQLException {
        try (PreparedStatement find = findOldest
                .getConnection()
                .prepareStatement("SELECT seq, progress, worker, lease_until FROM im_fanout"
                        + " WHERE conversation_id = ? AND seq > ? ORDER BY seq LIMIT 1")) {
            find.setLong(1, conversationId);
            find.setLong(2, seq);
            try (ResultSet row = find.executeQuery()) {
                return row.next() ? new Open(row.getLong(1), row.getString(2), row.getString(3), row.getLong(4)) : null;
            }
        }
    }

    public void update(long conversationId, Open marker) throws SQLException {
        update.setString(1, marker.progress());
        update.setString(2, marker.worker());
        update.setLong(3, marker.leaseUntilMillis());
        update.setLong(4, conversationId);
        update.setLong(5, marker.seq());
        update.executeUpdate();
    }

    public void delete(long conversationId, long seq) throws SQLException {
        delete.setLong(1, conversationId);
        delete.setLong(2, seq);
        delete.executeUpdate();
    }

    /**
     * @param progress uid of the last recipient whose row is written, empty before the first
     * @param worker who holds the lease, null where nobody ever did
     */
    public record Open(long seq, String progress, String worker, long leaseUntilMillis) {
        public boolean heldByAnother(String asking, long nowMillis) {
            return !FanOutRules.mayTake(asking, worker, leaseUntilMillis, nowMillis);
        }
    }
}
