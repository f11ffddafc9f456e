package io.hongyan.im.adapter.sql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;

/**
 * Numbers what was committed since it was last called, for the feed: rows get their ids before they are committed, so
 * ids show up in any order and no reader could say what it has seen. One at a time among all nodes, which the lock of
 * one row sees to. Rows of one conversation are numbered in the order of their ids, which is that of their numbers,
 * since each was made under the conversation's lock. Safe for many threads.
 */
final class FeedSequencer implements Runnable {
    /** Rows of each sort numbered by one transaction. */
    private static final int ROWS_MAX = 5_000;

    /** Transactions of one call. */
    private static final int ROUNDS_MAX = 20;

    private final Reads readers;
    private final MysqlWrites writes;

    FeedSequencer(Reads readers, MysqlWrites writes) {
        this.readers = readers;
        this.writes = writes;
    }

    /** Numbers what there is, up to a bound. */
    @Override
    public void run() {
        int round = 0;
        while (round < ROUNDS_MAX && anythingWaits()) {
            writes.run(FeedSequencer::number);
            round++;
        }
    }

    private boolean anythingWaits() {
        return readers.readOne(reader -> reader.mapper(FeedMapper.class).anythingUnnumbered());
    }

    private static Void number(MysqlSession session) throws SQLException {
        try (Statement statement = session.connection().createStatement()) {
            long message;
            long event;
            try (ResultSet row = statement.executeQuery(
                    "SELECT last_message, last_event FROM im_feed_sequence WHERE id = 1 FOR UPDATE")) {
                row.next();
                message = row.getLong(1);
                event = row.getLong(2);
            }
            message = number(statement, "im_feed", message);
            event = number(statement, "im_event", event);
            statement.executeUpdate("UPDATE im_feed_sequence SET last_message = " + message + ", last_event = " + event
                    + " WHERE id = 1");
        }
        return null;
    }

    /** @return the last number given so far */
    static long number(Statement statement, String table, long last) throws SQLException {
        String waiting = "(SELECT id FROM " + table + " WHERE feed_seq IS NULL ORDER BY id LIMIT " + ROWS_MAX + ") w";
        long first;
        long end;
        long count;
        try (ResultSet row = statement.executeQuery("SELECT MIN(id), MAX(id), COUNT(*) FROM " + waiting)) {
            row.next();
            first = row.getLong(1);
            end = row.getLong(2);
            count = row.getLong(3);
        }
        if (count > 0 && count == end - first + 1) {
            return number(statement, table, first, end, last);
        }
        long[] ids = count == 0 ? new long[0] : idsOf(statement, "SELECT id FROM " + waiting + " ORDER BY id");
        int from = 0;
        while (from < ids.length) {
            // What is between two ids was undone, or is not committed yet and its turn comes later.
            int to = from + 1;
            while (to < ids.length && ids[to] == ids[to - 1] + 1) {
                to++;
            }
            last = number(statement, table, ids[from], ids[to - 1], last);
            from = to;
        }
        return last;
    }

    /** Numbers rows without a gap between their ids. */
    private static long number(Statement statement, String table, long firstId, long lastId, long last)
            throws SQLException {
        long offset = last + 1 - firstId;
        statement.executeUpdate("UPDATE " + table + " SET feed_seq = id + (" + offset + ") WHERE id BETWEEN " + firstId
                + " AND " + lastId);
        return last + lastId - firstId + 1;
    }

    private static long[] idsOf(Statement statement, String query) throws SQLException {
        long[] ids = new long[ROWS_MAX];
        int count = 0;
        try (ResultSet rows = statement.executeQuery(query)) {
            while (rows.next() && count < ROWS_MAX) {
                ids[count++] = rows.getLong(1);
            }
        }
        return Arrays.copyOf(ids, count);
    }
}
