package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.message.StoredMessage;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * The hot statements of appending, without a mapper between: how fast they are is how fast the system is. Writer's
 * thread only.
 */
public final class MessageRows {
    /** An inbox row that points to a message. */
    public static final int KIND_MESSAGE = 1;

    /** An inbox row that says how far the user has read. */
    public static final int KIND_READ = 2;

    private final PreparedStatement insertMessage;
    private final PreparedStatement insertInboxRow;

    public MessageRows(Connection connection) throws SQLException {
        insertMessage = connection.prepareStatement("""
                INSERT INTO im_message (id, conversation_id, seq, sender_id, sender_device, client_message_id, sent_at,
                    sender_inbox_seq, content, ordinal) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""");
        insertInboxRow = connection.prepareStatement(
                "INSERT INTO im_inbox (user_id, seq, kind, conversation_id, ref_seq) VALUES (?, ?, ?, ?, ?)");
    }

    public void insert(StoredMessage message, long id, long conversationId, long senderId, long senderInboxSeq)
            throws SQLException {
        insertMessage.setLong(1, id);
        insertMessage.setLong(2, conversationId);
        insertMessage.setLong(3, message.seq());
        insertMessage.setLong(4, senderId);
        insertMessage.setString(5, message.senderDevice());
        insertMessage.setString(6, message.clientMessageId());
        insertMessage.setLong(7, message.sentAtMillis());
        insertMessage.setLong(8, senderInboxSeq);
        insertMessage.setBytes(9, message.content());
        insertMessage.setLong(10, message.ordinal());
        insertMessage.executeUpdate();
    }

    public void insertInboxRow(InboxHead inbox, int kind, long conversationId, long refSeq) throws SQLException {
        insertInboxRow.setLong(1, inbox.userId());
        insertInboxRow.setLong(2, inbox.head());
        insertInboxRow.setInt(3, kind);
        insertInboxRow.setLong(4, conversationId);
        insertInboxRow.setLong(5, refSeq);
        insertInboxRow.executeUpdate();
    }
}
