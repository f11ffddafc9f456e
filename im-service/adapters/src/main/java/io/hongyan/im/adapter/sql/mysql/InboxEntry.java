package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.adapter.sql.MessageRows;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A row of an inbox without what it points to, which is in another database. */
record InboxEntry(long seq, int kind, FanOutMarks.Entry entry) {
    private static final String PAGE = """
            SELECT h.head, u.trimmed_seq, i.seq, i.kind, i.conversation_id, i.ref_seq
              FROM im_user u
              JOIN im_inbox_head h ON h.user_id = u.id
              LEFT JOIN im_inbox i ON i.user_id = u.id AND i.seq > ?
             WHERE u.uid = ?
             ORDER BY i.seq
             LIMIT ?""";

    boolean isMessage() {
        return kind == MessageRows.KIND_MESSAGE;
    }

    /** Those in (after, upTo], by rising number. */
    static List<InboxEntry> read(Connection connection, long userId, long after, long upTo, int limit)
            throws SQLException {
        String sql = "SELECT seq, kind, conversation_id, ref_seq FROM im_inbox WHERE user_id = " + userId
                + " AND seq > " + after + " AND seq <= " + upTo + " ORDER BY seq LIMIT " + limit;
        List<InboxEntry> entries = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                entries.add(new InboxEntry(
                        rows.getLong(1), rows.getInt(2), new FanOutMarks.Entry(rows.getLong(3), rows.getLong(4))));
            }
        }
        return entries;
    }

    /** @param trimmed the highest number that is no longer kept */
    record Rows(List<InboxEntry> entries, long head, long trimmed) {}

    /** Those behind a number, by rising number, and the ends of the inbox, of one moment; nothing where there is none. */
    static Rows page(Connection connection, String uid, long after, int limit) throws SQLException {
        try (PreparedStatement find = connection.prepareStatement(PAGE)) {
            find.setLong(1, after);
            find.setString(2, uid);
            find.setInt(3, limit);
            try (ResultSet row = find.executeQuery()) {
                List<InboxEntry> entries = new ArrayList<>();
                long head = 0;
                long trimmed = 0;
                while (row.next()) {
                    head = row.getLong(1);
                    trimmed = row.getLong(2);
                    long seq = row.getLong(3);
                    if (!row.wasNull()) {
                        entries.add(new InboxEntry(
                                seq, row.getInt(4), new FanOutMarks.Entry(row.getLong(5), row.getLong(6))));
                    }
                }
                return new Rows(entries, head, trimmed);
            }
        }
    }
}
