package io.hongyan.im.adapter.sql.mysql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** All users of all databases in the order of their ids, in pages. Each once: names beside ids elsewhere are not users. */
final class OwnedUsers {
    private final Shards shards;

    OwnedUsers(Shards shards) {
        this.shards = shards;
    }

    /** @param cursor the highest of the user's devices */
    record User(long id, String uid, long trimmed, long hinted, long head, long cursor, FanOutMarks.Entry last) {}

    /**
     * Fewer than asked for are the last ones.
     *
     * @param last whether the pointed-to message of the newest entry is wanted, and the cursor
     */
    List<User> page(long afterUser, int limit, boolean last) {
        TreeMap<Long, User> all = new TreeMap<>();
        long seenUpTo = afterUser;
        do {
            long from = seenUpTo;
            seenUpTo = Long.MAX_VALUE;
            for (Shards.Seen<List<User>> part :
                    shards.sweep(false, session -> page(session.connection(), from, limit, last))) {
                List<User> some = part.rows();
                if (some.size() == limit) {
                    seenUpTo = Math.min(seenUpTo, some.get(limit - 1).id);
                }
                // A slot that has moved may have left rows behind.
                some.stream()
                        .filter(user -> part.slots().get(Slots.ofId(user.id)))
                        .forEach(user -> all.put(user.id, user));
            }
            all.tailMap(seenUpTo, false).clear();
        } while (all.size() < limit && seenUpTo < Long.MAX_VALUE);
        return all.values().stream().limit(limit).toList();
    }

    private static List<User> page(Connection connection, long afterUser, int limit, boolean last) throws SQLException {
        String more = last
                ? ", COALESCE((SELECT MAX(d.acknowledged_seq) FROM im_device d WHERE d.user_id = u.id), 0),"
                        + " i.conversation_id, i.ref_seq"
                : ", 0, 0, 0";
        String join = last ? " LEFT JOIN im_inbox i ON i.user_id = u.id AND i.seq = h.head" : "";
        String sql = "SELECT STRAIGHT_JOIN u.id, u.uid, u.trimmed_seq, u.hinted_seq, h.head" + more
                + " FROM im_inbox_head h JOIN im_user u ON u.id = h.user_id" + join
                + " WHERE h.user_id > ? ORDER BY h.user_id LIMIT ?";
        List<User> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, afterUser);
            statement.setInt(2, limit);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(new User(
                            row.getLong(1),
                            MysqlIds.text(row.getBytes(2)),
                            row.getLong(3),
                            row.getLong(4),
                            row.getLong(5),
                            row.getLong(6),
                            new FanOutMarks.Entry(row.getLong(7), row.getLong(8))));
                }
            }
        }
        return found;
    }
}
