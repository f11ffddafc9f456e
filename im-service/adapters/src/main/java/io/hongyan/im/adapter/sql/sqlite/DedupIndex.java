package io.hongyan.im.adapter.sql.sqlite;

import io.hongyan.im.core.send.Appended.Repeated;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Knows every (conversation, sender, client message id) that was ever stored. Such ids are random, so a row for each
 * would touch a page of its own: most of what a commit writes. The newest keys therefore wait in memory and become rows
 * in order, many to a page, a few with each commit. They cannot be lost: each is also in its message's row, and a start
 * reads the messages whose keys are not rows yet.
 *
 * <p>A key's row is at a slot: the conversation and 32 bits of a hash; where another message has it, the next slot.
 * Slots are never freed, so a search ends at the first free one. Writer's thread only, within a transaction.
 */
final class DedupIndex implements SqliteWriter.Remembering {
    /** Keys that become rows with each new message; more than one, so that the older generation ends before the newer. */
    private static final int ROWS_PER_MESSAGE = 2;

    private final SqliteWriter writer;
    private final int generationMax;

    private DedupHash hash;
    private Map<Long, Long> newer = new HashMap<>();
    private Map<Long, Long> older = new HashMap<>();

    /** Slots of the older generation, rising, and how many of them are rows. */
    private long[] order = new long[0];

    private int rowsDone;

    /** Highest message of each generation, 0 where it is empty. */
    private long newerMessageId;

    private long olderMessageId;
    private boolean loaded;
    private boolean changed;

    /** @param keysMax keys in memory at most */
    DedupIndex(SqliteWriter writer, int keysMax) {
        this.writer = writer;
        this.generationMax = Math.max(1, keysMax / 2);
        writer.tell(this);
    }

    /** Reads what the memory must hold, if it does not yet. */
    void load() throws SQLException {
        if (loaded) {
            return;
        }
        DedupIndexRows rows = writer.dedupRows();
        DedupIndexRows.State state = rows.state();
        hash = new DedupHash(state.secret());
        rows.eachAbove(state.keyedId(), (id, conversationId, senderId, clientMessageId) -> {
            long slot = firstSlot(conversationId, senderId, clientMessageId);
            long holder = holderOf(slot);
            while (holder != 0 && holder != id) {
                slot = nextSlot(slot);
                holder = holderOf(slot);
            }
            if (holder == 0) {
                newer.put(slot, id);
            }
            newerMessageId = id;
        });
        loaded = true;
    }

    /** What the message of that name was answered, or the slot for a new one. */
    Found find(long conversationId, long senderId, String clientMessageId) throws SQLException {
        load();
        long slot = firstSlot(conversationId, senderId, clientMessageId);
        long holder = holderOf(slot);
        while (holder != 0) {
            Repeated answer = writer.dedupRows().answer(holder, senderId, clientMessageId);
            if (answer != null) {
                return new Found(answer, 0);
            }
            slot = nextSlot(slot);
            holder = holderOf(slot);
        }
        return new Found(null, slot);
    }

    /** A message has been stored whose key was found to be new. Message ids rise. */
    void add(long slot, long messageId) throws SQLException {
        changed = true;
        newer.put(slot, messageId);
        newerMessageId = messageId;
        if (newer.size() >= generationMax && order.length == rowsDone) {
            turn();
        }
        writeRows(ROWS_PER_MESSAGE);
    }

    /** Writes the keys of all messages as rows, however long that takes. */
    void writeAll() throws SQLException {
        changed = true;
        writeRows(Integer.MAX_VALUE);
        turn();
        writeRows(Integer.MAX_VALUE);
    }

    private void turn() {
        older = newer;
        olderMessageId = newerMessageId;
        order = older.keySet().stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(order);
        rowsDone = 0;
        newer = new HashMap<>();
    }

    private void writeRows(int count) throws SQLException {
        int from = rowsDone;
        int to = (int) Math.min(order.length, (long) from + count);
        for (int i = from; i < to; i++) {
            writer.dedupRows().insert(order[i], older.get(order[i]));
        }
        rowsDone = to;
        if (to == order.length && from < to) {
            writer.dedupRows().keyedUpTo(olderMessageId);
            older = new HashMap<>();
            order = new long[0];
            rowsDone = 0;
        }
    }

    private long holderOf(long slot) throws SQLException {
        Long waiting = newer.get(slot);
        if (waiting == null) {
            waiting = older.get(slot);
        }
        return waiting == null ? writer.dedupRows().find(slot) : waiting;
    }

    private long firstSlot(long conversationId, long senderId, String clientMessageId) {
        return conversationId << 32 | hash.hash(senderId, clientMessageId) >>> 32;
    }

    /** Around within the conversation. */
    private static long nextSlot(long slot) {
        return slot & ~0xffffffffL | slot + 1 & 0xffffffffL;
    }

    @Override
    public void committed() {
        changed = false;
    }

    @Override
    public void undone() {
        if (changed) {
            newer = new HashMap<>();
            older = new HashMap<>();
            order = new long[0];
            rowsDone = 0;
            newerMessageId = 0;
            loaded = false;
            changed = false;
        }
    }

    /**
     * @param answer of the message that is stored under this key, or null
     * @param slot where there is none: the place of the key
     */
    record Found(Repeated answer, long slot) {
        /** Of what cannot be stored yet. */
        static final Found NOTHING = new Found(null, 0);
    }
}
