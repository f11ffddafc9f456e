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
 * Writes entries into inboxes, one transaction for each database. What is in an inbox already is skipped: the
 * mark of the user in the conversation says up to where that is. So it may be done again, by any node at any time, as
 * long as all earlier entries of the conversation were written before or are earlier in the same list.
 */
final class InboxWriter {
    /** The server weighs each condition by itself. */
    private static final int MARKS_PER_QUERY_MAX = 200;

    private final Shards shards;

    InboxWriter(Shards shards) {
        this.shards = shards;
    }

    /** Whose mark in which conversation. */
    record Mark(long userId, long conversationId) {}

    /**
     * @param inboxWrites of one conversation by rising number
     * @return the first failure of a database, null where there was none; those of the others are written
     */
    RuntimeException write(List<InboxWrite> inboxWrites) {
        return inboxWrites.isEmpty()
                ? null
                : shards.eachPossible(
                        inboxWrites,
                        inboxWrite -> Slots.ofId(inboxWrite.userId()),
                        (slotSession, some) -> writeOne(slotSession, some));
    }

    private static void writeOne(SlotSession slotSession, List<InboxWrite> inboxWrites) {
        conclude(inboxWrites, slotSession.run(session -> number(session.connection(), inboxWrites, null)));
    }

    /**
     * Writes those whose inboxes are in the database of a transaction, as part of it. What they say afterwards is true
     * once it is committed.
     *
     * @throws SlotMovedException one is not here
     */
    static void writeHere(Connection connection, List<InboxWrite> inboxWrites, String database) throws SQLException {
        if (!inboxWrites.isEmpty()) {
            conclude(inboxWrites, number(connection, inboxWrites, database));
        }
    }

    private static void conclude(List<InboxWrite> inboxWrites, long[] numbers) {
        for (int i = 0; i < numbers.length; i++) {
            if (numbers[i] > 0) {
                inboxWrites.get(i).written(numbers[i]);
            } else {
                inboxWrites.get(i).wasThere();
            }
        }
    }

    /**
     * @param database its name; null = the slots are held
     * @return their numbers, 0 for those that were there
     */
    private static long[] number(Connection connection, List<InboxWrite> inboxWrites, String database)
            throws SQLException {
        BitSet slots = new BitSet();
        if (database != null) {
            inboxWrites.forEach(inboxWrite -> slots.set(Slots.ofId(inboxWrite.userId())));
        }
        Map<Long, Long> heads = SlotRows.holdAndLockInboxes(
                connection,
                slots,
                database,
                inboxWrites.stream().map(InboxWrite::userId).toList());
        Map<Mark, Long> marks = marks(connection, inboxWrites);
        long[] numbers = new long[inboxWrites.size()];
        List<long[]> rows = new ArrayList<>();
        Map<Long, Long> moved = new TreeMap<>();
        for (int i = 0; i < numbers.length; i++) {
            InboxWrite inboxWrite = inboxWrites.get(i);
            Long head = heads.get(inboxWrite.userId());
            if (head == null) {
                throw new IllegalStateException("user " + inboxWrite.userId() + " has no inbox head");
            }
            Mark mark = new Mark(inboxWrite.userId(), inboxWrite.conversationId());
            if (marks.getOrDefault(mark, 0L) < inboxWrite.seq()) {
                numbers[i] = head + 1;
                heads.put(inboxWrite.userId(), head + 1);
                moved.put(inboxWrite.userId(), head + 1);
                marks.put(mark, inboxWrite.seq());
                rows.add(new long[] {
                    inboxWrite.userId(),
                    head + 1,
                    MessageRows.KIND_MESSAGE,
                    inboxWrite.conversationId(),
                    inboxWrite.seq()
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
    private static Map<Mark, Long> marks(Connection connection, List<InboxWrite> inboxWrites) throws SQLException {
        Map<Long, List<Long>> users = new LinkedHashMap<>();
        int count = 0;
        Map<Mark, Long> found = new HashMap<>();
        for (Mark mark : inboxWrites.stream()
                .map(inboxWrite -> new Mark(inboxWrite.userId(), inboxWrite.conversationId()))
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
