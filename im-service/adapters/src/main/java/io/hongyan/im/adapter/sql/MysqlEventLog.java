package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.feed.EventLog;
import io.hongyan.im.core.feed.Occurrence;
import io.hongyan.im.core.feed.Partitions;
import java.util.List;

/** Events are rows that the sequencer numbers. */
final class MysqlEventLog implements EventLog {
    /** Places deleted by one transaction at most. */
    private static final int MESSAGES_PER_TRIM_MAX = 1_000;

    private static final RowInserts ROWS = new RowInserts("im_event (partition_no, kind, at, payload)", 4, "");

    private final MysqlWrites writes;
    private final EventBodies bodies;
    private final EventLog numbered;
    private final Runnable sequencer;
    private final Reads readers;
    private final MysqlLease trimming;

    /**
     * @param numbered trims what has numbers
     * @param trimming whoever holds it trims, for all nodes
     */
    MysqlEventLog(
            Reads readers,
            MysqlWrites writes,
            EventBodies bodies,
            EventLog numbered,
            Runnable sequencer,
            MysqlLease trimming) {
        this.readers = readers;
        this.writes = writes;
        this.trimming = trimming;
        this.bodies = bodies;
        this.numbered = numbered;
        this.sequencer = sequencer;
    }

    @Override
    public void append(List<Occurrence> batch) {
        if (batch.isEmpty()) {
            return;
        }
        List<Object[]> rows = batch.stream().map(this::toRow).toList();
        writes.run(session -> {
            ROWS.insert(session.connection(), rows);
            return null;
        });
    }

    private Object[] toRow(Occurrence occurrence) {
        return new Object[] {
            Partitions.of(occurrence.key()),
            EventBodies.kindOf(occurrence.body()),
            occurrence.atMillis(),
            bodies.write(occurrence.body())
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
        sequencer.run();
        long upTo = readers.read(reader -> {
            FeedMapper mapper = reader.mapper(FeedMapper.class);
            Long lastOld = mapper.findLastOldMessage(olderThanMillis, MESSAGES_PER_TRIM_MAX);
            long wanted = lastOld == null ? 0 : lastOld;
            long allowed = unsentKept ? mapper.findSentMessage() : Long.MAX_VALUE;
            // The newest stays: it shows where the feed is.
            return Math.min(Math.min(wanted, allowed), mapper.findEnds().lastMessage() - 1);
        });
        return upTo <= 0
                ? 0
                : writes.write(transaction ->
                        (long) transaction.mapper(FeedMapper.class).deleteMessages(upTo));
    }
}
