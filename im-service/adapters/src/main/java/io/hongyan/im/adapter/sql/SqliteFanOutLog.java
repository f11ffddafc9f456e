package io.hongyan.im.adapter.sql;

import io.hongyan.im.adapter.sql.FanOutRows.Open;
import io.hongyan.im.core.group.GroupRules;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.Appended.InboxPosition;
import io.hongyan.im.core.send.FanOutLog;
import java.sql.SQLException;
import java.util.List;

/**
 * Writes the inbox rows of markers. Rows and progress are written in one transaction, so the progress says exactly who
 * has the entry; the lease is looked at in that transaction, by the one writer, so it needs no fencing number.
 */
final class SqliteFanOutLog implements FanOutLog {
    private final Readers readers;
    private final GroupCommit writes;
    private final SqliteWriter writer;
    private final Heads heads;
    private final GroupHeads groups;
    private final StorageCounters counters;

    SqliteFanOutLog(
            Readers readers,
            GroupCommit writes,
            SqliteWriter writer,
            Heads heads,
            GroupHeads groups,
            StorageCounters counters) {
        this.readers = readers;
        this.writes = writes;
        this.writer = writer;
        this.heads = heads;
        this.groups = groups;
        this.counters = counters;
    }

    @Override
    public List<Marker> open(String worker, int markersMax, long nowMillis) {
        return readers
                .read(reader -> reader.mapper(FanOutMapper.class).listFree(worker, nowMillis, markersMax))
                .stream()
                .map(row -> new Marker(Conversation.group(row.group()), row.seq()))
                .toList();
    }

    @Override
    public boolean isOpen(Conversation conversation, long seq) {
        return conversation.kind() == Conversation.Kind.GROUP
                && readers.read(reader -> reader.mapper(FanOutMapper.class).isOpen(conversation.id(), seq));
    }

    @Override
    public Step advance(Marker marker, String worker, int recipientsMax, long nowMillis, long leaseMillis) {
        Step step = writes.write(() -> {
            GroupHead group = groups.find(marker.conversation());
            Open open = group == null ? null : writer.fanOutRows().oldest(group.id());
            if (open == null || open.seq() != marker.seq() || open.heldByAnother(worker, nowMillis)) {
                return new Step.NotHeld();
            }
            return write(group, open, new Lease(worker, nowMillis + leaseMillis), recipientsMax);
        });
        if (step instanceof Step.Written written) {
            counters.inboxRows.add(written.positions().size());
            counters.fanOutSteps.increment();
        }
        return step;
    }

    private Step write(GroupHead group, Open open, Lease lease, int recipientsMax) throws SQLException {
        // One more than asked tells whether these are the last.
        List<String> found = recipients(group, open, recipientsMax + 1);
        boolean done = found.size() <= recipientsMax;
        List<String> next = done ? found : found.subList(0, recipientsMax);
        List<InboxPosition> positions = heads.fanOut(next, group.id(), open.seq());
        if (done) {
            writer.fanOutRows().delete(group.id(), open.seq());
            groups.fanningOut(group, writer.fanOutRows().oldest(group.id()) != null);
        } else {
            String progress = next.get(next.size() - 1);
            writer.fanOutRows().update(group.id(), new Open(open.seq(), progress, lease.worker(), lease.untilMillis()));
        }
        StoredMessage message = writer.mapper(FanOutMapper.class)
                .findMessage(group.id(), open.seq())
                .toMessage(group.conversation());
        return new Step.Written(message, positions, done);
    }

    private List<String> recipients(GroupHead group, Open open, int limit) throws SQLException {
        GroupRows rows = writer.groupRows();
        return GroupRules.forEveryInbox(group.info(), open.seq())
                ? rows.recipients(group.id(), open.seq(), open.progress(), limit)
                : rows.changed(group.id(), open.seq(), open.progress(), limit);
    }

    private record Lease(String worker, long untilMillis) {}
}
