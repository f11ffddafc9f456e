package io.hongyan.im.adapter.sql.mysql;

import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The rows of one slot on their way from one database to another. Each round brings what has changed since the one
 * before: logs and inboxes from where they were copied to, other tables by comparing both sides page by page; the rows of some
 * tell which entries of logs were written anew. After a round that was begun when nothing changed any more, the target has
 * what the source has. Rows that are there already are written over: a write may be repeated, and a message that {@link
 * #copyMarked} brings is brought by {@link #copyLogs} too when its marker was seen later than the head of its log.
 */
final class SlotCopy {
    private static final int ROWS_PER_PAGE_MAX = 1_000;

    /** A page of messages may be large. */
    private static final int MESSAGES_PER_PAGE_MAX = 200;

    /** Logs or inboxes that are read by one query. */
    private static final int RANGES_PER_QUERY_MAX = 100;

    private final int slot;
    private final byte[] mover;
    private final long firstId;
    private final long lastId;
    private final Shard source;
    private final Shard target;

    /** Up to where logs and inboxes were copied, by conversation and user. */
    private Map<Long, Long> logs = Map.of();

    private Map<Long, Long> inboxes = Map.of();
    private Map<Long, Long> trimmed = Map.of();

    /** Messages whose sender's inbox number may have been noted after they were copied. */
    private List<FanOutMarks.Entry> marked = List.of();

    /** Users whose names were copied. */
    private final Set<Long> named = new HashSet<>();

    /** Ids of rows of the feed that were copied. */
    private final Set<Long> fed = new HashSet<>();

    /** @param mover whose move it is; when it is another's by then, nothing is written */
    SlotCopy(int slot, Shard source, Shard target, byte[] mover) {
        this.slot = slot;
        this.mover = mover;
        // The system's own user, whose id is 0, is in every database.
        this.firstId = Math.max(1, Slots.firstId(slot));
        this.lastId = Slots.firstId(slot + 1) - 1;
        this.source = source;
        this.target = target;
    }

    /** Entries of one log or inbox. */
    private record IdRange(long id, long after, long upTo) {}

    /** @return how many rows have changed since the round before */
    long round() {
        long changed = forgetTrimmed();
        changed += align(SlotTable.STATES, rows -> copyRewritten(rows, 1));
        changed += align(SlotTable.COPIES, rows -> copyRewritten(rows, 3));
        Map<Long, Long> heads = numbers("im_conversation", "id", "head");
        List<FanOutMarks.Entry> open = markers();
        changed += copyMarked();
        marked = open;
        changed += copyLogs(SlotTable.MESSAGES, logs, heads, MESSAGES_PER_PAGE_MAX);
        logs = heads;
        Map<Long, Long> ends = numbers("im_inbox_head", "user_id", "head");
        Map<Long, Long> from = new HashMap<>(inboxes);
        trimmed.forEach((id, upTo) -> from.merge(id, upTo, Math::max));
        changed += copyLogs(SlotTable.INBOXES, from, ends, ROWS_PER_PAGE_MAX);
        inboxes = ends;
        changed += align(SlotTable.USERS, rows -> {});
        for (SlotTable table : SlotTable.CHANGING) {
            changed += align(table, rows -> {});
        }
        return changed + copyFeed();
    }

    /** What was copied and then trimmed. */
    private long forgetTrimmed() {
        Map<Long, Long> now = numbers("im_user", "id", "trimmed_seq");
        long deleted = 0;
        for (Map.Entry<Long, Long> one : now.entrySet()) {
            if (inboxes.containsKey(one.getKey()) && one.getValue() > trimmed.getOrDefault(one.getKey(), 0L)) {
                deleted += TransactionRetry.write(target, session -> {
                    SlotRows.holdMove(session.connection(), slot, SlotRows.COMING, mover);
                    return SlotRows.update(
                            session.connection(),
                            "DELETE FROM im_inbox WHERE user_id = ? AND seq <= ?",
                            one.getKey(),
                            one.getValue());
                });
            }
        }
        trimmed = now;
        return deleted;
    }

    private Map<Long, Long> numbers(String table, String key, String value) {
        return TransactionRetry.read(source, connection -> {
            Map<Long, Long> ends = new HashMap<>();
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT " + key + ", " + value + " FROM " + table
                            + " WHERE " + key + " BETWEEN " + firstId + " AND " + lastId)) {
                while (rows.next()) {
                    ends.put(rows.getLong(1), rows.getLong(2));
                }
            }
            return ends;
        });
    }

    private List<FanOutMarks.Entry> markers() {
        return select(
                        "SELECT conversation_id, seq FROM im_fanout WHERE conversation_id BETWEEN ? AND ?",
                        2,
                        firstId,
                        lastId)
                .stream()
                .map(row -> new FanOutMarks.Entry(((Number) row[0]).longValue(), ((Number) row[1]).longValue()))
                .toList();
    }

    /** The end of the marker notes where messages stand in the sender's inbox. */
    private long copyMarked() {
        copyMessages(marked);
        return marked.size();
    }

    /**
     * Entries that were copied before they were written anew; the others are copied with their logs, after these rows were
     * read.
     */
    private void copyRewritten(List<Object[]> rows, int seqColumn) {
        copyMessages(rows.stream()
                .map(row -> new FanOutMarks.Entry(((Number) row[0]).longValue(), ((Number) row[seqColumn]).longValue()))
                .filter(entry -> entry.seq() <= logs.getOrDefault(entry.conversationId(), 0L))
                .toList());
    }

    private void copyMessages(List<FanOutMarks.Entry> entries) {
        for (List<FanOutMarks.Entry> some : NumberRows.parts(entries, MESSAGES_PER_PAGE_MAX)) {
            SlotTable table = SlotTable.MESSAGES;
            write(
                    table,
                    table.upserts(),
                    select(
                            "SELECT " + table.list() + " FROM " + table.name() + " WHERE "
                                    + FanOutMarks.condition(some, "conversation_id", "seq"),
                            table.columns().size()));
        }
    }

    private long copyLogs(SlotTable table, Map<Long, Long> from, Map<Long, Long> heads, int rowsMax) {
        List<IdRange> ranges = new ArrayList<>();
        long rows = 0;
        long all = 0;
        for (long id : new TreeSet<>(heads.keySet())) {
            long after = from.getOrDefault(id, 0L);
            while (after < heads.get(id)) {
                long upTo = Math.min(heads.get(id), after + rowsMax - rows);
                ranges.add(new IdRange(id, after, upTo));
                rows += upTo - after;
                after = upTo;
                if (rows == rowsMax || ranges.size() == RANGES_PER_QUERY_MAX) {
                    copy(table, ranges);
                    all += rows;
                    rows = 0;
                    ranges.clear();
                }
            }
        }
        copy(table, ranges);
        return all + rows;
    }

    private void copy(SlotTable table, List<IdRange> ranges) {
        if (!ranges.isEmpty()) {
            List<String> conditions = ranges.stream()
                    .map(one -> "(" + table.slotColumn() + " = " + one.id + " AND seq > " + one.after + " AND seq <= "
                            + one.upTo + ")")
                    .toList();
            write(
                    table,
                    table.upserts(),
                    select(
                            "SELECT " + table.list() + " FROM " + table.name() + " WHERE "
                                    + String.join(" OR ", conditions),
                            table.columns().size()));
        }
    }

    /**
     * Makes the rows of the target those of the source.
     *
     * @param before is told the rows that change, before they are written
     */
    private long align(SlotTable table, Consumer<List<Object[]>> before) {
        Side from = new Side(source, table);
        Side to = new Side(target, table);
        List<Object[]> changed = new ArrayList<>();
        List<Object[]> gone = new ArrayList<>();
        long all = 0;
        while (from.row() != null || to.row() != null) {
            int order = from.row() == null ? 1 : to.row() == null ? -1 : table.compare(from.row(), to.row());
            if (order > 0) {
                if (table != SlotTable.USERS) {
                    gone.add(to.row());
                }
            } else if (order < 0 || !Arrays.deepEquals(from.row(), to.row())) {
                changed.add(from.row());
            }
            if (order <= 0) {
                from.next();
            }
            if (order >= 0) {
                to.next();
            }
            if (changed.size() + gone.size() == ROWS_PER_PAGE_MAX) {
                all += ROWS_PER_PAGE_MAX;
                before.accept(changed);
                write(table, gone, changed);
            }
        }
        all += changed.size() + gone.size();
        before.accept(changed);
        write(table, gone, changed);
        return all;
    }

    private void write(SlotTable table, List<Object[]> gone, List<Object[]> changed) {
        if (!gone.isEmpty()) {
            TransactionRetry.write(target, session -> {
                SlotRows.holdMove(session.connection(), slot, SlotRows.COMING, mover);
                table.delete(session.connection(), gone);
                return null;
            });
        }
        write(table, table.upserts(), changed);
        gone.clear();
        changed.clear();
    }

    /** The rows of one side, one after the other. */
    private final class Side {
        private final Shard shard;
        private final SlotTable table;
        private List<Object[]> page = List.of();
        private int at;
        private boolean isLast;

        Side(Shard shard, SlotTable table) {
            this.shard = shard;
            this.table = table;
            load(null);
        }

        private void load(Object[] after) {
            page = TransactionRetry.read(
                    shard, connection -> table.page(connection, firstId, lastId, after, ROWS_PER_PAGE_MAX));
            isLast = page.size() < ROWS_PER_PAGE_MAX;
            at = 0;
        }

        /** Null at the end. */
        Object[] row() {
            return at < page.size() ? page.get(at) : null;
        }

        void next() {
            at++;
            if (at == page.size() && !isLast) {
                load(page.get(at - 1));
            }
        }
    }

    /**
     * What is numbered meanwhile disappears at the source, and is found to be numbered at the target. Of one conversation
     * the target has the first rows at every moment.
     */
    private long copyFeed() {
        long before = fed.size();
        long after = 0;
        List<Object[]> page;
        do {
            page = select(
                    "SELECT conversation_id, seq, id FROM im_feed WHERE id > ? AND conversation_id BETWEEN ? AND ?"
                            + " ORDER BY id LIMIT " + ROWS_PER_PAGE_MAX,
                    3,
                    after,
                    firstId,
                    lastId);
            List<Object[]> added = new ArrayList<>();
            for (Object[] row : page) {
                after = ((Number) row[2]).longValue();
                if (fed.add(after)) {
                    added.add(new Object[] {row[0], row[1]});
                }
            }
            // What is written twice is numbered once.
            write(SlotTable.FEED, SlotTable.FEED.inserts(), added);
        } while (page.size() == ROWS_PER_PAGE_MAX);
        return fed.size() - before;
    }

    private List<Object[]> select(String sql, int columns, Object... values) {
        return TransactionRetry.read(source, connection -> SlotTable.read(connection, sql, columns, values));
    }

    /** With the names that are wanted beside the rows. */
    private void write(SlotTable table, RowInserts inserts, List<Object[]> rows) {
        if (rows.isEmpty()) {
            return;
        }
        List<Object[]> names = names(table, rows);
        TransactionRetry.write(target, session -> {
            SlotRows.holdMove(session.connection(), slot, SlotRows.COMING, mover);
            new RowInserts("im_user (id, uid)", 2, " ON DUPLICATE KEY UPDATE uid = im_user.uid")
                    .insert(session.connection(), names);
            inserts.insert(session.connection(), rows);
            return null;
        });
        names.forEach(name -> named.add(((Number) name[0]).longValue()));
    }

    private List<Object[]> names(SlotTable table, List<Object[]> rows) {
        Set<Long> wanted = new TreeSet<>();
        for (Object[] row : rows) {
            for (int column : table.users()) {
                if (row[column] instanceof Number id && id.longValue() > 0 && !named.contains(id.longValue())) {
                    wanted.add(id.longValue());
                }
            }
        }
        return wanted.isEmpty()
                ? List.of()
                : select("SELECT id, uid FROM im_user WHERE id IN (" + NumberRows.list(wanted) + ")", 2);
    }

    /** Forgets what an earlier move has left at its end, which nobody has used. */
    void clear() {
        deleteAll(target, SlotRows.COMING);
    }

    /** After the switch. Names beside ids stay: others may need them. */
    void deleteSource() {
        deleteAll(source, SlotRows.MOVED);
    }

    private void deleteAll(Shard shard, int state) {
        List<String> deletions = new ArrayList<>();
        // The newest first: whoever numbers the feed meanwhile must not see later rows without the earlier ones.
        deletions.add(deletion(SlotTable.FEED, " ORDER BY id DESC"));
        for (int i = SlotTable.CHANGING.size() - 1; i >= 0; i--) {
            deletions.add(deletion(SlotTable.CHANGING.get(i), ""));
        }
        deletions.add(deletion(SlotTable.STATES, ""));
        deletions.add(deletion(SlotTable.COPIES, ""));
        deletions.add(deletion(SlotTable.MESSAGES, ""));
        deletions.add(deletion(SlotTable.INBOXES, ""));
        boolean isMore;
        do {
            isMore = TransactionRetry.write(shard, session -> {
                SlotRows.holdMove(session.connection(), slot, state, mover);
                boolean isAnyFull = false;
                for (String sql : deletions) {
                    isAnyFull |= SlotRows.update(session.connection(), sql) == ROWS_PER_PAGE_MAX;
                }
                return isAnyFull;
            });
        } while (isMore);
    }

    private String deletion(SlotTable table, String order) {
        return "DELETE FROM " + table.name() + " WHERE " + table.slotColumn() + " BETWEEN " + firstId + " AND " + lastId
                + order + " LIMIT " + ROWS_PER_PAGE_MAX;
    }
}
