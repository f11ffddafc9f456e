package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.starters.SqlServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Rows of a slot in all tables. */
final class SlotData {
    private final SqlServer server;
    private final int slot;

    SlotData(SqlServer server, int slot) {
        this.server = server;
        this.slot = slot;
    }

    private void execute(String database, String... statements) {
        MysqlFixture.execute(MysqlFixture.settings(server, database), statements);
    }

    long count(String database, String query) {
        try (Connection connection =
                        DriverManager.getConnection(server.jdbcUrl(database), server.user(), server.password());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new AssertionError(query, e);
        }
    }

    /** Rows of every table, in a conversation that is there. */
    void fill(String database, int size) {
        long conversation = count(database, "SELECT MAX(id) FROM im_conversation");
        long first = Slots.firstId(slot) + 1_000_000;
        execute(
                database,
                insert("im_user (id, uid)", size, i -> first + i + ",'f" + i + "'"),
                insert("im_inbox_head (user_id, head)", size, i -> first + i + ",1"),
                insert(
                        "im_inbox (user_id, seq, kind, conversation_id, ref_seq)",
                        size,
                        i -> first + i + ",1,1," + conversation + "," + (i + 3)),
                insert("im_mark (user_id, conversation_id)", size, i -> first + i + "," + conversation),
                insert(
                        "im_device (user_id, device, acknowledged_seq, last_used_at)",
                        size,
                        i -> first + i + ",'android:phone',1,1"),
                insert(
                        "im_group_member (conversation_id, uid, joined_seq, user_id, role, muted_until)",
                        size,
                        i -> conversation + ",'f" + i + "',1," + (first + i) + ",0,0"),
                insert(
                        "im_message (conversation_id, seq, ordinal, sender_id, sender_device, client_message_id, sent_at,"
                                + " sender_inbox_seq, content)",
                        size,
                        i -> conversation + "," + (i + 3) + "," + (i + 3) + "," + (first + i) + ",'android:phone','c"
                                + i + "',1,1,'x'"),
                "UPDATE im_conversation SET head = " + (size + 2) + ", head_ordinal = " + (size + 2));
    }

    /** Some of each kind, as nodes do while a slot is copied. */
    void change(String database) {
        long first = Slots.firstId(slot) + 1_000_000;
        execute(
                database,
                "UPDATE im_mark SET read_seq = 5 WHERE user_id = " + (first + 1_234),
                "DELETE FROM im_mark WHERE user_id = " + (first + 7_777),
                "DELETE FROM im_device WHERE user_id IN (" + first + "," + (first + 19_999) + ")",
                "INSERT INTO im_device (user_id, device, acknowledged_seq, last_used_at, session_filters)" + " VALUES ("
                        + first + ", 'web:tab', 1, 1, '[]')",
                "INSERT INTO im_group_cursor (user_id, device, group_name, acknowledged_seq)" + " VALUES (" + first
                        + ", 'web:tab', 'g', 1)",
                "UPDATE im_group_member SET left_seq = 9 WHERE uid = 'f100'",
                "UPDATE im_user SET trimmed_seq = 1 WHERE uid = 'f200'",
                "DELETE FROM im_inbox WHERE user_id = " + (first + 200),
                "UPDATE im_inbox_head SET head = 2 WHERE user_id = " + (first + 300),
                "INSERT INTO im_inbox (user_id, seq, kind, conversation_id, ref_seq) VALUES (" + (first + 300)
                        + ", 2, 1, 1, 1)");
    }

    /** One for each table but the feed. */
    List<Long> sums(String database) {
        List<SlotTable> tables = new ArrayList<>(SlotTable.CHANGING);
        tables.addAll(
                List.of(SlotTable.MESSAGES, SlotTable.STATES, SlotTable.COPIES, SlotTable.INBOXES, SlotTable.USERS));
        return tables.stream()
                .map(table -> count(
                        database,
                        "SELECT COALESCE(SUM(CRC32(CONCAT_WS(',', " + table.list() + "))), 0) FROM " + table.name()
                                + " WHERE " + table.slotColumn() + " >> 53 = " + slot + " AND " + table.slotColumn()
                                + " > 0"))
                .toList();
    }

    static String insert(String table, int rows, IntFunction<String> values) {
        return "INSERT INTO " + table + " VALUES "
                + IntStream.range(0, rows)
                        .mapToObj(i -> "(" + values.apply(i) + ")")
                        .collect(Collectors.joining(","));
    }
}
