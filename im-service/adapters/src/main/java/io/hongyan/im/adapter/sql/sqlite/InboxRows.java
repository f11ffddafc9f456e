package io.hongyan.im.adapter.sql.sqlite;

import io.hongyan.im.adapter.sql.InboxHead;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/**
 * Writes the inbox rows of one message for many users. One statement takes many rows: running a statement costs more
 * than a row. Writer's thread only.
 */
final class InboxRows {
    /** Rows of one statement, falling; the last is 1. */
    private static final int[] SIZES = {32, 8, 2, 1};

    private final PreparedStatement[] inserts = new PreparedStatement[SIZES.length];

    InboxRows(Connection connection) throws SQLException {
        for (int i = 0; i < SIZES.length; i++) {
            inserts[i] = connection.prepareStatement(insert(SIZES[i]));
        }
    }

    /** The message's own parameters come first: 1 and 2. */
    private static String insert(int rows) {
        StringBuilder sql =
                new StringBuilder("INSERT INTO im_inbox (user_id, seq, kind, conversation_id, ref_seq) VALUES ");
        for (int row = 0; row < rows; row++) {
            sql.append(row == 0 ? "" : ", ")
                    .append("(?")
                    .append(3 + 2 * row)
                    .append(", ?")
                    .append(4 + 2 * row)
                    .append(", 1, ?1, ?2)");
        }
        return sql.toString();
    }

    /** The message's place in each inbox is its head. */
    void insert(List<InboxHead> inboxes, long conversationId, long refSeq) throws SQLException {
        int done = 0;
        for (int i = 0; i < SIZES.length; i++) {
            while (inboxes.size() - done >= SIZES[i]) {
                write(inserts[i], inboxes, done, done + SIZES[i], conversationId, refSeq);
                done += SIZES[i];
            }
        }
    }

    private static void write(
            PreparedStatement insert, List<InboxHead> inboxes, int from, int to, long conversationId, long refSeq)
            throws SQLException {
        insert.setLong(1, conversationId);
        insert.setLong(2, refSeq);
        int parameter = 3;
        for (int i = from; i < to; i++) {
            insert.setLong(parameter++, inboxes.get(i).userId());
            insert.setLong(parameter++, inboxes.get(i).head());
        }
        insert.executeUpdate();
    }
}
