package io.hongyan.im.adapter.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The inbox rows of one transaction: gathered first, then numbered under the locks of all their heads, which are taken in
 * the order of keys and held until the commit.
 */
final class InboxNumbers {
    private final List<Row> rows = new ArrayList<>();

    private static final class Row {
        private final long userId;
        private final int kind;
        private final long conversationId;
        private final long refSeq;
        private long seq;

        Row(long userId, int kind, long conversationId, long refSeq) {
            this.userId = userId;
            this.kind = kind;
            this.conversationId = conversationId;
            this.refSeq = refSeq;
        }
    }

    /** @return the place of the row, for {@link #seqOf} */
    int add(long userId, int kind, long conversationId, long refSeq) {
        rows.add(new Row(userId, kind, conversationId, refSeq));
        return rows.size() - 1;
    }

    /** Locks the heads and numbers the rows of each inbox in the order in which they were added. */
    void number(Connection connection) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        Map<Long, Long> heads = new TreeMap<>(NumberRows.lock(
                connection,
                "im_inbox_head",
                "user_id",
                "head",
                rows.stream().map(row -> row.userId).toList()));
        for (Row row : rows) {
            Long head = heads.get(row.userId);
            if (head == null) {
                throw new IllegalStateException("user " + row.userId + " has no inbox head");
            }
            row.seq = head + 1;
            heads.put(row.userId, row.seq);
        }
        List<long[]> moved = new ArrayList<>(heads.size());
        heads.forEach((userId, head) -> moved.add(new long[] {userId, head}));
        NumberRows.insert(
                connection, "im_inbox_head (user_id, head)", moved, " ON DUPLICATE KEY UPDATE head = VALUES(head)");
    }

    /** 0 before it is numbered. */
    long seqOf(int place) {
        return rows.get(place).seq;
    }

    /** The rows as arrivals in other databases, by their places. */
    List<Arrival> arrivals() {
        return rows.stream()
                .map(row -> new Arrival(row.userId, row.conversationId, row.refSeq))
                .toList();
    }

    /** What the other databases have made of them. */
    void arrived(List<Arrival> arrivals) {
        for (int place = 0; place < rows.size(); place++) {
            rows.get(place).seq = arrivals.get(place).inboxSeq();
        }
    }

    /** Writes the numbered rows. */
    void write(Connection connection) throws SQLException {
        List<long[]> values = new ArrayList<>(rows.size());
        for (Row row : rows) {
            values.add(new long[] {row.userId, row.seq, row.kind, row.conversationId, row.refSeq});
        }
        // In the order of the table, in which most of them are neighbours.
        values.sort(
                (one, other) -> one[0] != other[0] ? Long.compare(one[0], other[0]) : Long.compare(one[1], other[1]));
        NumberRows.insert(connection, "im_inbox (user_id, seq, kind, conversation_id, ref_seq)", values, "");
    }

    int size() {
        return rows.size();
    }
}
