package io.hongyan.im.adapter.sql;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of one slot on their way from one database to another: logs and inboxes first, whose rows never change, while
 * others are added; and, when nothing is added any more, what was added and everything that changes.
 */
final class SlotCopy {
    private static final int ROWS_PER_PAGE_MAX = 1_000;

    /** Of logs and inboxes. */
    private static final int SEQ_COLUMN = 1;

    /** A page of messages may be large. */
    private static final int MESSAGES_PER_PAGE_MAX = 200;

    /** Parents of foreign keys first. */
    private static final List<Table> CHANGING = List.of(
            new Table("im_inbox_head", "user_id", "user_id", "head"),
            new Table("im_mark", "user_id", "user_id", "conversation_id", "delivered_seq", "read_seq", "inbox_seq"),
            new Table(
                    "im_device",
                    "user_id",
                    "user_id",
                    "device",
                    "acknowledged_seq",
                    "last_used_at",
                    "session_filters",
                    "session_expires_at"),
            new Table("im_group_cursor", "user_id", "user_id", "device", "group_name", "acknowledged_seq"),
            new Table("im_conversation", "id", "id", "kind", "name", "low_user_id", "high_user_id", "head"),
            new Table(
                    "im_group",
                    "conversation_id",
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
                    "created_at"),
            new Table(
                    "im_group_member",
                    "conversation_id",
                    "conversation_id",
                    "uid",
                    "joined_seq",
                    "left_seq",
                    "user_id",
                    "role",
                    "muted_until"),
            new Table("im_fanout", "conversation_id", "conversation_id", "seq", "progress"),
            // Without its id, which is the database's own; in its order.
            new Table("im_feed", "conversation_id", "conversation_id", "seq"));

    private static final Table MESSAGES = new Table(
            "im_message",
            "conversation_id",
            "conversation_id",
            "seq",
            "sender_id",
            "sender_device",
            "client_message_id",
            "sent_at",
            "sender_inbox_seq",
            "content");
    private static final Table INBOXES =
            new Table("im_inbox", "user_id", "user_id", "seq", "kind", "conversation_id", "ref_seq");

    private final int slot;
    private final byte[] mover;
    private final long firstId;
    private final long lastId;
    private final Shard source;
    private final Shard target;

    /** Up to where logs and inboxes were copied, by conversation and user. */
    private Map<Long, Long> logs = Map.of();

    private Map<Long, Long> inboxes = Map.of();
    private Map<Long, Long> trimmed = Map.of();

    /** @param mover whose move it is; when it is another's by then, nothing is written */
    SlotCopy(int slot, Shard source, Shard target, byte[] mover) {
        this.slot = slot;
        this.mover = mover;
        // The system's own user, whose id is 0, is in every database.
        this.firstId = Math.max(1, Slots.firstId(slot));
        this.lastId = Slots.firstId(slot + 1) - 1;
        this.source = source;
        this.target = target;
    }

    private record Table(String name, String key, List<String> columns) {
        Table(String name, String key, String... columns) {
            this(name, key, Arrays.asList(columns));
        }

        String list() {
            return String.join(
                    ", ", columns.stream().map(column -> '`' + column + '`').toList());
        }

        RowInserts inserts() {
            return new RowInserts(name + " (" + list() + ")", columns.size(), "");
        }
    }

    /** While they grow. */
    void copyLogs() {
        trimmed = numbers("im_user", "id", "trimmed_seq");
        logs = numbers("im_conversation", "id", "head");
        inboxes = numbers("im_inbox_head", "user_id", "head");
        logs.forEach((id, head) -> copyLog(MESSAGES, id, 0, head));
        inboxes.forEach((id, head) -> copyLog(INBOXES, id, 0, head));
    }

    /** While nothing changes. */
    void copyRest() {
        numbers("im_conversation", "id", "head")
                .forEach((id, head) -> copyLog(MESSAGES, id, logs.getOrDefault(id, 0L), head));
        numbers("im_inbox_head", "user_id", "head")
                .forEach((id, head) -> copyLog(INBOXES, id, inboxes.getOrDefault(id, 0L), head));
        forgetTrimmed();
        copyUsers();
        copyNames();
        for (Table table : CHANGING) {
            copyChanging(table);
        }
    }

    /** What was copied and then trimmed. */
    private void forgetTrimmed() {
        numbers("im_user", "id", "trimmed_seq").forEach((id, upTo) -> {
            if (upTo > trimmed.getOrDefault(id, 0L)) {
                target.whole().run(session -> {
                    SlotRows.holdMove(session.connection(), slot, SlotRows.COMING, mover);
                    return SlotRows.update(
                            session.connection(), "DELETE FROM im_inbox WHERE user_id = ? AND seq <= ?", id, upTo);
                });
            }
        });
    }

    private Map<Long, Long> numbers(String table, String key, String value) {
        return Shards.readWhole(source, connection -> {
            Map<Long, Long> ends = new HashMap<>();
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT " + key + ", " + value + " FROM " + table
                            + " WHERE " + key + " BETWEEN " + firstId + " AND " + lastId)) {
                while (rows.next()) {
                    ends.put(rows.getLong(1), rows.getLong(2));
                }
            }
            return ends;
        });
    }

    private void copyLog(Table table, long id, long after, long upTo) {
        int rowsMax = table == MESSAGES ? MESSAGES_PER_PAGE_MAX : ROWS_PER_PAGE_MAX;
        long from = after;
        while (from < upTo) {
            List<Object[]> rows = select(
                    "SELECT " + table.list() + " FROM " + table.name + " WHERE " + table.key
                            + " = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT " + rowsMax,
                    table.columns.size(),
                    id,
                    from,
                    upTo);
            insert(table.inserts(), rows);
            from = rows.size() < rowsMax ? upTo : ((Number) rows.get(rowsMax - 1)[SEQ_COLUMN]).longValue();
        }
    }

    /** Names that others needed may be there before. */
    private void copyUsers() {
        insert(
                new RowInserts(
                        "im_user (id, uid, trimmed_seq, hinted_seq)",
                        4,
                        " ON DUPLICATE KEY UPDATE trimmed_seq = VALUES(trimmed_seq), hinted_seq = VALUES(hinted_seq)"),
                select(
                        "SELECT u.id, u.uid, u.trimmed_seq, u.hinted_seq FROM im_user u"
                                + " JOIN im_inbox_head h ON h.user_id = u.id WHERE u.id BETWEEN ? AND ?",
                        4,
                        firstId,
                        lastId));
    }

    /** Of those who are named beside messages and in groups. */
    private void copyNames() {
        insert(
                new RowInserts("im_user (id, uid)", 2, " ON DUPLICATE KEY UPDATE uid = im_user.uid"),
                select("""
                        SELECT u.id, u.uid FROM im_user u JOIN (
                          SELECT DISTINCT sender_id AS id FROM im_message WHERE conversation_id BETWEEN ? AND ?
                          UNION SELECT user_id FROM im_group_member WHERE conversation_id BETWEEN ? AND ?
                          UNION SELECT low_user_id FROM im_conversation WHERE id BETWEEN ? AND ?
                          UNION SELECT high_user_id FROM im_conversation WHERE id BETWEEN ? AND ?) n ON n.id = u.id
                         WHERE u.id > 0""", 2, firstId, lastId, firstId, lastId, firstId, lastId, firstId, lastId));
    }

    private void copyChanging(Table table) {
        String order = table.name.equals("im_feed") ? "id" : table.key;
        List<Object[]> rows = select(
                "SELECT " + table.list() + " FROM " + table.name + " WHERE " + table.key + " BETWEEN ? AND ? ORDER BY "
                        + order,
                table.columns.size(),
                firstId,
                lastId);
        delete(target, SlotRows.COMING, table);
        insert(table.inserts(), rows);
    }

    private List<Object[]> select(String sql, int columns, Object... values) {
        return Shards.readWhole(source, connection -> {
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
        });
    }

    private void insert(RowInserts inserts, List<Object[]> rows) {
        for (List<Object[]> some : NumberRows.parts(rows, ROWS_PER_PAGE_MAX)) {
            target.whole().run(session -> {
                SlotRows.holdMove(session.connection(), slot, SlotRows.COMING, mover);
                inserts.insert(session.connection(), some);
                return null;
            });
        }
    }

    /** Forgets what an earlier move has left at its end, which nobody has used. */
    void clear() {
        deleteAll(target, SlotRows.COMING);
    }

    /** After the switch. Names beside ids stay: others may need them. */
    void deleteSource() {
        deleteAll(source, SlotRows.MOVED);
    }

    private void deleteAll(Shard shard, int state) {
        for (int i = CHANGING.size() - 1; i >= 0; i--) {
            delete(shard, state, CHANGING.get(i));
        }
        delete(shard, state, MESSAGES);
        delete(shard, state, INBOXES);
    }

    private void delete(Shard shard, int state, Table table) {
        String sql = "DELETE FROM " + table.name + " WHERE " + table.key + " BETWEEN " + firstId + " AND " + lastId
                + " LIMIT " + ROWS_PER_PAGE_MAX;
        int deleted;
        do {
            deleted = shard.whole().run(session -> {
                SlotRows.holdMove(session.connection(), slot, state, mover);
                return SlotRows.update(session.connection(), sql);
            });
        } while (deleted == ROWS_PER_PAGE_MAX);
    }
}
