package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.adapter.sql.MessageRows;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

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
        /** Null where the inbox is in the database of the transaction. */
        private final InboxWrite inboxWrite;

        private long seq;

        Row(long userId, int kind, long conversationId, long refSeq, InboxWrite inboxWrite) {
            this.userId = userId;
            this.kind = kind;
            this.conversationId = conversationId;
            this.refSeq = refSeq;
            this.inboxWrite = inboxWrite;
        }

        boolean isHere() {
            return inboxWrite == null;
        }
    }

    /** @return the place of the row, for {@link #seqOf} */
    int add(long userId, int kind, long conversationId, long refSeq) {
        rows.add(new Row(userId, kind, conversationId, refSeq, null));
        return rows.size() - 1;
    }

    /** A row that another transaction writes, in another database; else likewise. */
    int addElsewhere(long userId, long conversationId, long refSeq) {
        InboxWrite inboxWrite = new InboxWrite(userId, conversationId, refSeq);
        rows.add(new Row(userId, MessageRows.KIND_MESSAGE, conversationId, refSeq, inboxWrite));
        return rows.size() - 1;
    }

    /** Locks the heads and numbers the rows of each inbox in the order in which they were added. */
    void number(Connection connection) throws SQLException {
        number(connection, null);
    }

    /**
     * The same for the rows that are here, where inboxes have slots: sees to it that these are here.
     *
     * @param database its name; null = there are no slots, or they are held
     */
    void number(Connection connection, String database) throws SQLException {
        List<Row> here = rows.stream().filter(Row::isHere).toList();
        if (here.isEmpty()) {
            return;
        }
        BitSet slots = new BitSet();
        if (database != null) {
            here.forEach(row -> slots.set(Slots.ofId(row.userId)));
        }
        Map<Long, Long> heads = SlotRows.holdAndLockInboxes(
                connection,
                slots,
                database,
                here.stream().map(row -> row.userId).toList());
        for (Row row : here) {
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
        Row row = rows.get(place);
        return row.isHere() ? row.seq : row.inboxWrite.inboxSeq();
    }

    /** What another transaction writes; null where this one does. */
    InboxWrite inboxWrite(int place) {
        return rows.get(place).inboxWrite;
    }

    /** Writes the rows that are here, which are numbered. */
    void write(Connection connection) throws SQLException {
        List<long[]> values = new ArrayList<>(rows.size());
        for (Row row : rows) {
            if (row.isHere()) {
                values.add(new long[] {row.userId, row.seq, row.kind, row.conversationId, row.refSeq});
            }
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
