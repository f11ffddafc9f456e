package io.hongyan.im.adapter.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Reads pages of inboxes; by hand, since that is what a user who comes back waits for. */
public final class EntryRows {
    private static final String PAGE = """
            SELECT i.seq, i.kind, c.kind, c.name, i.ref_seq, m.ordinal,
                   s.uid, m.sender_device, m.client_message_id, m.sent_at,
                   CASE i.kind WHEN 1 THEN m.content END,""" + MessageStates.COLUMNS + " " + """
            FROM im_inbox i
              JOIN im_conversation c ON c.id = i.conversation_id
              LEFT JOIN im_message m ON m.conversation_id = i.conversation_id AND m.seq = i.ref_seq
              LEFT JOIN im_user s ON s.id = m.sender_id""" + MessageStates.JOIN + " " + """
            WHERE i.user_id = ? AND i.seq > ?
             ORDER BY i.seq
             LIMIT ?""";

    private final PreparedStatement readEntries;

    /** @param fetchSize as the driver takes it; 0 = its own */
    public EntryRows(Connection connection, int fetchSize) throws SQLException {
        readEntries = connection.prepareStatement(PAGE);
        readEntries.setFetchSize(fetchSize);
    }

    /** Gives the page what comes after a number, until it takes no more. */
    void read(long userId, long after, int limit, BoundedPage<EntryRow> page) throws SQLException {
        readEntries.setLong(1, userId);
        readEntries.setLong(2, after);
        readEntries.setInt(3, limit);
        try (ResultSet row = readEntries.executeQuery()) {
            boolean more = true;
            while (more && row.next()) {
                MessageRow message = new MessageRow(
                        row.getLong(5),
                        row.getLong(6),
                        row.getString(7),
                        row.getString(8),
                        row.getString(9),
                        row.getLong(10),
                        row.getBytes(11),
                        MessageStates.read(row, 12));
                more = page.take(new EntryRow(row.getLong(1), row.getInt(2), row.getInt(3), row.getString(4), message));
            }
        }
    }
}
