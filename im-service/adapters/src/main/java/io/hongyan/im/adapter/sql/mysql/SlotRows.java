package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.core.message.StorageException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** The rows that say which slots a database has, and which database it is. */
final class SlotRows {
    static final int HERE = 0;
    static final int FROZEN = 1;
    static final int MOVED = 2;
    static final int COMING = 3;

    /** Where the rows are to be found, whether or not they may be changed just now. */
    private static final String READABLE = "state IN (0, 1)";

    /** A freeze ends by itself. The sessions' time is UTC; SYSDATE is the time at which the row is looked at, when its lock is held. */
    private static final String USABLE = "(state = 0 OR state = 1 AND frozen_until <= SYSDATE(3))";

    private static final String HELD = USABLE + " LOCK IN SHARE MODE";

    /** Rows locked by the statement that holds their slots. */
    private static final int ROWS_WITH_SLOTS_MAX = 1_000;

    private SlotRows() {}

    /**
     * @param home whether it has what is not of a slot
     * @param unsplit whether it was used without slots, and its rows have not all got ids with slots yet
     */
    record Identity(String installation, String name, boolean home, boolean unsplit) {}

    /**
     * Ensures that all these slots are here, and stay here until the transaction ends.
     *
     * @throws SlotMovedException one is not
     */
    static void hold(Connection connection, BitSet slots, String database) throws SQLException {
        check(connection, slots, database, HELD);
    }

    /**
     * Does what {@link #hold} and {@link NumberRows#lock} do, the slots first, and by one statement where the rows are few.
     *
     * @throws SlotMovedException a slot is not here, whatever rows are
     */
    static Map<Long, long[]> holdAndLock(
            Connection connection,
            BitSet slots,
            String database,
            String table,
            String key,
            String values,
            Collection<Long> keys)
            throws SQLException {
        List<Long> sorted = keys.stream().distinct().sorted().toList();
        if (slots.isEmpty() || sorted.isEmpty() || sorted.size() > ROWS_WITH_SLOTS_MAX) {
            hold(connection, slots, database);
            return NumberRows.lock(connection, table, key, values, sorted);
        }
        // What is no row of the table has no key: -1.
        String sql = "(" + selection("-1, slot, 0", slots, HELD) + ") UNION ALL ("
                + NumberRows.locking(table, key, values, sorted) + ")";
        Map<Long, long[]> found = new HashMap<>();
        int held = 0;
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                if (rows.getLong(1) == -1) {
                    held++;
                } else {
                    found.put(rows.getLong(1), new long[] {rows.getLong(2), rows.getLong(3)});
                }
            }
        }
        if (held < slots.cardinality()) {
            throw new SlotMovedException(database);
        }
        return found;
    }

    /** The same with the heads of inboxes. */
    static TreeMap<Long, Long> holdAndLockInboxes(
            Connection connection, BitSet slots, String database, Collection<Long> userIds) throws SQLException {
        TreeMap<Long, Long> heads = new TreeMap<>();
        holdAndLock(connection, slots, database, "im_inbox_head", "user_id", "head, 0", userIds)
                .forEach((userId, numbers) -> heads.put(userId, numbers[0]));
        return heads;
    }

    private static String selection(String columns, BitSet slots, String condition) {
        StringBuilder sql = new StringBuilder("SELECT ");
        sql.append(columns).append(" FROM im_slot FORCE INDEX (PRIMARY) WHERE slot IN (");
        slots.stream().forEach(slot -> sql.append(slot).append(','));
        sql.setCharAt(sql.length() - 1, ')');
        return sql.append(" AND ").append(condition).toString();
    }

    /** Ensures that all these slots were here when the transaction began to read. */
    static void see(Connection connection, BitSet slots, String database) throws SQLException {
        check(connection, slots, database, READABLE);
    }

    private static void check(Connection connection, BitSet slots, String database, String condition)
            throws SQLException {
        int wanted = slots.cardinality();
        if (wanted == 0) {
            return;
        }
        int found = 0;
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(selection("slot", slots, condition))) {
            while (rows.next()) {
                found++;
            }
        }
        if (found < wanted) {
            throw new SlotMovedException(database);
        }
    }

    /** The slots that are here, frozen ones too. */
    static BitSet here(Connection connection) throws SQLException {
        BitSet slots = new BitSet(Slots.COUNT);
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT slot FROM im_slot WHERE " + READABLE)) {
            while (rows.next()) {
                slots.set(rows.getInt(1));
            }
        }
        return slots;
    }

    /** @param mover whose move it is: no other may end it */
    record Move(String to, byte[] mover) {}

    /** Where the slots have gone that were here once. */
    static Map<Integer, Move> moved(Connection connection) throws SQLException {
        Map<Integer, Move> moved = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT slot, moved_to, mover FROM im_slot WHERE state = " + MOVED)) {
            while (rows.next()) {
                moved.put(rows.getInt(1), new Move(MysqlIds.text(rows.getBytes(2)), rows.getBytes(3)));
            }
        }
        return moved;
    }

    /** Who moves a slot here, if anybody. */
    static Optional<byte[]> coming(Connection connection, int slot) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT mover FROM im_slot WHERE slot = ? AND state = " + COMING)) {
            statement.setInt(1, slot);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(row.getBytes(1)) : Optional.empty();
            }
        }
    }

    /** Lets a slot be used that has come here by a move whose switch was made. */
    static void open(Connection connection, int slot, byte[] mover) throws SQLException {
        update(
                connection,
                "UPDATE im_slot SET state = 0, mover = NULL WHERE slot = ? AND mover = ? AND state = " + COMING,
                slot,
                mover);
    }

    /** Ensures that a move is still this mover's, and stays so until the transaction ends. */
    static void holdMove(Connection connection, int slot, int state, byte[] mover) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT 1 FROM im_slot WHERE slot = ? AND state = ? AND mover = ? LOCK IN SHARE MODE")) {
            statement.setInt(1, slot);
            statement.setInt(2, state);
            statement.setBytes(3, mover);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new StorageException("slot " + slot + " is being moved by another process now", null);
                }
            }
        }
    }

    static int update(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            return statement.executeUpdate();
        }
    }

    /** Makes the rows of slots that are new here; those that are there stay. */
    static void insert(Connection connection, Collection<Integer> slots) throws SQLException {
        NumberRows.insert(
                connection,
                "im_slot (slot, state)",
                slots.stream().map(slot -> new long[] {slot, HERE}).toList(),
                " ON DUPLICATE KEY UPDATE state = im_slot.state");
    }

    /** All slots are in this database. */
    static void insertAll(Connection connection) throws SQLException {
        insert(connection, IntStream.range(0, Slots.COUNT).boxed().toList());
    }

    /** Null where the database is of no installation yet. */
    static Identity identity(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT installation, name, home, unsplit FROM im_shard")) {
            return row.next()
                    ? new Identity(
                            MysqlIds.text(row.getBytes(1)),
                            MysqlIds.text(row.getBytes(2)),
                            row.getBoolean(3),
                            row.getBoolean(4))
                    : null;
        }
    }

    static void insertIdentity(Connection connection, Identity identity) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO im_shard (id, installation, name, home, unsplit) VALUES (1, ?, ?, ?, ?)")) {
            insert.setBytes(1, MysqlIds.bytes(identity.installation()));
            insert.setBytes(2, MysqlIds.bytes(identity.name()));
            insert.setBoolean(3, identity.home());
            insert.setBoolean(4, identity.unsplit());
            insert.executeUpdate();
        }
    }

    /** Whether anybody's data is in the tables. */
    static boolean isUsed(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT EXISTS (SELECT 1 FROM im_user WHERE id > 0)"
                        + " OR EXISTS (SELECT 1 FROM im_push) OR EXISTS (SELECT 1 FROM im_event)")) {
            return row.next() && row.getBoolean(1);
        }
    }

    /** Ranges for people: {@code 0-511, 600}. */
    static String text(IntPredicate contained) {
        StringBuilder text = new StringBuilder();
        int slot = 0;
        while (slot < Slots.COUNT) {
            int from = slot;
            while (slot < Slots.COUNT && contained.test(slot)) {
                slot++;
            }
            if (slot > from) {
                text.append(text.length() == 0 ? "" : ", ").append(from);
                text.append(slot - from == 1 ? "" : "-" + (slot - 1));
            }
            slot++;
        }
        return text.toString();
    }
}
