package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.feed.EventLog;
import io.hongyan.im.core.feed.Occurrence;
import java.util.List;

/** Events are at home, and so are the places of messages; how old a message is, is known where it is. */
final class ShardedEventLog implements EventLog {
    /** Places deleted by one transaction at most. */
    private static final int PLACES_PER_TRIM_MAX = 1_000;

    private final Shard home;
    private final EventLog events;
    private final ShardedFeed feed;
    private final MysqlLease trimming;

    /** @param trimming whoever holds it trims, for all nodes */
    ShardedEventLog(Shard home, EventLog events, ShardedFeed feed, MysqlLease trimming) {
        this.home = home;
        this.events = events;
        this.feed = feed;
        this.trimming = trimming;
    }

    @Override
    public void append(List<Occurrence> batch) {
        events.append(batch);
    }

    @Override
    public long trim(long olderThanMillis, long eventsMax, boolean unsentKept) {
        return events.trim(olderThanMillis, eventsMax, unsentKept);
    }

    @Override
    public long trimMessages(long olderThanMillis, boolean unsentKept) {
        if (!trimming.held()) {
            return 0;
        }
        long lastOld = feed.lastOldMessage(olderThanMillis, PLACES_PER_TRIM_MAX);
        long allowed = unsentKept
                ? home.whole().read(reader -> reader.mapper(FeedMapper.class).findSentMessage())
                : Long.MAX_VALUE;
        long upTo = Math.min(lastOld, allowed);
        return upTo <= 0
                ? 0
                : (long) home.whole()
                        .run(session -> SlotRows.update(
                                session.connection(), "DELETE FROM im_shard_feed WHERE feed_seq <= ?", upTo));
    }
}
