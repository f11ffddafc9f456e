package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.core.send.Appended;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds messages that are stored already. Of conversations whose locks are held: what is not found is not there. */
final class MessageLookUp {
    /** Keys of one statement. */
    private static final int KEYS_PER_QUERY_MAX = 200;

    /** The sender of rows that are no messages. */
    private static final long NOBODY = -1;

    private final Connection connection;

    MessageLookUp(Connection connection) {
        this.connection = connection;
    }

    private record Place(long conversationId, long senderId) {}

    /**
     * The answers that were given; those that were not stored are missing. By the same statement, which conversations have
     * markers. Without keys neither is asked: nothing can be stored then in a conversation that is there.
     *
     * @param conversations that may have markers
     * @param marked gets those that have
     */
    Map<DedupKey, Appended> find(Collection<DedupKey> keys, Collection<Long> conversations, Set<Long> marked)
            throws SQLException {
        Map<DedupKey, Appended> found = new HashMap<>();
        Collection<Long> asked = conversations;
        for (List<DedupKey> some : NumberRows.parts(List.copyOf(keys), KEYS_PER_QUERY_MAX)) {
            find(some, asked, found, marked);
            asked = List.of();
        }
        return found;
    }

    private void find(
            List<DedupKey> keys, Collection<Long> conversations, Map<DedupKey, Appended> found, Set<Long> marked)
            throws SQLException {
        Map<Place, List<String>> byPlace = new LinkedHashMap<>();
        for (DedupKey key : keys) {
            byPlace.computeIfAbsent(new Place(key.conversationId(), key.senderId()), place -> new ArrayList<>())
                    .add(key.clientMessageId());
        }
        StringBuilder sql = new StringBuilder("SELECT conversation_id, sender_id, client_message_id, seq, ordinal,"
                + " sent_at, sender_inbox_seq FROM im_message FORCE INDEX (im_message_key) WHERE ");
        String or = "";
        for (Map.Entry<Place, List<String>> place : byPlace.entrySet()) {
            sql.append(or).append("(conversation_id = ").append(place.getKey().conversationId());
            sql.append(" AND sender_id = ").append(place.getKey().senderId());
            sql.append(" AND client_message_id IN (")
                    .append(MysqlIds.marks(place.getValue().size()))
                    .append("))");
            or = " OR ";
        }
        if (!conversations.isEmpty()) {
            sql.append(" UNION ALL SELECT DISTINCT conversation_id, ")
                    .append(NOBODY)
                    .append(", '', 0, 0, 0, 0");
            sql.append(" FROM im_fanout FORCE INDEX (PRIMARY) WHERE conversation_id IN (")
                    .append(NumberRows.list(conversations))
                    .append(')');
        }
        try (PreparedStatement statement = connection.prepareStatement(sql.toString())) {
            int parameter = 1;
            for (List<String> ids : byPlace.values()) {
                for (String id : ids) {
                    statement.setBytes(parameter++, MysqlIds.bytes(id));
                }
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    if (rows.getLong(2) == NOBODY) {
                        marked.add(rows.getLong(1));
                    } else {
                        found.put(
                                new DedupKey(rows.getLong(1), rows.getLong(2), MysqlIds.text(rows.getBytes(3))),
                                new Appended.Repeated(
                                        rows.getLong(4), rows.getLong(5), rows.getLong(6), rows.getLong(7)));
                    }
                }
            }
        }
    }
}
