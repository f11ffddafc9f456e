package io.hongyan.im.adapter.sql.mysql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A table with rows of slots.
 *
 * @param keys how many of the columns are the primary key, which they begin with; the first has the slot in it
 * @param users which of the columns are ids of users, whose names are wanted beside them
 */
record SlotTable(String name, int keys, List<Integer> users, List<String> columns) {
    static final SlotTable MESSAGES = new SlotTable(
            "im_message",
            2,
            List.of(2),
            List.of(
                    "conversation_id",
                    "seq",
                    "sender_id",
                    "sender_device",
                    "client_message_id",
                    "sent_at",
                    "sender_inbox_seq",
                    "content",
                    "ordinal"));

    static final SlotTable INBOXES =
            new SlotTable("im_inbox", 2, List.of(), List.of("user_id", "seq", "kind", "conversation_id", "ref_seq"));

    /** Names that others needed may be there before, and stay. */
    static final SlotTable USERS = new SlotTable(
            "im_user",
            1,
            List.of(),
            List.of("id", "uid", "trimmed_seq", "hinted_seq", "state", "revoked_at", "revoked_devices", "standing_at"));

    /** With a row that is new or changes, the entry {@code seq} of the log may have been written anew. */
    static final SlotTable STATES = new SlotTable(
            "im_message_state",
            2,
            List.of(),
            List.of(
                    "conversation_id",
                    "seq",
                    "state_seq",
                    "edits",
                    "edited_at",
                    "recalled",
                    "pinned",
                    "reactions",
                    "counted_at",
                    "due"));

    /** The same of entry {@code in_seq}. */
    static final SlotTable COPIES =
            new SlotTable("im_message_copy", 4, List.of(), List.of("conversation_id", "of_seq", "erased", "in_seq"));

    /** Without its own key, which is the database's; in its order. */
    static final SlotTable FEED = new SlotTable("im_feed", 1, List.of(), List.of("conversation_id", "seq"));

    /** What changes; parents of foreign keys first. */
    static final List<SlotTable> CHANGING = List.of(
            new SlotTable("im_inbox_head", 1, List.of(), List.of("user_id", "head")),
            new SlotTable(
                    "im_mark",
                    2,
                    List.of(),
                    List.of("user_id", "conversation_id", "delivered_seq", "read_seq", "read_ordinal", "inbox_seq")),
            new SlotTable(
                    "im_device",
                    2,
                    List.of(),
                    List.of(
                            "user_id",
                            "device",
                            "acknowledged_seq",
                            "last_used_at",
                            "session_filters",
                            "session_expires_at")),
            new SlotTable(
                    "im_group_cursor", 3, List.of(), List.of("user_id", "device", "group_name", "acknowledged_seq")),
            new SlotTable(
                    "im_conversation",
                    1,
                    List.of(3, 4),
                    List.of("id", "kind", "name", "low_user_id", "high_user_id", "head", "head_ordinal")),
            new SlotTable(
                    "im_group",
                    1,
                    List.of(),
                    List.of(
                            "conversation_id",
                            "name",
                            "announcement",
                            "owner",
                            "open",
                            "all_muted",
                            "member_count",
                            "members_max",
                            "members_version",
                            "large_seq",
                            "dissolved",
                            "created_at")),
            new SlotTable(
                    "im_group_member",
                    3,
                    List.of(4),
                    List.of(
                            "conversation_id",
                            "uid",
                            "joined_seq",
                            "left_seq",
                            "user_id",
                            "role",
                            "muted_until",
                            "joined_ordinal")),
            new SlotTable("im_reaction", 4, List.of(2), List.of("conversation_id", "seq", "user_id", "emoji")),
            new SlotTable("im_fanout", 2, List.of(), List.of("conversation_id", "seq", "progress")));

    /** The column that has the slot in it. */
    String slotColumn() {
        return columns.get(0);
    }

    String list() {
        return String.join(
                ", ", columns.stream().map(column -> '`' + column + '`').toList());
    }

    RowInserts inserts() {
        return new RowInserts(name + " (" + list() + ")", columns.size(), "");
    }

    /** Writes rows over those that have the same key. */
    RowInserts upserts() {
        List<String> changed = (keys < columns.size() ? columns.subList(keys, columns.size()) : columns)
                .stream()
                        .map(column -> "`" + column + "` = VALUES(`" + column + "`)")
                        .toList();
        return new RowInserts(
                name + " (" + list() + ")", columns.size(), " ON DUPLICATE KEY UPDATE " + String.join(", ", changed));
    }

    /** By the primary key, as the database orders rows. */
    int compare(Object[] one, Object[] other) {
        for (int i = 0; i < keys; i++) {
            int order = one[i] instanceof byte[] bytes
                    ? Arrays.compareUnsigned(bytes, (byte[]) other[i])
                    : Long.compare(((Number) one[i]).longValue(), ((Number) other[i]).longValue());
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    /**
     * The next rows in the order of the primary key.
     *
     * @param after the last row of the page before, null for the first page
     */
    List<Object[]> page(Connection connection, long firstId, long lastId, Object[] after, int limit)
            throws SQLException {
        StringBuilder sql = new StringBuilder("SELECT " + list() + " FROM " + name + " FORCE INDEX (PRIMARY) WHERE "
                + slotColumn() + " BETWEEN ? AND ?");
        List<Object> values = new ArrayList<>(List.of(after == null ? firstId : after[0], lastId));
        if (after != null) {
            // One range of the key for each of its columns.
            List<String> ranges = new ArrayList<>();
            for (int last = 0; last < keys; last++) {
                List<String> range = new ArrayList<>();
                for (int i = 0; i <= last; i++) {
                    range.add(columns.get(i) + (i == last ? " > ?" : " = ?"));
                    values.add(after[i]);
                }
                ranges.add("(" + String.join(" AND ", range) + ")");
            }
            sql.append(" AND (").append(String.join(" OR ", ranges)).append(')');
        }
        sql.append(" ORDER BY ").append(String.join(", ", columns.subList(0, keys)));
        sql.append(" LIMIT ").append(limit);
        return read(connection, sql.toString(), columns.size(), values.toArray());
    }

    static List<Object[]> read(Connection connection, String sql, int columns, Object... values) throws SQLException {
        List<Object[]> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    Object[] row = new Object[columns];
                    for (int i = 0; i < columns; i++) {
                        row[i] = rows.getObject(i + 1);
                    }
                    found.add(row);
                }
            }
        }
        return found;
    }

    /** Deletes the rows that have the keys of these. */
    void delete(Connection connection, List<Object[]> rows) throws SQLException {
        String condition = String.join(
                " AND ",
                columns.subList(0, keys).stream().map(column -> column + " = ?").toList());
        try (PreparedStatement statement = connection.prepareStatement("DELETE FROM " + name + " WHERE " + condition)) {
            for (Object[] row : rows) {
                for (int i = 0; i < keys; i++) {
                    statement.setObject(i + 1, row[i]);
                }
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }
}
