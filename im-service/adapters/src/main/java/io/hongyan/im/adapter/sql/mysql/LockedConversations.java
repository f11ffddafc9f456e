package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.core.message.Conversation;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** The conversations of one transaction: locked in the order of their keys, read, made where there are none. */
final class LockedConversations {
    /** The server looks for the row of each head in turn. */
    private static final int HEADS_PER_UPDATE_MAX = 64;

    private static final String HEAD = "head, head_ordinal";

    private static final RowInserts ROWS =
            new RowInserts("im_conversation (id, kind, name, low_user_id, high_user_id)", 5, "");

    private final Connection connection;
    private final ToLongFunction<Conversation> newIds;
    private final Map<Conversation, LockedConversation> locked = new HashMap<>();
    private final List<Object[]> made = new ArrayList<>();

    private LockedConversations(Connection connection, ToLongFunction<Conversation> newIds) {
        this.connection = connection;
        this.newIds = newIds;
    }

    /** Locks those that exist, in slots that are held. */
    static LockedConversations lock(Connection connection, MysqlIds ids, Collection<Conversation> names)
            throws SQLException {
        return lock(connection, ids, names, null);
    }

    /**
     * @param sharded gives the ids of those that are made, and names the slots that are to be held; null = none are made, and
     *     the slots are held
     */
    static LockedConversations lock(
            Connection connection, MysqlIds ids, Collection<Conversation> names, ShardedBatch sharded)
            throws SQLException {
        LockedConversations conversations =
                new LockedConversations(connection, sharded == null ? null : sharded.newIds());
        Map<Conversation, Long> known = ids.conversations(connection, names);
        Map<Long, long[]> heads = sharded == null
                ? NumberRows.lock(connection, "im_conversation", "id", HEAD, known.values())
                : SlotRows.holdAndLock(
                        connection, sharded.slots(), sharded.database(), "im_conversation", "id", HEAD, known.values());
        known.forEach((name, id) -> {
            long[] head = heads.get(id);
            if (head == null) {
                throw new IllegalStateException("conversation " + id + " has gone");
            }
            conversations.locked.put(name, new LockedConversation(name, id, head[0], head[1]));
        });
        return conversations;
    }

    /** Null where there is none. */
    LockedConversation get(Conversation name) {
        return locked.get(name);
    }

    Collection<LockedConversation> all() {
        return locked.values();
    }

    /**
     * Makes one, whose row {@link #writeMade} writes.
     *
     * @param low with {@code high} the users whose it is, or who is the only one; null where it is a group's
     */
    LockedConversation make(Conversation name, Long low, Long high) {
        long id = newIds.applyAsLong(name);
        made.add(new Object[] {id, name.kind().number(), MysqlIds.bytes(name.id()), low, high});
        LockedConversation conversation = new LockedConversation(name, id, 0, 0);
        locked.put(name, conversation);
        return conversation;
    }

    /** In the order of their names. One that somebody else has made meanwhile is an error that passes. */
    void writeMade() throws SQLException {
        made.sort(Comparator.comparing(row -> (byte[]) row[2], Arrays::compare));
        ROWS.insert(connection, made);
    }

    /** Writes the heads that have moved. */
    void writeHeads() throws SQLException {
        List<LockedConversation> moved =
                locked.values().stream().filter(LockedConversation::moved).toList();
        try (Statement statement = connection.createStatement()) {
            for (List<LockedConversation> some : NumberRows.parts(moved, HEADS_PER_UPDATE_MAX)) {
                StringBuilder sql = new StringBuilder("UPDATE im_conversation SET head = CASE id");
                some.forEach(one ->
                        sql.append(" WHEN ").append(one.id()).append(" THEN ").append(one.head()));
                sql.append(" END, head_ordinal = CASE id");
                some.forEach(one ->
                        sql.append(" WHEN ").append(one.id()).append(" THEN ").append(one.ordinal()));
                sql.append(" END WHERE id IN (");
                sql.append(NumberRows.list(
                        some.stream().map(LockedConversation::id).toList()));
                statement.executeUpdate(sql.append(')').toString());
            }
        }
    }
}
