package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.adapter.sql.Kinds;
import io.hongyan.im.adapter.sql.MessageStates;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.PartialResult;
import io.hongyan.im.core.message.StoredMessage;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads messages of many conversations, a query in each database that has any of them. Safe for many threads. */
final class ShardedBodies {
    private static final int ENTRIES_PER_QUERY_MAX = 200;

    private final Shards shards;

    ShardedBodies(Shards shards) {
        this.shards = shards;
    }

    /** A message as others see it who do not want its content. */
    record About(Conversation conversation, long senderId, String sender, long sentAtMillis, long ordinal) {}

    /** Messages by their places; what does not exist is missing, and what is left could not be read. */
    record Found<T>(Map<FanOutMarks.Entry, T> messages, PartialResult<FanOutMarks.Entry> left) {
        private Map<FanOutMarks.Entry, T> all() {
            if (left.why() != null) {
                throw left.why();
            }
            return messages;
        }
    }

    Map<FanOutMarks.Entry, StoredMessage> read(Collection<FanOutMarks.Entry> entries) {
        return possible(entries).all();
    }

    Found<StoredMessage> possible(Collection<FanOutMarks.Entry> entries) {
        Map<FanOutMarks.Entry, StoredMessage> found = new HashMap<>();
        PartialResult<FanOutMarks.Entry> left = read(
                entries,
                ", m.sender_device, m.client_message_id, m.content, " + MessageStates.COLUMNS,
                MessageStates.JOIN,
                row -> found.put(entryOf(row), messageOf(row)));
        return new Found<>(found, left);
    }

    /** The same without what is in them. */
    Map<FanOutMarks.Entry, About> readAbout(Collection<FanOutMarks.Entry> entries) {
        return possibleAbout(entries).all();
    }

    Found<About> possibleAbout(Collection<FanOutMarks.Entry> entries) {
        Map<FanOutMarks.Entry, About> found = new HashMap<>();
        PartialResult<FanOutMarks.Entry> left = read(
                entries,
                "",
                "",
                row -> found.put(
                        entryOf(row),
                        new About(
                                Kinds.conversation(row.getInt(3), MysqlIds.text(row.getBytes(4))),
                                row.getLong(5),
                                MysqlIds.text(row.getBytes(6)),
                                row.getLong(7),
                                row.getLong(8))));
        return new Found<>(found, left);
    }

    @FunctionalInterface
    private interface Rows {
        void take(ResultSet row) throws SQLException;
    }

    private PartialResult<FanOutMarks.Entry> read(
            Collection<FanOutMarks.Entry> entries, String columns, String join, Rows rows) {
        Set<FanOutMarks.Entry> left = new HashSet<>(entries);
        RuntimeException trouble =
                shards.eachPossible(entries, entry -> Slots.ofId(entry.conversationId()), (slotSession, some) -> {
                    slotSession.readOne(session -> {
                        Connection connection = session.connection();
                        for (List<FanOutMarks.Entry> part : NumberRows.parts(some, ENTRIES_PER_QUERY_MAX)) {
                            read(connection, part, columns, join, rows);
                        }
                        return null;
                    });
                    some.forEach(left::remove);
                });
        return new PartialResult<>(left, trouble);
    }

    private static void read(
            Connection connection, List<FanOutMarks.Entry> entries, String columns, String join, Rows rows)
            throws SQLException {
        String sql = "SELECT m.conversation_id, m.seq, c.kind, c.name, m.sender_id, s.uid, m.sent_at, m.ordinal"
                + columns
                + " FROM im_message m JOIN im_conversation c ON c.id = m.conversation_id"
                + " JOIN im_user s ON s.id = m.sender_id" + join + " WHERE "
                + FanOutMarks.condition(entries, "m.conversation_id", "m.seq");
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                rows.take(row);
            }
        }
    }

    private static FanOutMarks.Entry entryOf(ResultSet row) throws SQLException {
        return new FanOutMarks.Entry(row.getLong(1), row.getLong(2));
    }

    private static StoredMessage messageOf(ResultSet row) throws SQLException {
        return new StoredMessage(
                Kinds.conversation(row.getInt(3), MysqlIds.text(row.getBytes(4))),
                row.getLong(2),
                row.getLong(8),
                MysqlIds.text(row.getBytes(6)),
                MysqlIds.text(row.getBytes(9)),
                MysqlIds.text(row.getBytes(10)),
                row.getLong(7),
                row.getBytes(11),
                MessageStates.read(row, 12));
    }
}
