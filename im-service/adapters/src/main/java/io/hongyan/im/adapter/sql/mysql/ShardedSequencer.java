package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.core.message.StorageException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Brings what all databases have for the feed into one order, at home. One at a time among all nodes, which the lock of
 * one row sees to. Rows of the other databases are copied under it, and deleted when that is durable: what is copied a
 * second time is there already. Of one conversation they are copied in order, since whoever sees a row sees all earlier
 * ones. Safe for many threads.
 */
final class ShardedSequencer implements Runnable {
    /** Rows of each database that are copied by one transaction. */
    private static final int ROWS_MAX = 2_000;

    /** Events numbered by one transaction. */
    private static final int EVENTS_MAX = 5_000;

    private static final int ENTRIES_PER_QUERY_MAX = 200;

    private static final int ROUNDS_MAX = 20;

    private final Shards shards;

    ShardedSequencer(Shards shards) {
        this.shards = shards;
    }

    private record Row(long id, FanOutMarks.Entry entry) {}

    /** Numbers what there is, up to a bound. */
    @Override
    public void run() {
        int round = 0;
        while (round < ROUNDS_MAX && anythingWaits()) {
            // Before the lock, which nobody is to hold while another database is slow. What somebody else numbers
            // meanwhile is there already; and of each conversation the first rows that wait are seen at any moment.
            Map<Shard, List<Row>> waiting = new LinkedHashMap<>();
            shards.all().forEach(shard -> waiting.put(shard, waiting(shard)));
            shards.home().whole().run(session -> number(session, waiting.values()));
            waiting.forEach(ShardedSequencer::delete);
            round++;
        }
    }

    private boolean anythingWaits() {
        return shards.all().stream().anyMatch(this::anythingWaits);
    }

    private boolean anythingWaits(Shard shard) {
        String sql = "SELECT EXISTS (SELECT 1 FROM im_feed)"
                + (shard == shards.home() ? " OR EXISTS (SELECT 1 FROM im_event WHERE feed_seq IS NULL)" : "");
        try {
            return Shards.readWholeOne(shard, connection -> {
                try (Statement statement = connection.createStatement();
                        ResultSet row = statement.executeQuery(sql)) {
                    return row.next() && row.getBoolean(1);
                }
            });
        } catch (StorageException away) {
            if (shard == shards.home()) {
                throw away;
            }
            return false;
        }
    }

    private static Void number(MysqlSession session, Collection<List<Row>> waiting) throws SQLException {
        Connection home = session.connection();
        try (Statement statement = home.createStatement()) {
            long message;
            long event;
            try (ResultSet row = statement.executeQuery(
                    "SELECT last_message, last_event FROM im_feed_sequence WHERE id = 1 FOR UPDATE")) {
                row.next();
                message = row.getLong(1);
                event = row.getLong(2);
            }
            event = numberEvents(statement, event);
            for (List<Row> rows : waiting) {
                message = copy(home, rows, message);
            }
            statement.executeUpdate("UPDATE im_feed_sequence SET last_message = " + message + ", last_event = " + event
                    + " WHERE id = 1");
        }
        return null;
    }

    /** @return the last number given so far */
    private static long numberEvents(Statement statement, long last) throws SQLException {
        String waiting = "(SELECT id FROM im_event WHERE feed_seq IS NULL ORDER BY id LIMIT " + EVENTS_MAX + ") w";
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
            return number(statement, first, end, last);
        }
        long[] ids = count == 0 ? new long[0] : idsOf(statement, "SELECT id FROM " + waiting + " ORDER BY id");
        int from = 0;
        while (from < ids.length) {
            // What is between two ids was undone, or is not committed yet and its turn comes later.
            int to = from + 1;
            while (to < ids.length && ids[to] == ids[to - 1] + 1) {
                to++;
            }
            last = number(statement, ids[from], ids[to - 1], last);
            from = to;
        }
        return last;
    }

    /** Numbers rows without a gap between their ids. */
    private static long number(Statement statement, long firstId, long lastId, long last) throws SQLException {
        long offset = last + 1 - firstId;
        statement.executeUpdate(
                "UPDATE im_event SET feed_seq = id + (" + offset + ") WHERE id BETWEEN " + firstId + " AND " + lastId);
        return last + lastId - firstId + 1;
    }

    private static long[] idsOf(Statement statement, String query) throws SQLException {
        long[] ids = new long[EVENTS_MAX];
        int count = 0;
        try (ResultSet rows = statement.executeQuery(query)) {
            while (rows.next() && count < EVENTS_MAX) {
                ids[count++] = rows.getLong(1);
            }
        }
        return Arrays.copyOf(ids, count);
    }

    private static List<Row> waiting(Shard shard) {
        try {
            return Shards.readWholeOne(shard, connection -> {
                List<Row> rows = new ArrayList<>();
                try (Statement statement = connection.createStatement();
                        ResultSet row = statement.executeQuery(
                                "SELECT id, conversation_id, seq FROM im_feed ORDER BY id LIMIT " + ROWS_MAX)) {
                    while (row.next()) {
                        rows.add(new Row(row.getLong(1), new FanOutMarks.Entry(row.getLong(2), row.getLong(3))));
                    }
                }
                return rows;
            });
        } catch (StorageException away) {
            return List.of();
        }
    }

    /** @return the last number given so far */
    private static long copy(Connection home, List<Row> rows, long last) throws SQLException {
        Set<FanOutMarks.Entry> there = there(home, rows);
        List<long[]> added = new ArrayList<>();
        for (Row row : rows) {
            if (there.add(row.entry)) {
                added.add(new long[] {++last, row.entry.conversationId(), row.entry.seq()});
            }
        }
        NumberRows.insert(home, "im_shard_feed (feed_seq, conversation_id, seq)", added, "");
        return last;
    }

    private static Set<FanOutMarks.Entry> there(Connection home, List<Row> rows) throws SQLException {
        Set<FanOutMarks.Entry> there = new HashSet<>();
        List<FanOutMarks.Entry> entries = rows.stream().map(Row::entry).toList();
        try (Statement statement = home.createStatement()) {
            for (List<FanOutMarks.Entry> some : NumberRows.parts(entries, ENTRIES_PER_QUERY_MAX)) {
                String condition = FanOutMarks.condition(some, "conversation_id", "seq");
                try (ResultSet row =
                        statement.executeQuery("SELECT conversation_id, seq FROM im_shard_feed WHERE " + condition)) {
                    while (row.next()) {
                        there.add(new FanOutMarks.Entry(row.getLong(1), row.getLong(2)));
                    }
                }
            }
        }
        return there;
    }

    private static void delete(Shard shard, List<Row> rows) {
        if (rows.isEmpty()) {
            return;
        }
        shard.whole().run(session -> {
            try (Statement statement = session.connection().createStatement()) {
                String ids = NumberRows.list(rows.stream().map(Row::id).sorted().toList());
                return statement.executeUpdate("DELETE FROM im_feed WHERE id IN (" + ids + ")");
            }
        });
    }
}
