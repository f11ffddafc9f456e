package io.hongyan.im.adapter.sql.sqlite;

import io.hongyan.im.core.send.Appended.Repeated;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The statements of {@link DedupIndex}. Writer's thread only. */
final class DedupIndexRows {
    private final PreparedStatement findState;
    private final PreparedStatement updateState;
    private final PreparedStatement findKey;
    private final PreparedStatement insertKey;
    private final PreparedStatement findMessage;
    private final PreparedStatement findUnkeyed;

    DedupIndexRows(Connection connection) throws SQLException {
        findState = connection.prepareStatement("SELECT secret, keyed_id FROM im_message_key_state");
        updateState = connection.prepareStatement("UPDATE im_message_key_state SET keyed_id = ?");
        findKey = connection.prepareStatement("SELECT message_id FROM im_message_key WHERE slot = ?");
        insertKey = connection.prepareStatement("INSERT INTO im_message_key (slot, message_id) VALUES (?, ?)");
        findMessage = connection.prepareStatement("""
                SELECT seq, ordinal, sent_at, sender_inbox_seq FROM im_message
                    WHERE id = ? AND sender_id = ? AND client_message_id = ?""");
        findUnkeyed = connection.prepareStatement(
                "SELECT id, conversation_id, sender_id, client_message_id FROM im_message WHERE id > ? ORDER BY id");
    }

    State state() throws SQLException {
        try (ResultSet row = findState.executeQuery()) {
            row.next();
            return new State(row.getBytes(1), row.getLong(2));
        }
    }

    void keyedUpTo(long messageId) throws SQLException {
        updateState.setLong(1, messageId);
        updateState.executeUpdate();
    }

    /** The message whose key has this slot, 0 where it is free. */
    long find(long slot) throws SQLException {
        findKey.setLong(1, slot);
        try (ResultSet row = findKey.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    void insert(long slot, long messageId) throws SQLException {
        insertKey.setLong(1, slot);
        insertKey.setLong(2, messageId);
        insertKey.executeUpdate();
    }

    /** The answer a message got, or null where that message is another one than asked for. */
    Repeated answer(long messageId, long senderId, String clientMessageId) throws SQLException {
        findMessage.setLong(1, messageId);
        findMessage.setLong(2, senderId);
        findMessage.setString(3, clientMessageId);
        try (ResultSet row = findMessage.executeQuery()) {
            return row.next() ? new Repeated(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4)) : null;
        }
    }

    /** Messages above an id, rising. */
    void eachAbove(long messageId, Visitor visitor) throws SQLException {
        findUnkeyed.setLong(1, messageId);
        try (ResultSet row = findUnkeyed.executeQuery()) {
            while (row.next()) {
                visitor.message(row.getLong(1), row.getLong(2), row.getLong(3), row.getString(4));
            }
        }
    }

    /** The database's secret, and up to which message all keys are rows. */
    record State(byte[] secret, long keyedId) {}

    @FunctionalInterface
    interface Visitor {
        void message(long id, long conversationId, long senderId, String clientMessageId) throws SQLException;
    }
}
