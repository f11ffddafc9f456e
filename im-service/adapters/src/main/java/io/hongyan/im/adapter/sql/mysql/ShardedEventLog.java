package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.adapter.sql.EventBodies;
import io.hongyan.im.adapter.sql.FeedMapper;
import io.hongyan.im.adapter.sql.SqlEventLog;
import io.hongyan.im.core.feed.EventDraft;
import io.hongyan.im.core.feed.EventLog;
import io.hongyan.im.core.feed.Partitions;
import java.util.List;

/**
 * Events are rows at home that the sequencer numbers, and so are the places of messages; how old a message is, is known where
 * it is.
 */
final class ShardedEventLog implements EventLog {
    /** Places deleted by one transaction at most. */
    private static final int PLACES_PER_TRIM_MAX = 1_000;

    private static final RowInserts ROWS = new RowInserts("im_event (partition_no, kind, at, payload)", 4, "");

    private final SlotSession home;
    private final EventBodies bodies;
    private final EventLog numbered;
    private final ShardedFeed feed;
    private final Runnable sequencer;
    private final MysqlLease trimming;

    /** @param trimming whoever holds it trims, for all nodes */
    ShardedEventLog(SlotSession home, EventBodies bodies, ShardedFeed feed, Runnable sequencer, MysqlLease trimming) {
        this.home = home;
        this.bodies = bodies;
        this.numbered = new SqlEventLog(home, home, bodies);
        this.feed = feed;
        this.sequencer = sequencer;
        this.trimming = trimming;
    }

    @Override
    public void append(List<EventDraft> batch) {
        if (batch.isEmpty()) {
            return;
        }
        List<Object[]> rows = batch.stream().map(this::toRow).toList();
        home.run(session -> {
            ROWS.insert(session.connection(), rows);
            return null;
        });
    }

    private Object[] toRow(EventDraft eventDraft) {
        return new Object[] {
            Partitions.of(eventDraft.key()),
            EventBodies.kindOf(eventDraft.body()),
            eventDraft.atMillis(),
            bodies.write(eventDraft.body())
        };
    }

    @Override
    public long trim(long olderThanMillis, long eventsMax, boolean unsentKept) {
        if (!trimming.held()) {
            return 0;
        }
        sequencer.run();
        return numbered.trim(olderThanMillis, eventsMax, unsentKept);
    }

    @Override
    public long trimMessages(long olderThanMillis, boolean unsentKept) {
        if (!trimming.held()) {
            return 0;
        }
        long lastOld = feed.lastOldMessage(olderThanMillis, PLACES_PER_TRIM_MAX);
        long allowed = unsentKept
                ? home.read(session -> session.mapper(FeedMapper.class).findSentMessage())
                : Long.MAX_VALUE;
        long upTo = Math.min(lastOld, allowed);
        return upTo <= 0
                ? 0
                : (long) home.run(session ->
                        SlotRows.update(session.connection(), "DELETE FROM im_shard_feed WHERE feed_seq <= ?", upTo));
    }
}
