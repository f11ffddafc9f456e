package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.adapter.sql.MessageRows;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes entries into inboxes, one transaction for each database. What stands in an inbox already is passed over: the
 * mark of the user in the conversation says up to where that is. So it may be done again, by whomever and whenever, as
 * long as all earlier entries of the conversation have arrived or come before in the same list.
 */
final class Arrivals {
    /** The server weighs each condition by itself. */
    private static final int MARKS_PER_QUERY_MAX = 200;

    private final Shards shards;

    Arrivals(Shards shards) {
        this.shards = shards;
    }

    /** Whose mark in which conversation. */
    record Mark(long userId, long conversationId) {}

    /**
     * @param arrivals of one conversation by rising number
     * @return the first failure of a database, null where there was none; those of the others are written
     */
    RuntimeException write(List<Arrival> arrivals) {
        return arrivals.isEmpty()
                ? null
                : shards.eachPossible(
                        arrivals, arrival -> Slots.ofId(arrival.userId()), (place, some) -> writeOne(place, some));
    }

    private static void writeOne(Place place, List<Arrival> arrivals) {
        conclude(arrivals, place.run(session -> number(session.connection(), arrivals, null)));
    }

    /**
     * Writes those whose inboxes are in the database of a transaction, as part of it. What is said of them afterwards is so
     * when it is committed.
     *
     * @throws SlotMovedException one is not here
     */
    static void writeHere(Connection connection, List<Arrival> arrivals, String database) throws SQLException {
        if (!arrivals.isEmpty()) {
            conclude(arrivals, number(connection, arrivals, database));
        }
    }

    private static void conclude(List<Arrival> arrivals, long[] numbers) {
        for (int i = 0; i < numbers.length; i++) {
            if (numbers[i] > 0) {
                arrivals.get(i).written(numbers[i]);
            } else {
                arrivals.get(i).wasThere();
            }
        }
    }

    /**
     * @param database its name; null = the slots are held
     * @return their numbers, 0 for those that were there
     */
    private static long[] number(Connection connection, List<Arrival> arrivals, String database) throws SQLException {
        BitSet slots = new BitSet();
        if (database != null) {
            arrivals.forEach(arrival -> slots.set(Slots.ofId(arrival.userId())));
        }
        Map<Long, Long> heads = SlotRows.holdAndLockInboxes(
                connection,
                slots,
                database,
                arrivals.stream().map(Arrival::userId).toList());
        Map<Mark, Long> marks = marks(connection, arrivals);
        long[] numbers = new long[arrivals.size()];
        List<long[]> rows = new ArrayList<>();
        Map<Long, Long> moved = new TreeMap<>();
        for (int i = 0; i < numbers.length; i++) {
            Arrival arrival = arrivals.get(i);
            Long head = heads.get(arrival.userId());
            if (head == null) {
                throw new IllegalStateException("user " + arrival.userId() + " has no inbox head");
            }
            Mark mark = new Mark(arrival.userId(), arrival.conversationId());
            if (marks.getOrDefault(mark, 0L) < arrival.seq()) {
                numbers[i] = head + 1;
                heads.put(arrival.userId(), head + 1);
                moved.put(arrival.userId(), head + 1);
                marks.put(mark, arrival.seq());
                rows.add(new long[] {
                    arrival.userId(), head + 1, MessageRows.KIND_MESSAGE, arrival.conversationId(), arrival.seq()
                });
            }
        }
        if (!rows.isEmpty()) {
            write(connection, moved, rows, marks);
        }
        return numbers;
    }

    private static void write(Connection connection, Map<Long, Long> moved, List<long[]> rows, Map<Mark, Long> marks)
            throws SQLException {
        List<long[]> heads = new ArrayList<>(moved.size());
        moved.forEach((userId, head) -> heads.add(new long[] {userId, head}));
        NumberRows.insert(
                connection, "im_inbox_head (user_id, head)", heads, " ON DUPLICATE KEY UPDATE head = VALUES(head)");
        rows.sort((one, other) -> compare(one[0], other[0], one[1], other[1]));
        NumberRows.insert(connection, "im_inbox (user_id, seq, kind, conversation_id, ref_seq)", rows, "");
        note(connection, marks);
    }

    /** Notes how far the entries of conversations have come. */
    static void note(Connection connection, Map<Mark, Long> marks) throws SQLException {
        List<long[]> arrived = new ArrayList<>(marks.size());
        marks.forEach((mark, seq) -> arrived.add(new long[] {mark.userId(), mark.conversationId(), seq}));
        arrived.sort((one, other) -> compare(one[0], other[0], one[1], other[1]));
        NumberRows.insert(
                connection,
                "im_mark (user_id, conversation_id, inbox_seq)",
                arrived,
                " ON DUPLICATE KEY UPDATE inbox_seq = VALUES(inbox_seq)");
    }

    private static int compare(long one, long other, long oneThen, long otherThen) {
        return one != other ? Long.compare(one, other) : Long.compare(oneThen, otherThen);
    }

    /** How far each has come; those without a mark are missing. */
    private static Map<Mark, Long> marks(Connection connection, List<Arrival> arrivals) throws SQLException {
        Map<Long, List<Long>> users = new LinkedHashMap<>();
        int count = 0;
        Map<Mark, Long> found = new HashMap<>();
        for (Mark mark : arrivals.stream()
                .map(arrival -> new Mark(arrival.userId(), arrival.conversationId()))
                .distinct()
                .toList()) {
            users.computeIfAbsent(mark.conversationId(), conversation -> new ArrayList<>())
                    .add(mark.userId());
            if (++count % MARKS_PER_QUERY_MAX == 0) {
                readMarks(connection, users, found);
                users.clear();
            }
        }
        if (!users.isEmpty()) {
            readMarks(connection, users, found);
        }
        return found;
    }

    private static void readMarks(Connection connection, Map<Long, List<Long>> users, Map<Mark, Long> found)
            throws SQLException {
        StringBuilder sql = new StringBuilder(
                "SELECT user_id, conversation_id, inbox_seq FROM im_mark FORCE INDEX (PRIMARY) WHERE ");
        String or = "";
        for (Map.Entry<Long, List<Long>> one : users.entrySet()) {
            sql.append(or).append("(conversation_id = ").append(one.getKey());
            sql.append(" AND user_id IN (")
                    .append(NumberRows.list(one.getValue()))
                    .append("))");
            or = " OR ";
        }
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql.toString())) {
            while (rows.next()) {
                found.put(new Mark(rows.getLong(1), rows.getLong(2)), rows.getLong(3));
            }
        }
    }
}
