package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.adapter.sql.MessageRows;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.Conversation.Kind;
import io.hongyan.im.core.message.PartialResult;
import io.hongyan.im.core.receipt.Marks;
import io.hongyan.im.core.send.Appended.InboxPosition;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** Marks are where their users are; which conversations there are is known elsewhere. */
final class ShardedMarks implements Marks {
    private static final EntryReceipts NOBODY = new EntryReceipts(0, 0, 0, List.of());

    private final Shards shards;
    private final ShardedIds ids;
    private final MarkRows rows;

    ShardedMarks(Shards shards, ShardedIds ids, MarkRows rows) {
        this.shards = shards;
        this.ids = ids;
        this.rows = rows;
    }

    /** A mark by the rows it is of, and its place among those that were given. */
    private record Known(Mark mark, long userId, long conversationId, int place) {}

    /** @param left those of which it is not known, as databases do not answer */
    private record Split(List<Known> known, Set<Mark> left, RuntimeException trouble) {}

    private Split split(Collection<Mark> marks) {
        ShardedIds.Found<String> users =
                ids.possibleUsers(marks.stream().map(Mark::uid).toList());
        ShardedIds.Found<Conversation> conversations =
                ids.possibleConversations(marks.stream().map(Mark::conversation).toList());
        List<Known> known = new ArrayList<>(marks.size());
        Set<Mark> left = new HashSet<>();
        int place = 0;
        for (Mark mark : marks) {
            Long user = users.found().get(mark.uid());
            Long conversation = conversations.found().get(mark.conversation());
            if (user != null && conversation != null) {
                known.add(new Known(mark, user, conversation, place));
            } else if (users.unasked().contains(mark.uid())
                    || conversations.unasked().contains(mark.conversation())) {
                left.add(mark);
            }
            place++;
        }
        return new Split(known, left, users.trouble() == null ? conversations.trouble() : users.trouble());
    }

    /** Does it with those that are known, database by database. */
    private PartialResult<Mark> each(Split split, BiConsumer<SlotSession, List<Known>> work) {
        Set<Mark> left = new HashSet<>(split.left);
        split.known.forEach(one -> left.add(one.mark));
        RuntimeException trouble =
                shards.eachPossible(split.known, mark -> Slots.ofId(mark.userId), (slotSession, some) -> {
                    work.accept(slotSession, some);
                    some.forEach(one -> left.remove(one.mark));
                });
        return new PartialResult<>(left, trouble == null ? split.trouble : trouble);
    }

    @Override
    public PartialResult<Mark> raise(Collection<Mark> marks) {
        return each(
                split(marks),
                (slotSession, some) -> slotSession.run(session -> {
                    raise(session.connection(), some);
                    return null;
                }));
    }

    /** @return those that there were to raise */
    private static List<Known> raise(Connection connection, List<Known> marks) throws SQLException {
        // In the order in which the fan-out writes marks, so that neither waits for the other.
        List<Known> inOrder = marks.stream()
                .sorted(Comparator.comparingLong((Known one) -> one.userId)
                        .thenComparingLong(one -> one.conversationId))
                .toList();
        List<Known> raised = new ArrayList<>(marks.size());
        try (PreparedStatement statement = connection.prepareStatement("""
                UPDATE im_mark SET delivered_seq = GREATEST(delivered_seq, ?),
                       read_ordinal = IF(read_seq < ?, ?, read_ordinal), read_seq = GREATEST(read_seq, ?)
                 WHERE user_id = ? AND conversation_id = ?""")) {
            for (Known one : inOrder) {
                statement.setLong(1, one.mark.deliveredSeq());
                statement.setLong(2, one.mark.readSeq());
                statement.setLong(3, one.mark.readOrdinal());
                statement.setLong(4, one.mark.readSeq());
                statement.setLong(5, one.userId);
                statement.setLong(6, one.conversationId);
                statement.addBatch();
            }
            // The driver counts rows that were found, not those that were changed.
            int[] found = statement.executeBatch();
            for (int i = 0; i < found.length; i++) {
                if (found[i] > 0) {
                    raised.add(inOrder.get(i));
                }
            }
        }
        raised.sort(Comparator.comparingInt(one -> one.place));
        return raised;
    }

    @Override
    public Mark find(String uid, Conversation conversation) {
        Mark none = new Mark(uid, conversation, 0, 0, 0);
        Split split = split(List.of(none));
        if (split.trouble != null) {
            throw split.trouble;
        }
        List<Known> known = split.known;
        if (known.isEmpty()) {
            return none;
        }
        MarkRows.Key key = new MarkRows.Key(known.get(0).userId, known.get(0).conversationId);
        MarkRows.Row row = rows.read(List.of(key)).get(key);
        return row == null ? none : new Mark(uid, conversation, row.delivered(), row.read(), row.readOrdinal());
    }

    @Override
    public ReadEvents appendReadEvents(Collection<Mark> marks) {
        Map<Integer, InboxPosition> positions = new TreeMap<>();
        PartialResult<Mark> left = each(
                split(marks),
                (slotSession, some) ->
                        positions.putAll(slotSession.run(session -> append(session.connection(), some))));
        return new ReadEvents(List.copyOf(positions.values()), left);
    }

    private static Map<Integer, InboxPosition> append(Connection connection, List<Known> marks) throws SQLException {
        InboxNumbers inbox = new InboxNumbers();
        List<Known> raised = raise(connection, marks);
        raised.forEach(one -> inbox.add(one.userId, MessageRows.KIND_READ, one.conversationId, one.mark.readSeq()));
        inbox.number(connection);
        inbox.write(connection);
        Map<Integer, InboxPosition> positions = new HashMap<>();
        for (int i = 0; i < raised.size(); i++) {
            Known one = raised.get(i);
            positions.put(one.place, new InboxPosition(one.mark.uid(), inbox.seqOf(i)));
        }
        return positions;
    }

    @Override
    public EntryReceipts receiptsOf(Conversation conversation, long seq, String sender, int limit) {
        if (conversation.kind() != Kind.DIRECT && conversation.kind() != Kind.GROUP) {
            return NOBODY;
        }
        Map<MarkRows.Key, String> recipients = shards.at(
                Slots.of(conversation),
                slotSession -> slotSession.read(session -> {
                    Connection connection = session.connection();
                    Long id = ids.here()
                            .conversations(connection, List.of(conversation))
                            .get(conversation);
                    return id == null ? Map.of() : recipients(connection, conversation, id, seq, sender);
                }));
        Map<MarkRows.Key, MarkRows.Row> marks = rows.read(recipients.keySet());
        int delivered = 0;
        List<String> readers = new ArrayList<>();
        for (Map.Entry<MarkRows.Key, String> recipient : recipients.entrySet()) {
            MarkRows.Row mark = marks.getOrDefault(recipient.getKey(), MarkRows.Row.NONE);
            delivered += mark.delivered() >= seq || mark.read() >= seq ? 1 : 0;
            if (mark.read() >= seq) {
                readers.add(recipient.getValue());
            }
        }
        List<String> first = readers.stream().sorted().limit(limit).toList();
        return new EntryReceipts(recipients.size(), delivered, readers.size(), first);
    }

    private static Map<MarkRows.Key, String> recipients(
            Connection connection, Conversation conversation, long id, long seq, String sender) throws SQLException {
        String sql = conversation.kind() == Kind.GROUP ? """
                SELECT r.user_id, r.uid FROM im_message m JOIN im_group_member r ON r.conversation_id = m.conversation_id
                       AND r.joined_seq <= m.seq AND (r.left_seq IS NULL OR r.left_seq >= m.seq)
                 WHERE m.conversation_id = ? AND m.seq = ? AND r.uid <> ?""" : """
                SELECT r.id, r.uid FROM im_message m JOIN im_conversation c ON c.id = m.conversation_id
                  JOIN im_user r ON r.id IN (c.low_user_id, c.high_user_id)
                 WHERE m.conversation_id = ? AND m.seq = ? AND r.uid <> ?""";
        Map<MarkRows.Key, String> found = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, id);
            statement.setLong(2, seq);
            statement.setBytes(3, MysqlIds.bytes(sender));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.put(new MarkRows.Key(row.getLong(1), id), MysqlIds.text(row.getBytes(2)));
                }
            }
        }
        return found;
    }
}
