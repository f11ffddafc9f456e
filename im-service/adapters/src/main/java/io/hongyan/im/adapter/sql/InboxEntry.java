package io.hongyan.im.adapter.sql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A row of an inbox without what it points to, which is in another database. */
record InboxEntry(long seq, int kind, FanOutMarks.Entry entry) {
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
}
