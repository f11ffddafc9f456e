package io.hongyan.im.adapter.sql;

import io.hongyan.im.adapter.sql.MysqlGroupRows.Recipient;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.Appended.InboxPosition;
import io.hongyan.im.core.send.FanOutLog;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;

/**
 * Writes the inbox rows of markers, of several in one transaction, by workers of several processes. A step holds the
 * locks of its conversations, so no two of them work on one at once; rows and progress are written together, so the
 * progress says exactly who has the entry. Leases only keep workers from waiting for each other: one that was taken too
 * early, by a clock that is ahead, does no harm.
 */
final class MysqlFanOutLog implements FanOutLog {
    private final Reads readers;
    private final MysqlWrites writes;
    private final MysqlIds ids;
    private final LockedGroups groups;
    private final LongUnaryOperator leaseTime;
    private final StorageCounters counters;

    /** @param leaseTime the time that leases are measured in, from the time of the caller */
    MysqlFanOutLog(
            Reads readers,
            MysqlWrites writes,
            MysqlIds ids,
            LockedGroups groups,
            LongUnaryOperator leaseTime,
            StorageCounters counters) {
        this.readers = readers;
        this.writes = writes;
        this.ids = ids;
        this.groups = groups;
        this.leaseTime = leaseTime;
        this.counters = counters;
    }

    @Override
    public List<Marker> open(String worker, int markersMax, long nowMillis) {
        long now = leaseTime.applyAsLong(nowMillis);
        return readers.readOne(reader -> reader.mapper(FanOutMapper.class).listFree(worker, now, markersMax)).stream()
                .map(row -> new Marker(Conversation.group(row.group()), row.seq()))
                .toList();
    }

    @Override
    public boolean isOpen(Conversation conversation, long seq) {
        return conversation.kind() == Conversation.Kind.GROUP
                && readers.readOne(reader -> reader.mapper(FanOutMapper.class).isOpen(conversation.id(), seq));
    }

    @Override
    public Step advance(List<Marker> markers, String worker, int recipientsMax, long nowMillis, long leaseMillis) {
        long now = leaseTime.applyAsLong(nowMillis);
        FanOutStep.Lease lease = new FanOutStep.Lease(worker, now, now + leaseMillis);
        Step step = writes.run(session -> new FanOutStep(session, ids, groups, lease).run(markers, recipientsMax));
        if (!step.written().isEmpty()) {
            step.written().forEach(one -> counters.inboxRows.add(one.positions().size()));
            counters.fanOutSteps.increment();
        }
        return step;
    }

    /** What is written of one entry, once its inboxes are numbered. */
    record Part(StoredMessage message, List<Recipient> recipients, int firstPlace, boolean done) {
        Written written(InboxNumbers inbox) {
            List<InboxPosition> positions = new ArrayList<>(recipients.size());
            for (int i = 0; i < recipients.size(); i++) {
                positions.add(new InboxPosition(recipients.get(i).uid(), inbox.seqOf(firstPlace + i)));
            }
            return new Written(message, positions, done);
        }
    }
}
