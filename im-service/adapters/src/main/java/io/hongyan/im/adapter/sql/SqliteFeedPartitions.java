package io.hongyan.im.adapter.sql;

import io.hongyan.im.adapter.sql.FeedMapper.PartitionRow;
import io.hongyan.im.core.feed.FeedPartitions;
import io.hongyan.im.core.feed.FeedPosition;
import io.hongyan.im.core.feed.Partitions;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;

/** One row per partition, made by the migration. */
final class SqliteFeedPartitions implements FeedPartitions {
    private final GroupCommit writes;
    private final SqliteWriter writer;

    SqliteFeedPartitions(GroupCommit writes, SqliteWriter writer) {
        this.writes = writes;
        this.writer = writer;
    }

    @Override
    public List<Held> claim(String holder, BitSet wanted, long nowMillis, long leaseUntilMillis) {
        return writes.write(() -> {
            List<Held> claimed = new ArrayList<>();
            wanted.stream().forEach(partition -> {
                if (writing().claim(partition, holder, nowMillis, leaseUntilMillis) > 0) {
                    PartitionRow row = writing().findPartition(partition);
                    claimed.add(new Held(partition, new FeedPosition(row.messageId(), row.eventId()), row.fence()));
                }
            });
            return claimed;
        });
    }

    @Override
    public BitSet renew(Collection<Held> held, long leaseUntilMillis) {
        BitSet kept = new BitSet(Partitions.COUNT);
        if (!held.isEmpty()) {
            writes.write(() -> {
                kept.clear();
                held.stream()
                        .filter(one -> writing().renew(one.partition(), one.fence(), leaseUntilMillis) > 0)
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
            writes.write(() -> {
                refused.clear();
                positions.stream().filter(one -> !moved(one)).forEach(one -> refused.set(one.partition()));
                return null;
            });
        }
        return refused;
    }

    private boolean moved(Held to) {
        FeedPosition position = to.position();
        return writing().moveTo(to.partition(), to.fence(), position.message(), position.event()) > 0;
    }

    @Override
    public void release(Collection<Held> held) {
        if (!held.isEmpty()) {
            writes.write(() -> {
                held.forEach(one -> writing().release(one.partition(), one.fence()));
                return null;
            });
        }
    }

    /** Within a write. */
    private FeedMapper writing() {
        return writer.mapper(FeedMapper.class);
    }
}
