package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.adapter.sql.MessageStates;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.MessageState;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.send.MessageChange;
import io.hongyan.im.core.send.MessageRules.Content;
import io.hongyan.im.core.send.MessageRules.Target;
import io.hongyan.im.core.send.MessageWrites;
import io.hongyan.im.core.send.MessageWrites.Copy;
import io.hongyan.im.core.send.MessageWrites.Reaction;
import io.hongyan.im.core.send.MessageWrites.Replaced;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The messages that drafts of one transaction change or answer, whose conversations it has locked: read before the first draft,
 * changed in memory with each, and written at the end. A transaction without such drafts has none.
 */
final class LockedMessages {
    private static final int ENTRIES_PER_STATEMENT_MAX = 200;

    /** A statement's whole answer is read, so that no more large ones are than a few that are not taken. */
    private static final int COPIES_PER_STATEMENT = 8;

    private static final RowInserts STATES = new RowInserts(
            "im_message_state (conversation_id, seq, state_seq, edits, edited_at, recalled, pinned, reactions, counted_at,"
                    + " due)",
            10,
            " ON DUPLICATE KEY UPDATE state_seq = VALUES(state_seq), edits = VALUES(edits), edited_at = VALUES(edited_at),"
                    + " recalled = VALUES(recalled), pinned = VALUES(pinned), reactions = VALUES(reactions),"
                    + " counted_at = VALUES(counted_at), due = VALUES(due)");

    private static final RowInserts REACTIONS = new RowInserts(
            "im_reaction (conversation_id, seq, user_id, emoji)",
            4,
            " ON DUPLICATE KEY UPDATE emoji = im_reaction.emoji");

    private final Connection connection;
    /** Messages that count, as they stand now. */
    private final Map<FanOutMarks.Entry, Target> targets = new HashMap<>();

    /** Contents as they stand now: of messages that are edited, and of what is written here. */
    private final Map<FanOutMarks.Entry, byte[]> known = new HashMap<>();

    private final Set<FanOutMarks.Entry> recalled = new HashSet<>();
    private final Set<ReactionKey> reactions = new HashSet<>();

    /** What is to be written. */
    private final Map<FanOutMarks.Entry, MessageState> states = new TreeMap<>();

    private final Map<FanOutMarks.Entry, byte[]> contents = new TreeMap<>();
    private final Map<ReactionKey, Boolean> reacted = new LinkedHashMap<>();

    /** In which entries copies are from now on, and are no longer, by the messages they are of. */
    private final Map<FanOutMarks.Entry, TreeSet<Long>> copied = new TreeMap<>();

    private final Map<FanOutMarks.Entry, TreeSet<Long>> erased = new TreeMap<>();

    private LockedMessages(Connection connection) {
        this.connection = connection;
    }

    private record ReactionKey(FanOutMarks.Entry message, long userId, String emoji) {}

    /** Whether any of these drafts changes a message or answers one. */
    static boolean areConcerned(List<Draft> drafts) {
        for (Draft draft : drafts) {
            if (concerns(draft)) {
                return true;
            }
        }
        return false;
    }

    private static boolean concerns(Draft draft) {
        return draft.messageChange() != null || draft.quotedSeq() > 0;
    }

    /**
     * Reads what drafts that change or answer messages are about.
     *
     * @param ids of conversations, null where there is none yet
     */
    static LockedMessages read(
            Connection connection, List<Draft> drafts, Function<Conversation, Long> ids, Map<String, Long> users)
            throws SQLException {
        LockedMessages all = new LockedMessages(connection);
        Set<FanOutMarks.Entry> targets = new TreeSet<>();
        Set<FanOutMarks.Entry> edited = new TreeSet<>();
        Set<FanOutMarks.Entry> quoted = new TreeSet<>();
        Set<ReactionKey> wanted = new HashSet<>();
        for (Draft draft : drafts) {
            Long id = concerns(draft) ? ids.apply(draft.conversation()) : null;
            if (id == null) {
                continue;
            }
            if (draft.quotedSeq() > 0) {
                quoted.add(new FanOutMarks.Entry(id, draft.quotedSeq()));
            }
            if (draft.messageChange() != null) {
                FanOutMarks.Entry target =
                        new FanOutMarks.Entry(id, draft.messageChange().targetSeq());
                (draft.messageChange() instanceof MessageChange.Edited ? edited : targets).add(target);
                Long userId = users.get(draft.sender());
                if (draft.messageChange() instanceof MessageChange.Reacted one && userId != null) {
                    wanted.add(new ReactionKey(target, userId, one.emoji()));
                }
            }
        }
        targets.removeAll(edited);
        all.readTargets(targets, false);
        all.readTargets(edited, true);
        all.readRecalled(quoted);
        all.readReactions(wanted);
        return all;
    }

    /** What does not count has the ordinal of the entry before it. */
    private void readTargets(Set<FanOutMarks.Entry> wanted, boolean withContents) throws SQLException {
        for (List<FanOutMarks.Entry> some : NumberRows.parts(List.copyOf(wanted), ENTRIES_PER_STATEMENT_MAX)) {
            String sql = "SELECT m.conversation_id, m.seq, s.uid, m.sent_at, " + MessageStates.COLUMNS
                    + (withContents ? ", m.content" : "")
                    + " FROM im_message m JOIN im_user s ON s.id = m.sender_id"
                    + " LEFT JOIN im_message p ON p.conversation_id = m.conversation_id AND p.seq = m.seq - 1"
                    + MessageStates.JOIN + " WHERE "
                    + FanOutMarks.condition(some, "m.conversation_id", "m.seq")
                    + " AND m.ordinal > COALESCE(p.ordinal, 0)";
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(sql)) {
                while (row.next()) {
                    FanOutMarks.Entry entry = new FanOutMarks.Entry(row.getLong(1), row.getLong(2));
                    String sender = MysqlIds.text(row.getBytes(3));
                    targets.put(entry, new Target(sender, row.getLong(4), MessageStates.read(row, 5)));
                    if (withContents) {
                        known.put(entry, row.getBytes("content"));
                    }
                }
            }
        }
    }

    private void readRecalled(Set<FanOutMarks.Entry> quoted) throws SQLException {
        for (List<FanOutMarks.Entry> some : NumberRows.parts(List.copyOf(quoted), ENTRIES_PER_STATEMENT_MAX)) {
            String sql = "SELECT conversation_id, seq FROM im_message_state WHERE "
                    + FanOutMarks.condition(some, "conversation_id", "seq") + " AND recalled = 1";
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(sql)) {
                while (row.next()) {
                    recalled.add(new FanOutMarks.Entry(row.getLong(1), row.getLong(2)));
                }
            }
        }
    }

    private void readReactions(Set<ReactionKey> wanted) throws SQLException {
        for (List<ReactionKey> some : NumberRows.parts(List.copyOf(wanted), ENTRIES_PER_STATEMENT_MAX)) {
            List<String> conditions = new ArrayList<>();
            some.forEach(one -> conditions.add("(conversation_id = " + one.message.conversationId() + " AND seq = "
                    + one.message.seq() + " AND user_id = " + one.userId + " AND emoji = ?)"));
            String sql = "SELECT conversation_id, seq, user_id, emoji FROM im_reaction WHERE "
                    + String.join(" OR ", conditions);
            try (PreparedStatement find = connection.prepareStatement(sql)) {
                for (int i = 0; i < some.size(); i++) {
                    find.setBytes(i + 1, MysqlIds.bytes(some.get(i).emoji));
                }
                try (ResultSet row = find.executeQuery()) {
                    while (row.next()) {
                        reactions.add(new ReactionKey(
                                new FanOutMarks.Entry(row.getLong(1), row.getLong(2)),
                                row.getLong(3),
                                MysqlIds.text(row.getBytes(4))));
                    }
                }
            }
        }
    }

    /** Null where there is none, or it does not count. */
    Target target(long conversationId, long seq) {
        return targets.get(new FanOutMarks.Entry(conversationId, seq));
    }

    /** Of a message that one of the drafts edits. */
    byte[] content(long conversationId, long seq) {
        return known.get(new FanOutMarks.Entry(conversationId, seq));
    }

    boolean isRecalled(long conversationId, long seq) {
        Target target = target(conversationId, seq);
        return target == null
                ? recalled.contains(new FanOutMarks.Entry(conversationId, seq))
                : target.state().recalled();
    }

    boolean hasReacted(long conversationId, long seq, long userId, String emoji) {
        return reactions.contains(new ReactionKey(new FanOutMarks.Entry(conversationId, seq), userId, emoji));
    }

    int pins(long conversationId) throws SQLException {
        Set<Long> pinned = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT seq FROM im_message_state WHERE conversation_id = "
                        + conversationId + " AND pinned = 1")) {
            while (row.next()) {
                pinned.add(row.getLong(1));
            }
        }
        states.forEach((entry, state) -> {
            if (entry.conversationId() == conversationId && state.pinned()) {
                pinned.add(entry.seq());
            } else if (entry.conversationId() == conversationId) {
                pinned.remove(entry.seq());
            }
        });
        return pinned.size();
    }

    /** Entries that have copies of a message's content, by falling number, up to the one with which they have so many bytes. */
    List<Content> copies(long conversationId, long ofSeq, int limit, int bytesMax) throws SQLException {
        FanOutMarks.Entry of = new FanOutMarks.Entry(conversationId, ofSeq);
        TreeSet<Long> here = copied.getOrDefault(of, new TreeSet<>());
        Set<Long> gone = erased.getOrDefault(of, new TreeSet<>());
        List<Content> copies = new ArrayList<>();
        long bytes = 0;
        for (long before = Long.MAX_VALUE; before > 0 && copies.size() < limit && bytes < bytesMax; ) {
            NavigableMap<Long, byte[]> some = storedCopies(of, before);
            long from = some.size() < COPIES_PER_STATEMENT ? 0 : some.firstKey();
            here.subSet(from, before).forEach(seq -> some.put(seq, content(conversationId, seq)));
            some.keySet().removeAll(gone);
            for (Map.Entry<Long, byte[]> one : some.descendingMap().entrySet()) {
                if (copies.size() == limit || bytes >= bytesMax) {
                    break;
                }
                FanOutMarks.Entry entry = new FanOutMarks.Entry(conversationId, one.getKey());
                Content now = new Content(entry.seq(), known.getOrDefault(entry, one.getValue()));
                bytes += now.bytes().length;
                copies.add(now);
            }
            before = from;
        }
        return copies;
    }

    /** The newest of those before an entry. */
    private NavigableMap<Long, byte[]> storedCopies(FanOutMarks.Entry of, long before) throws SQLException {
        NavigableMap<Long, byte[]> found = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT o.in_seq, m.content FROM im_message_copy o"
                        + " JOIN im_message m ON m.conversation_id = o.conversation_id AND m.seq = o.in_seq"
                        + " WHERE o.conversation_id = " + of.conversationId() + " AND o.of_seq = " + of.seq()
                        + " AND o.erased = 0 AND o.in_seq < " + before
                        + " ORDER BY o.in_seq DESC LIMIT " + COPIES_PER_STATEMENT)) {
            while (row.next()) {
                found.put(row.getLong(1), row.getBytes(2));
            }
        }
        return found;
    }

    /** An entry of this transaction, which is written with it, before {@link #write}. */
    void stored(long conversationId, StoredMessage message, boolean counts) {
        FanOutMarks.Entry entry = new FanOutMarks.Entry(conversationId, message.seq());
        known.put(entry, message.content());
        if (counts) {
            targets.put(entry, new Target(message.sender(), message.sentAtMillis(), message.state()));
        }
    }

    /**
     * What comes of a draft, after {@link #stored} where it is an entry.
     *
     * @param userId who reacts, where that is among it
     */
    void change(long conversationId, MessageWrites writes, long userId) {
        FanOutMarks.Entry target = new FanOutMarks.Entry(conversationId, writes.targetSeq());
        if (writes.state() != null) {
            states.put(target, writes.state());
            targets.computeIfPresent(
                    target, (entry, before) -> new Target(before.sender(), before.sentAtMillis(), writes.state()));
        }
        Reaction reaction = writes.reaction();
        if (reaction != null) {
            ReactionKey key = new ReactionKey(target, userId, reaction.emoji());
            reacted.put(key, reaction.present());
            if (reaction.present()) {
                reactions.add(key);
            } else {
                reactions.remove(key);
            }
        }
        for (Replaced one : writes.replaced()) {
            FanOutMarks.Entry entry = new FanOutMarks.Entry(conversationId, one.seq());
            contents.put(entry, one.content());
            known.put(entry, one.content());
        }
        note(copied, conversationId, writes.copies());
        note(erased, conversationId, writes.erased());
    }

    private static void note(Map<FanOutMarks.Entry, TreeSet<Long>> all, long conversationId, List<Copy> copies) {
        copies.forEach(
                one -> all.computeIfAbsent(new FanOutMarks.Entry(conversationId, one.ofSeq()), of -> new TreeSet<>())
                        .add(one.inSeq()));
    }

    /** Writes everything, in the order of keys. */
    void write() throws SQLException {
        STATES.insert(connection, rowsOfStates());
        writeReactions();
        writeContents();
        writeCopies();
    }

    private List<Object[]> rowsOfStates() {
        List<Object[]> rows = new ArrayList<>();
        states.forEach((entry, state) -> rows.add(new Object[] {
            entry.conversationId(),
            entry.seq(),
            state.stateSeq(),
            state.edits(),
            state.editedAtMillis(),
            state.recalled(),
            state.pinned(),
            MessageStates.reactions(state),
            state.countedAtMillis(),
            state.due()
        }));
        return rows;
    }

    private void writeReactions() throws SQLException {
        List<Object[]> rows = new ArrayList<>();
        List<ReactionKey> gone = new ArrayList<>();
        reacted.forEach((key, present) -> {
            if (present) {
                rows.add(new Object[] {
                    key.message.conversationId(), key.message.seq(), key.userId, MysqlIds.bytes(key.emoji)
                });
            } else {
                gone.add(key);
            }
        });
        REACTIONS.insert(connection, rows);
        if (gone.isEmpty()) {
            return;
        }
        try (PreparedStatement delete = connection.prepareStatement(
                "DELETE FROM im_reaction WHERE conversation_id = ? AND seq = ? AND user_id = ? AND emoji = ?")) {
            for (ReactionKey key : gone) {
                delete.setLong(1, key.message.conversationId());
                delete.setLong(2, key.message.seq());
                delete.setLong(3, key.userId);
                delete.setBytes(4, MysqlIds.bytes(key.emoji));
                delete.addBatch();
            }
            delete.executeBatch();
        }
    }

    private void writeContents() throws SQLException {
        if (contents.isEmpty()) {
            return;
        }
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE im_message SET content = ? WHERE conversation_id = ? AND seq = ?")) {
            for (Map.Entry<FanOutMarks.Entry, byte[]> one : contents.entrySet()) {
                update.setBytes(1, one.getValue());
                update.setLong(2, one.getKey().conversationId());
                update.setLong(3, one.getKey().seq());
                update.addBatch();
            }
            update.executeBatch();
        }
    }

    private void writeCopies() throws SQLException {
        List<long[]> rows = new ArrayList<>();
        copied.forEach((of, all) -> all.forEach(in -> rows.add(new long[] {of.conversationId(), of.seq(), 0, in})));
        NumberRows.insert(
                connection,
                "im_message_copy (conversation_id, of_seq, erased, in_seq)",
                rows,
                " ON DUPLICATE KEY UPDATE erased = im_message_copy.erased");
        try (Statement statement = connection.createStatement()) {
            for (Map.Entry<FanOutMarks.Entry, TreeSet<Long>> one : erased.entrySet()) {
                statement.executeUpdate("UPDATE im_message_copy SET erased = 1 WHERE conversation_id = "
                        + one.getKey().conversationId() + " AND of_seq = "
                        + one.getKey().seq()
                        + " AND erased = 0 AND in_seq IN (" + NumberRows.list(one.getValue()) + ")");
            }
        }
    }
}
