package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.feed.EventDraft;
import io.hongyan.im.core.feed.EventLog;
import io.hongyan.im.core.feed.Partitions;
import java.util.List;

/** Events are rows in the order of their commits. */
public final class SqlEventLog implements EventLog {
    /** Events deleted by one transaction at most, so that no message waits long behind it. */
    private static final int EVENTS_PER_TRIM_MAX = 1_000;

    private final ReadExecutor reads;
    private final WriteExecutor writes;
    private final EventBodies bodies;

    public SqlEventLog(ReadExecutor reads, WriteExecutor writes, EventBodies bodies) {
        this.reads = reads;
        this.writes = writes;
        this.bodies = bodies;
    }

    private record Row(int partition, int kind, long at, byte[] payload) {}

    @Override
    public void append(List<EventDraft> batch) {
        if (batch.isEmpty()) {
            return;
        }
        // Encoded outside the writer, which must not be held up.
        List<Row> rows = batch.stream().map(this::toRow).toList();
        writes.write(transaction -> {
            FeedMapper events = transaction.batching(FeedMapper.class);
            rows.forEach(row -> events.insertEvent(row.partition(), row.kind(), row.at(), row.payload()));
            return null;
        });
    }

    private Row toRow(EventDraft eventDraft) {
        return new Row(
                Partitions.of(eventDraft.key()),
                EventBodies.kindOf(eventDraft.body()),
                eventDraft.atMillis(),
                bodies.write(eventDraft.body()));
    }

    /** The log is the feed. */
    @Override
    public long trimMessages(long olderThanMillis, boolean unsentKept) {
        return 0;
    }

    @Override
    public long trim(long olderThanMillis, long eventsMax, boolean unsentKept) {
        long upTo = reads.read(connection -> {
            FeedMapper mapper = connection.mapper(FeedMapper.class);
            FeedMapper.Ends ends = mapper.findEnds();
            Long lastOld = mapper.findLastOldEvent(olderThanMillis, EVENTS_PER_TRIM_MAX);
            long tooMany = Math.min(ends.lastEvent() - eventsMax, ends.firstEvent() + EVENTS_PER_TRIM_MAX - 1);
            long wanted = Math.max(lastOld == null ? 0 : lastOld, tooMany);
            long allowed = unsentKept ? mapper.findSentEvent() : Long.MAX_VALUE;
            // The newest stays, so that its number is not given again.
            return Math.min(Math.min(wanted, allowed), ends.lastEvent() - 1);
        });
        return upTo <= 0
                ? 0
                : writes.write(transaction ->
                        (long) transaction.mapper(FeedMapper.class).deleteEvents(upTo));
    }
}
