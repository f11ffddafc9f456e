package io.hongyan.im.adapter.sql;

import io.hongyan.im.adapter.sql.FeedMapper.PartitionRow;
import io.hongyan.im.core.feed.FeedPartitions;
import io.hongyan.im.core.feed.FeedPosition;
import io.hongyan.im.core.feed.Partitions;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.function.LongUnaryOperator;

/** One row per partition, made by the migration. */
public final class SqlFeedPartitions implements FeedPartitions {
    private final WriteExecutor writes;
    private final LongUnaryOperator leaseTime;

    /** @param leaseTime the time that leases are measured in, from the time of the caller */
    public SqlFeedPartitions(WriteExecutor writes, LongUnaryOperator leaseTime) {
        this.writes = writes;
        this.leaseTime = leaseTime;
    }

    @Override
    public List<Held> claim(String holder, BitSet wanted, long nowMillis, long leaseUntilMillis) {
        long now = leaseTime.applyAsLong(nowMillis);
        long until = leaseTime.applyAsLong(leaseUntilMillis);
        return writes.write(transaction -> {
            FeedMapper rows = transaction.mapper(FeedMapper.class);
            List<Held> claimed = new ArrayList<>();
            wanted.stream().forEach(partition -> {
                if (rows.claim(partition, holder, now, until) > 0) {
                    PartitionRow row = rows.findPartition(partition);
                    claimed.add(new Held(partition, new FeedPosition(row.messageId(), row.eventId()), row.fence()));
                }
            });
            return claimed;
        });
    }

    @Override
    public BitSet renew(Collection<Held> held, long leaseUntilMillis) {
        BitSet kept = new BitSet(Partitions.COUNT);
        long until = leaseTime.applyAsLong(leaseUntilMillis);
        if (!held.isEmpty()) {
            writes.write(transaction -> {
                FeedMapper rows = transaction.mapper(FeedMapper.class);
                kept.clear();
                held.stream()
                        .filter(one -> rows.renew(one.partition(), one.fence(), until) > 0)
                        .forEach(one -> kept.set(one.partition()));
                return null;
            });
        }
        return kept;
    }

    @Override
    public BitSet moveTo(Collection<Held> positions) {
        BitSet refused = new BitSet(Partitions.COUNT);
        if (!positions.isEmpty()) {
            writes.write(transaction -> {
                FeedMapper rows = transaction.mapper(FeedMapper.class);
                refused.clear();
                positions.stream().filter(one -> !moved(rows, one)).forEach(one -> refused.set(one.partition()));
                return null;
            });
        }
        return refused;
    }

    private static boolean moved(FeedMapper rows, Held to) {
        FeedPosition position = to.position();
        return rows.moveTo(to.partition(), to.fence(), position.message(), position.event()) > 0;
    }

    @Override
    public void release(Collection<Held> held) {
        if (!held.isEmpty()) {
            writes.write(transaction -> {
                FeedMapper rows = transaction.mapper(FeedMapper.class);
                held.forEach(one -> rows.release(one.partition(), one.fence()));
                return null;
            });
        }
    }
}
