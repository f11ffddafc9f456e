package io.hongyan.im.adapter.sql.mysql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Markers of many conversations at once. */
final class FanOutMarks {
    private static final int ENTRIES_PER_STATEMENT_MAX = 200;

    private FanOutMarks() {}

    /** An entry that had a marker. */
    record Entry(long conversationId, long seq) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            return conversationId != other.conversationId
                    ? Long.compare(conversationId, other.conversationId)
                    : Long.compare(seq, other.seq);
        }
    }

    static void delete(Connection connection, List<Entry> entries) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (List<Entry> some : NumberRows.parts(entries, ENTRIES_PER_STATEMENT_MAX)) {
                statement.executeUpdate("DELETE FROM im_fanout WHERE " + condition(some, "conversation_id", "seq"));
            }
        }
    }

    /** Writes where messages stand in the inboxes of their senders, for those who send them again. */
    static void noteSenders(Connection connection, List<Entry> entries, Map<Entry, Long> numbers) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE im_message SET sender_inbox_seq = ? WHERE conversation_id = ? AND seq = ?")) {
            int count = 0;
            for (Entry entry : entries) {
                Long number = numbers.get(entry);
                if (number != null) {
                    update.setLong(1, number);
                    update.setLong(2, entry.conversationId);
                    update.setLong(3, entry.seq);
                    update.addBatch();
                    count++;
                }
            }
            if (count > 0) {
                update.executeBatch();
            }
        }
    }

    /** That a row is of one of the entries. */
    static String condition(List<Entry> entries, String conversationColumn, String seqColumn) {
        Map<Long, TreeMap<Long, Entry>> byConversation = new LinkedHashMap<>();
        for (Entry entry : entries) {
            byConversation
                    .computeIfAbsent(entry.conversationId, id -> new TreeMap<>())
                    .put(entry.seq, entry);
        }
        StringBuilder sql = new StringBuilder();
        byConversation.forEach((conversationId, seqs) -> {
            sql.append(sql.length() == 0 ? "(" : " OR (");
            sql.append(conversationColumn).append(" = ").append(conversationId);
            sql.append(" AND ")
                    .append(seqColumn)
                    .append(" IN (")
                    .append(NumberRows.list(seqs.keySet()))
                    .append("))");
        });
        return "(" + sql + ")";
    }
}
