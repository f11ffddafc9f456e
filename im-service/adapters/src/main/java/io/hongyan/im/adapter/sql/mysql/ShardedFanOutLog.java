package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.adapter.sql.Kinds;
import io.hongyan.im.adapter.sql.StorageCounter;
import io.hongyan.im.adapter.sql.StorageCounters;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.send.FanOutLog;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.LongUnaryOperator;

/**
 * Writes the inbox rows of markers. A step reads whom its entries are for in one transaction, which writes the inboxes that
 * are in the same database. Where there are no others, it moves the markers too; else other transactions write those, and a
 * last one moves the markers. What of that is done again changes nothing, since {@link InboxWriter} passes over what has
 * arrived. Leases keep workers from doing the same work.
 */
final class ShardedFanOutLog implements FanOutLog {
    /** Of whose markers a query tells. */
    private static final int CONVERSATIONS_AT_ONCE = 200;

    private final Shards shards;
    private final ShardedIds ids;
    private final LockedGroups groups;
    private final LongUnaryOperator leaseTime;
    private final StorageCounters counters;
    private final InboxWriter inboxWriter;
    private final FanOutWatermarks watermarks;

    /** @param leaseTime the time that leases are measured in, from the time of the caller */
    ShardedFanOutLog(
            Shards shards, ShardedIds ids, LockedGroups groups, LongUnaryOperator leaseTime, StorageCounters counters) {
        this.shards = shards;
        this.ids = ids;
        this.groups = groups;
        this.leaseTime = leaseTime;
        this.counters = counters;
        this.inboxWriter = new InboxWriter(shards);
        this.watermarks = new FanOutWatermarks(shards);
    }

    /**
     * Those of one database stand together. Without those that wait for recipients in databases that are away; one that
     * does not answer just now is no reason to stop for the others.
     */
    @Override
    public List<Marker> open(String worker, int markersMax, long nowMillis) {
        long now = leaseTime.applyAsLong(nowMillis);
        List<Marker> open = new ArrayList<>();
        StorageException trouble = null;
        for (Shard shard : shards.all()) {
            if (!shard.isAway() && open.size() < markersMax) {
                int limit = markersMax - open.size();
                try {
                    open.addAll(Shards.readWhole(shard, connection -> open(connection, worker, limit, now)));
                } catch (StorageException failed) {
                    trouble = failed;
                }
            }
        }
        if (trouble != null && open.isEmpty()) {
            throw trouble;
        }
        return open;
    }

    private List<Marker> open(Connection connection, String worker, int limit, long now) throws SQLException {
        List<Marker> open = new ArrayList<>();
        BitSet here = SlotRows.here(connection);
        long after = -1;
        int read;
        do {
            List<FanOutMarks.Entry> oldest = new ArrayList<>();
            read = 0;
            try (PreparedStatement statement = connection.prepareStatement("""
                    SELECT conversation_id, MIN(seq), MAX(seq) FROM im_fanout WHERE conversation_id > ?
                     GROUP BY conversation_id ORDER BY conversation_id LIMIT ?""")) {
                statement.setLong(1, after);
                statement.setInt(2, CONVERSATIONS_AT_ONCE);
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        read++;
                        after = rows.getLong(1);
                        // What a move has left behind, or not finished bringing, is nobody's work.
                        if (here.get(Slots.ofId(after)) && watermarks.isDue(after, rows.getLong(3), now)) {
                            oldest.add(new FanOutMarks.Entry(after, rows.getLong(2)));
                        }
                    }
                }
            }
            if (!oldest.isEmpty()) {
                open.addAll(free(connection, oldest, worker, limit - open.size(), now));
            }
        } while (open.size() < limit && read == CONVERSATIONS_AT_ONCE);
        return open;
    }

    private static List<Marker> free(
            Connection connection, List<FanOutMarks.Entry> oldest, String worker, int limit, long now)
            throws SQLException {
        List<Marker> free = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement("SELECT c.kind, c.name, f.seq"
                + " FROM im_fanout f JOIN im_conversation c ON c.id = f.conversation_id WHERE "
                + FanOutMarks.condition(oldest, "f.conversation_id", "f.seq")
                + " AND (f.lease_until <= ? OR f.worker = ?) LIMIT ?")) {
            statement.setLong(1, now);
            statement.setBytes(2, MysqlIds.bytes(worker));
            statement.setInt(3, limit);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    free.add(new Marker(
                            Kinds.conversation(rows.getInt(1), MysqlIds.text(rows.getBytes(2))), rows.getLong(3)));
                }
            }
        }
        return free;
    }

    @Override
    public boolean isOpen(Conversation conversation, long seq) {
        return shards.at(
                Slots.of(conversation),
                slotSession -> slotSession.readOne(session -> {
                    Connection connection = session.connection();
                    try (PreparedStatement statement = connection.prepareStatement("""
                    SELECT 1 FROM im_conversation c JOIN im_fanout f ON f.conversation_id = c.id AND f.seq <= ?
                     WHERE c.kind = ? AND c.name = ? LIMIT 1""")) {
                        statement.setLong(1, seq);
                        statement.setInt(2, conversation.kind().number());
                        statement.setBytes(3, MysqlIds.bytes(conversation.id()));
                        try (ResultSet row = statement.executeQuery()) {
                            return row.next();
                        }
                    }
                }));
    }

    /** Which database an entry that another node works on waits for is not known here: while one is away, perhaps for it. */
    @Override
    public boolean holdsUp(Conversation conversation, long seq) {
        return shards.all().stream().noneMatch(Shard::isAway) && isOpen(conversation, seq);
    }

    @Override
    public Step advance(List<Marker> markers, String worker, int recipientsMax, long nowMillis, long leaseMillis) {
        long now = leaseTime.applyAsLong(nowMillis);
        ShardedStep.Lease lease = new ShardedStep.Lease(worker, now, now + leaseMillis);
        List<Marker> ofOne = firstOfOneDatabase(markers);
        ShardedStep step = gather(ofOne, lease, recipientsMax);
        if (!step.isSettled()) {
            RuntimeException failure = inboxWriter.write(
                    step.inboxWrites().stream().filter(one -> !one.isThere()).toList());
            if (failure != null && !(failure instanceof StorageException)) {
                throw failure;
            }
            step.conclude();
            settle(step);
        }
        step.remember();
        List<Written> written = step.written();
        if (!written.isEmpty()) {
            written.forEach(one ->
                    counters.add(StorageCounter.INBOX_ROWS, one.positions().size()));
            counters.increment(StorageCounter.FAN_OUT_STEPS);
        }
        return new Step(written, step.served());
    }

    private List<Marker> firstOfOneDatabase(List<Marker> markers) {
        Shard shard = shards.of(Slots.of(markers.get(0).conversation()));
        int count = 1;
        while (count < markers.size() && shards.of(Slots.of(markers.get(count).conversation())) == shard) {
            count++;
        }
        return markers.subList(0, count);
    }

    /** Where a slot has moved, only the first markers that are of one database still. */
    private ShardedStep gather(List<Marker> markers, ShardedStep.Lease lease, int recipientsMax) {
        ShardedStep[] first = new ShardedStep[1];
        shards.each(List.of(markers), some -> Slots.of(some.get(0).conversation()), (slotSession, lists) -> {
            List<Marker> mine = firstOfOneDatabase(lists.get(0));
            BitSet slots = new BitSet();
            mine.forEach(marker -> slots.set(Slots.of(marker.conversation())));
            first[0] = slotSession.shard().of(slots).run(session -> {
                ShardedStep step = new ShardedStep(session, ids, groups, lease, watermarks);
                step.gather(mine, recipientsMax);
                bringHere(session.connection(), slotSession.shard(), step);
                return step;
            });
        });
        return first[0];
    }

    private void bringHere(Connection connection, Shard shard, ShardedStep step) throws SQLException {
        List<InboxWrite> all = step.inboxWrites();
        List<InboxWrite> here = all.stream()
                .filter(one -> shards.of(Slots.ofId(one.userId())) == shard)
                .toList();
        InboxWriter.writeHere(connection, here, shard.name());
        if (here.size() == all.size()) {
            step.settleHere();
        }
    }

    private void settle(ShardedStep step) {
        shards.each(
                step.parts(),
                part -> Slots.ofId(part.conversationId()),
                (slotSession, parts) -> slotSession.run(session -> {
                    step.settle(session.connection(), parts);
                    return null;
                }));
    }
}
