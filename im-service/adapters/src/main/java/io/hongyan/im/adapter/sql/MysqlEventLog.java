package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.feed.EventLog;
import io.hongyan.im.core.feed.Occurrence;
import io.hongyan.im.core.feed.Partitions;
import java.util.List;

/** Events are rows that the sequencer numbers. */
final class MysqlEventLog implements EventLog {
    private static final RowInserts ROWS = new RowInserts("im_event (partition_no, kind, at, payload)", 4, "");

    private final MysqlWrites writes;
    private final EventBodies bodies;
    private final EventLog numbered;
    private final FeedSequencer sequencer;

    /** @param numbered trims what has numbers */
    MysqlEventLog(MysqlWrites writes, EventBodies bodies, EventLog numbered, FeedSequencer sequencer) {
        this.writes = writes;
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
        sequencer.run();
        return numbered.trim(olderThanMillis, eventsMax, unsentKept);
    }
}
