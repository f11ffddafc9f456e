package io.hongyan.im.adapter.sql.mysql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads marks of many users, a query in each database that has any of them. Safe for many threads. */
final class MarkRows {
    private static final int MARKS_PER_QUERY_MAX = 200;

    private final Shards shards;
    private final ShardedBodies bodies;

    MarkRows(Shards shards, ShardedBodies bodies) {
        this.shards = shards;
        this.bodies = bodies;
    }

    record Key(long userId, long conversationId) {}

    /** A mark as stored. */
    record Row(long delivered, long read, long readOrdinal) {
        static final Row NONE = new Row(0, 0, 0);
    }

    /** Those that there are. */
    Map<Key, Row> read(Collection<Key> keys) {
        Map<Key, Row> found = new HashMap<>();
        Map<Key, FanOutMarks.Entry> uncounted = new HashMap<>();
        shards.each(
                keys,
                key -> Slots.ofId(key.userId),
                (slotSession, some) -> slotSession.readOne(session -> {
                    for (List<Key> part : NumberRows.parts(some, MARKS_PER_QUERY_MAX)) {
                        read(session.connection(), part, found, uncounted);
                    }
                    return null;
                }));
        addOrdinals(found, uncounted);
        return found;
    }

    /** To marks that were raised before there were ordinals, and have not been since. */
    private void addOrdinals(Map<Key, Row> found, Map<Key, FanOutMarks.Entry> uncounted) {
        if (!uncounted.isEmpty()) {
            Map<FanOutMarks.Entry, ShardedBodies.About> read = bodies.readAbout(Set.copyOf(uncounted.values()));
            uncounted.forEach((key, entry) -> {
                if (read.containsKey(entry)) {
                    long ordinal = read.get(entry).ordinal();
                    found.computeIfPresent(key, (same, row) -> new Row(row.delivered, row.read, ordinal));
                }
            });
        }
    }

    private static void read(
            Connection connection, List<Key> keys, Map<Key, Row> found, Map<Key, FanOutMarks.Entry> uncounted)
            throws SQLException {
        Map<Long, List<Long>> users = new HashMap<>();
        keys.forEach(key -> users.computeIfAbsent(key.conversationId, id -> new ArrayList<>())
                .add(key.userId));
        StringBuilder sql = new StringBuilder();
        users.forEach((conversationId, userIds) -> sql.append(sql.length() == 0 ? "(" : " OR (")
                .append("conversation_id = ")
                .append(conversationId)
                .append(" AND user_id IN (")
                .append(NumberRows.list(userIds))
                .append("))"));
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT user_id, conversation_id, delivered_seq, read_seq,"
                        + " read_ordinal FROM im_mark FORCE INDEX (PRIMARY) WHERE " + sql)) {
            while (row.next()) {
                Key key = new Key(row.getLong(1), row.getLong(2));
                found.put(key, new Row(row.getLong(3), row.getLong(4), row.getLong(5)));
                if (row.wasNull()) {
                    uncounted.put(key, new FanOutMarks.Entry(key.conversationId, row.getLong(4)));
                }
            }
        }
    }
}
