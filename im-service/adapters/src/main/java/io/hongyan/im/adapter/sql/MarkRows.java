package io.hongyan.im.adapter.sql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads marks of many users, a query in each database that has any of them. Safe for many threads. */
final class MarkRows {
    private static final int MARKS_PER_QUERY_MAX = 200;

    private final Shards shards;

    MarkRows(Shards shards) {
        this.shards = shards;
    }

    record Key(long userId, long conversationId) {}

    /** A mark as stored. */
    record Row(long delivered, long read) {
        static final Row NONE = new Row(0, 0);
    }

    /** Those that there are. */
    Map<Key, Row> read(Collection<Key> keys) {
        Map<Key, Row> found = new HashMap<>();
        shards.each(
                keys,
                key -> Slots.ofId(key.userId),
                (place, some) -> place.read(reader -> {
                    for (List<Key> part : NumberRows.parts(some, MARKS_PER_QUERY_MAX)) {
                        read(((MysqlSession) reader).connection(), part, found);
                    }
                    return null;
                }));
        return found;
    }

    private static void read(Connection connection, List<Key> keys, Map<Key, Row> found) throws SQLException {
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
                ResultSet row = statement.executeQuery("SELECT user_id, conversation_id, delivered_seq, read_seq"
                        + " FROM im_mark FORCE INDEX (PRIMARY) WHERE " + sql)) {
            while (row.next()) {
                found.put(new Key(row.getLong(1), row.getLong(2)), new Row(row.getLong(3), row.getLong(4)));
            }
        }
    }
}
