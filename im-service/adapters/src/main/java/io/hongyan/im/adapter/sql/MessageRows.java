package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.Appended.Repeated;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The hot statements of appending, without a mapper between: how fast they are is how fast the system is. Writer's
 * thread only.
 */
final class MessageRows {
    /** An inbox row that points to a message. */
    static final int KIND_MESSAGE = 1;

    /** An inbox row that says how far the user has read. */
    static final int KIND_READ = 2;

    private final PreparedStatement insertMessage;
    private final PreparedStatement insertTwoInboxRows;
    private final PreparedStatement insertInboxRow;
    private final PreparedStatement findFirst;

    MessageRows(Connection connection) throws SQLException {
        // The unique index finds a repeat while the row is inserted: no look-up before, none in vain.
        insertMessage = connection.prepareStatement("""
                INSERT INTO im_message (conversation_id, seq, sender_id, sender_device, client_message_id, sent_at,
                    sender_inbox_seq, content) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""");
        insertTwoInboxRows = connection.prepareStatement("""
                INSERT INTO im_inbox (user_id, seq, kind, conversation_id, ref_seq)
                    VALUES (?1, ?2, 1, ?5, ?6), (?3, ?4, 1, ?5, ?6)""");
        insertInboxRow = connection.prepareStatement(
                "INSERT INTO im_inbox (user_id, seq, kind, conversation_id, ref_seq) VALUES (?, ?, ?, ?, ?)");
        findFirst = connection.prepareStatement("""
                SELECT seq, sent_at, sender_inbox_seq FROM im_message
                    WHERE conversation_id = ? AND sender_id = ? AND client_message_id = ?""");
    }

    /** False, and nothing is written, where the sender's message of that name is already there. */
    boolean insert(StoredMessage message, long conversationId, long senderId, long senderInboxSeq) throws SQLException {
        insertMessage.setLong(1, conversationId);
        insertMessage.setLong(2, message.seq());
        insertMessage.setLong(3, senderId);
        insertMessage.setString(4, message.senderDevice());
        insertMessage.setString(5, message.clientMessageId());
        insertMessage.setLong(6, message.sentAtMillis());
        insertMessage.setLong(7, senderInboxSeq);
        insertMessage.setBytes(8, message.content());
        return insertMessage.executeUpdate() == 1;
    }

    /** The message's place in both inboxes of a direct conversation. */
    void insertInboxRows(InboxHead one, InboxHead other, long conversationId, long seq) throws SQLException {
        insertTwoInboxRows.setLong(1, one.userId());
        insertTwoInboxRows.setLong(2, one.head());
        insertTwoInboxRows.setLong(3, other.userId());
        insertTwoInboxRows.setLong(4, other.head());
        insertTwoInboxRows.setLong(5, conversationId);
        insertTwoInboxRows.setLong(6, seq);
        insertTwoInboxRows.executeUpdate();
    }

    void insertInboxRow(InboxHead inbox, int kind, long conversationId, long refSeq) throws SQLException {
        insertInboxRow.setLong(1, inbox.userId());
        insertInboxRow.setLong(2, inbox.head());
        insertInboxRow.setInt(3, kind);
        insertInboxRow.setLong(4, conversationId);
        insertInboxRow.setLong(5, refSeq);
        insertInboxRow.executeUpdate();
    }

    /** What the first message of that name was answered. */
    Repeated first(long conversationId, long senderId, String clientMessageId) throws SQLException {
        findFirst.setLong(1, conversationId);
        findFirst.setLong(2, senderId);
        findFirst.setString(3, clientMessageId);
        try (ResultSet row = findFirst.executeQuery()) {
            if (!row.next()) {
                // Then it was the number that collided: the heads in memory are wrong and must go with the transaction.
                throw new SQLException("message number taken in conversation row " + conversationId);
            }
            return new Repeated(row.getLong(1), row.getLong(2), row.getLong(3));
        }
    }
}
