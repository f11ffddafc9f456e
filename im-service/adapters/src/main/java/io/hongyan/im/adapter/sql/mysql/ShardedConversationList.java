package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.adapter.sql.BoundedPage;
import io.hongyan.im.adapter.sql.Kinds;
import io.hongyan.im.adapter.sql.LoginRows;
import io.hongyan.im.adapter.sql.MessageStates;
import io.hongyan.im.adapter.sql.ReadConnection;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.Conversation.Kind;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.receipt.Marks.Mark;
import io.hongyan.im.core.sync.ConversationList;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which conversations a user has is where the user is; what is in them, and the marks of the other side, where those are.
 * In the order of ids, as on one database.
 */
final class ShardedConversationList implements ConversationList {
    /** So many inbox entries are looked through for what changed; where there are more, everything is listed. */
    private static final long CHANGED_ENTRIES_MAX = 10_000;

    /** Items that are read together: of each part that reaches the end of a page, some are read in vain. */
    private static final int PART_ITEMS = 50;

    private static final String ITEMS = """
            SELECT c.id, c.kind, c.name, c.low_user_id, c.high_user_id, m.seq, s.uid, m.sender_device,
                   m.client_message_id, m.sent_at, m.content, COALESCE(newest.joined_ordinal, 0), m.ordinal,""" + MessageStates.COLUMNS + " " + """
              FROM im_conversation c
              LEFT JOIN im_group_member newest ON c.kind = 2 AND newest.conversation_id = c.id AND newest.uid = ?
                   AND newest.joined_seq = (SELECT MAX(o.joined_seq) FROM im_group_member o
                                             WHERE o.conversation_id = c.id AND o.uid = ?)
              LEFT JOIN im_group g ON newest.left_seq IS NOT NULL AND g.conversation_id = c.id
              JOIN im_message m ON m.conversation_id = c.id AND m.seq = COALESCE(newest.left_seq, c.head)
              JOIN im_user s ON s.id = m.sender_id""" + MessageStates.JOIN + " " + """
             WHERE (g.dissolved IS NULL OR g.dissolved = 0) AND c.id IN (""";

    private final Shards shards;
    private final ShardedIds ids;
    private final MarkRows marks;

    ShardedConversationList(Shards shards, ShardedIds ids, MarkRows marks) {
        this.shards = shards;
        this.ids = ids;
        this.marks = marks;
    }

    /** A user's conversations, some of them. */
    private record Found(long userId, long head, boolean changedOnly, List<Long> conversations) {}

    /** What the conversation's database knows. */
    private record Row(
            long id, Conversation conversation, long lowId, long highId, StoredMessage last, long joinedOrdinal) {
        MarkRows.Key peer(long userId) {
            return new MarkRows.Key(lowId == userId ? highId : lowId, id);
        }

        boolean hasPeer() {
            return conversation.kind() == Kind.DIRECT && lowId != highId;
        }
    }

    @Override
    public Page list(String uid, long afterInboxSeq, String page, int limit, int bytesMax) {
        long afterRow = page == null ? 0 : Long.parseLong(page);
        Found found = shards.at(
                Slots.ofUser(uid),
                slotSession -> slotSession.read(session -> find(session, uid, afterInboxSeq, afterRow, limit + 1)));
        if (found == null) {
            return new Page(List.of(), 0, null);
        }
        TreeSet<Long> all = new TreeSet<>(found.conversations);
        if (found.changedOnly) {
            all.addAll(largeGroups(found.userId, afterRow, limit + 1));
        }
        // One more than asked tells whether there is a next page.
        List<Long> wanted = all.stream().limit(limit).toList();
        BoundedPage<Item> items = new BoundedPage<>(item -> item.last().bytes(), bytesMax);
        long last = afterRow;
        // In parts, so that not much more is read than is given.
        for (int from = 0; from < wanted.size(); from += PART_ITEMS) {
            List<Long> part = wanted.subList(from, Math.min(wanted.size(), from + PART_ITEMS));
            Map<Long, Item> read = items(uid, found.userId, part, false);
            for (long id : part) {
                Item item = read.get(id);
                if (item != null && !items.take(item)) {
                    return new Page(items.rows(), found.head, Long.toString(last));
                }
                last = id;
            }
        }
        return new Page(items.rows(), found.head, all.size() > limit ? Long.toString(last) : null);
    }

    @Override
    public Some only(String uid, List<Conversation> asked, int bytesMax) {
        Long userId = ids.user(uid);
        if (userId == null) {
            return new Some(List.of(), asked.size());
        }
        Map<Conversation, Long> known = ids.conversations(asked);
        BoundedPage<Item> items = new BoundedPage<>(item -> item.last().bytes(), bytesMax);
        for (int from = 0; from < asked.size(); from += PART_ITEMS) {
            List<Conversation> part = asked.subList(from, Math.min(asked.size(), from + PART_ITEMS));
            List<Long> wanted =
                    part.stream().map(known::get).filter(Objects::nonNull).toList();
            Map<Long, Item> read = items(uid, userId, wanted, true);
            for (int i = 0; i < part.size(); i++) {
                Item item = read.get(known.get(part.get(i)));
                if (item != null && !items.take(item)) {
                    return new Some(items.rows(), from + i);
                }
            }
        }
        return new Some(items.rows(), asked.size());
    }

    private static Found find(ReadConnection session, String uid, long after, long afterRow, int limit)
            throws SQLException {
        LoginRows.Range inbox = session.loginRows().range(uid);
        if (inbox == null) {
            return null;
        }
        boolean everything = after < inbox.trimmed() || inbox.head() - after > CHANGED_ENTRIES_MAX || after <= 0;
        String sql = everything
                ? "SELECT conversation_id FROM im_mark WHERE user_id = ? AND conversation_id > ?"
                        + " ORDER BY conversation_id LIMIT ?"
                : "SELECT DISTINCT conversation_id FROM im_inbox WHERE user_id = ? AND conversation_id > ? AND seq > "
                        + after + " ORDER BY conversation_id LIMIT ?";
        List<Long> ids = ids(session.connection(), sql, inbox.userId(), afterRow, limit);
        return new Found(inbox.userId(), inbox.head(), !everything, ids);
    }

    private Set<Long> largeGroups(long userId, long afterRow, int limit) {
        Set<Long> all = new HashSet<>();
        String sql = """
                SELECT m.conversation_id FROM im_group_member m
                  JOIN im_group g ON g.conversation_id = m.conversation_id AND g.large_seq > 0
                 WHERE m.user_id = ? AND m.conversation_id > ? AND m.left_seq IS NULL
                 ORDER BY m.conversation_id LIMIT ?""";
        shards.sweep(true, session -> ids(session.connection(), sql, userId, afterRow, limit))
                .forEach(part -> part.rows().stream()
                        .filter(id -> part.slots().get(Slots.ofId(id)))
                        .forEach(all::add));
        return all;
    }

    private static List<Long> ids(Connection connection, String sql, long userId, long afterRow, int limit)
            throws SQLException {
        List<Long> ids = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, userId);
            statement.setLong(2, afterRow);
            statement.setInt(3, limit);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    ids.add(rows.getLong(1));
                }
            }
        }
        return ids;
    }

    /**
     * By conversation.
     *
     * @param ownOnly without those of which the user has no mark, which are none of the user's
     */
    private Map<Long, Item> items(String uid, long userId, List<Long> ids, boolean ownOnly) {
        Map<Long, Row> rows = new HashMap<>();
        shards.each(ids, Slots::ofId, (slotSession, some) -> {
            List<Row> read = slotSession.read(session -> read(session.connection(), uid, some));
            read.forEach(row -> rows.put(row.id, row));
        });
        Set<MarkRows.Key> wanted = new HashSet<>();
        for (Row row : rows.values()) {
            wanted.add(new MarkRows.Key(userId, row.id));
            if (row.hasPeer()) {
                wanted.add(row.peer(userId));
            }
        }
        Map<MarkRows.Key, MarkRows.Row> found = marks.read(wanted);
        Map<Long, Item> items = new HashMap<>();
        rows.forEach((id, row) -> {
            if (!ownOnly || found.containsKey(new MarkRows.Key(userId, id))) {
                items.put(id, toItem(uid, userId, row, found));
            }
        });
        return items;
    }

    private static Item toItem(String uid, long userId, Row row, Map<MarkRows.Key, MarkRows.Row> found) {
        Mark mine = mark(uid, row, found.get(new MarkRows.Key(userId, row.id)));
        Mark peer = row.hasPeer() ? mark(row.conversation.peerOf(uid), row, found.get(row.peer(userId))) : null;
        return new Item(row.conversation, row.last.seq(), row.last, mine, peer, row.joinedOrdinal);
    }

    private static Mark mark(String uid, Row row, MarkRows.Row stored) {
        MarkRows.Row mark = stored == null ? MarkRows.Row.NONE : stored;
        return new Mark(uid, row.conversation, mark.delivered(), mark.read(), mark.readOrdinal());
    }

    private static List<Row> read(Connection connection, String uid, Collection<Long> ids) throws SQLException {
        List<Row> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(ITEMS + NumberRows.list(ids) + ")")) {
            statement.setBytes(1, MysqlIds.bytes(uid));
            statement.setBytes(2, MysqlIds.bytes(uid));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    Conversation conversation = Kinds.conversation(row.getInt(2), MysqlIds.text(row.getBytes(3)));
                    StoredMessage last = new StoredMessage(
                            conversation,
                            row.getLong(6),
                            row.getLong(13),
                            MysqlIds.text(row.getBytes(7)),
                            MysqlIds.text(row.getBytes(8)),
                            MysqlIds.text(row.getBytes(9)),
                            row.getLong(10),
                            row.getBytes(11),
                            MessageStates.read(row, 14));
                    found.add(new Row(
                            row.getLong(1), conversation, row.getLong(4), row.getLong(5), last, row.getLong(12)));
                }
            }
        }
        return found;
    }
}
