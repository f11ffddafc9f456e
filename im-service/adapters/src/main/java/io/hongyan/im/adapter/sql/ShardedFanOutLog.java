package io.hongyan.im.adapter.sql;

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
 * Writes the inbox rows of markers. A step reads whom its entries are for in one transaction, writes the inboxes in others,
 * and moves the markers in a last one; what of that is done again changes nothing, since {@link Arrivals} passes over
 * what has arrived. Leases keep workers from doing the same work.
 */
final class ShardedFanOutLog implements FanOutLog {
    private final Shards shards;
    private final ShardedIds ids;
    private final LockedGroups groups;
    private final LongUnaryOperator leaseTime;
    private final StorageCounters counters;
    private final Arrivals arrivals;

    /** @param leaseTime the time that leases are measured in, from the time of the caller */
    ShardedFanOutLog(
            Shards shards, ShardedIds ids, LockedGroups groups, LongUnaryOperator leaseTime, StorageCounters counters) {
        this.shards = shards;
        this.ids = ids;
        this.groups = groups;
        this.leaseTime = leaseTime;
        this.counters = counters;
        this.arrivals = new Arrivals(shards);
    }

    /** Those of one database stand together. */
    @Override
    public List<Marker> open(String worker, int markersMax, long nowMillis) {
        long now = leaseTime.applyAsLong(nowMillis);
        List<Marker> open = new ArrayList<>();
        for (Shard shard : shards.all()) {
            if (!shard.isAway() && open.size() < markersMax) {
                int limit = markersMax - open.size();
                open.addAll(Shards.readWhole(shard, connection -> open(connection, shard, worker, limit, now)));
            }
        }
        return open;
    }

    private List<Marker> open(Connection connection, Shard shard, String worker, int limit, long now)
            throws SQLException {
        List<Marker> open = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT c.kind, c.name, f.seq
                  FROM (SELECT conversation_id, MIN(seq) AS seq FROM im_fanout GROUP BY conversation_id) w
                  JOIN im_fanout f ON f.conversation_id = w.conversation_id AND f.seq = w.seq
                  JOIN im_conversation c ON c.id = w.conversation_id
                 WHERE (f.lease_until <= ? OR f.worker = ?)
                 LIMIT ?""")) {
            statement.setLong(1, now);
            statement.setBytes(2, MysqlIds.bytes(worker));
            statement.setInt(3, limit);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    Conversation name = Kinds.conversation(rows.getInt(1), MysqlIds.text(rows.getBytes(2)));
                    // What a move has left behind, or not finished bringing, is nobody's work.
                    if (shards.of(Slots.of(name)) == shard) {
                        open.add(new Marker(name, rows.getLong(3)));
                    }
                }
            }
        }
        return open;
    }

    @Override
    public boolean isOpen(Conversation conversation, long seq) {
        return shards.at(
                Slots.of(conversation),
                place -> place.read(reader -> {
                    Connection connection = ((MysqlSession) reader).connection();
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

    @Override
    public Step advance(List<Marker> markers, String worker, int recipientsMax, long nowMillis, long leaseMillis) {
        long now = leaseTime.applyAsLong(nowMillis);
        FanOutStep.Lease lease = new FanOutStep.Lease(worker, now, now + leaseMillis);
        List<Marker> ofOne = firstOfOneDatabase(markers);
        ShardedStep step = gather(ofOne, lease, recipientsMax);
        RuntimeException failure = arrivals.write(step.arrivals());
        if (failure != null && !(failure instanceof StorageException)) {
            throw failure;
        }
        settle(step, lease);
        List<Written> written = step.written();
        if (!written.isEmpty()) {
            written.forEach(one -> counters.inboxRows.add(one.positions().size()));
            counters.fanOutSteps.increment();
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

    /** Where a slot has moved, only the markers in front that are of one database still. */
    private ShardedStep gather(List<Marker> markers, FanOutStep.Lease lease, int recipientsMax) {
        ShardedStep[] first = new ShardedStep[1];
        shards.each(List.of(markers), some -> Slots.of(some.get(0).conversation()), (place, lists) -> {
            List<Marker> mine = firstOfOneDatabase(lists.get(0));
            BitSet slots = new BitSet();
            mine.forEach(marker -> slots.set(Slots.of(marker.conversation())));
            first[0] = place.shard().of(slots).run(session -> {
                ShardedStep step = new ShardedStep(session, ids, groups, lease);
                step.gather(mine, recipientsMax);
                return step;
            });
        });
        return first[0];
    }

    private void settle(ShardedStep step, FanOutStep.Lease lease) {
        shards.each(
                step.parts(),
                part -> Slots.ofId(part.conversationId()),
                (place, parts) -> place.run(session -> {
                    ShardedStep.settle(session.connection(), parts, lease);
                    return null;
                }));
    }
}
