package io.hongyan.im.adapter.sql.sqlite;

import io.hongyan.im.adapter.sql.FanOutMapper;
import io.hongyan.im.adapter.sql.FanOutRows.Open;
import io.hongyan.im.adapter.sql.StorageCounter;
import io.hongyan.im.adapter.sql.StorageCounters;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.Appended.InboxPosition;
import io.hongyan.im.core.send.FanOutLog;
import io.hongyan.im.core.send.FanOutRules;
import io.hongyan.im.core.send.FanOutRules.Page;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the inbox rows of markers, of several in one transaction: a page of an inbox is written once for all that comes
 * to it, and that is what rows cost. Rows and progress are written in one transaction, so the progress says exactly who
 * has the entry; the lease is looked at in that transaction, by the one writer, so it needs no fencing number.
 */
final class SqliteFanOutLog implements FanOutLog {
    private final SqliteReadPool readPool;
    private final GroupCommit writes;
    private final SqliteWriter writer;
    private final Heads heads;
    private final GroupMembers groups;
    private final StorageCounters counters;

    SqliteFanOutLog(
            SqliteReadPool readPool,
            GroupCommit writes,
            SqliteWriter writer,
            Heads heads,
            GroupMembers groups,
            StorageCounters counters) {
        this.readPool = readPool;
        this.writes = writes;
        this.writer = writer;
        this.heads = heads;
        this.groups = groups;
        this.counters = counters;
    }

    @Override
    public List<Marker> open(String worker, int markersMax, long nowMillis) {
        return readPool
                .read(connection -> connection.mapper(FanOutMapper.class).listFree(worker, nowMillis, markersMax))
                .stream()
                .map(row -> new Marker(Conversation.group(row.group()), row.seq()))
                .toList();
    }

    @Override
    public boolean isOpen(Conversation conversation, long seq) {
        return conversation.kind() == Conversation.Kind.GROUP
                && readPool.read(
                        connection -> connection.mapper(FanOutMapper.class).isOpen(conversation.id(), seq));
    }

    @Override
    public Step advance(List<Marker> markers, String worker, int recipientsMax, long nowMillis, long leaseMillis) {
        Lease lease = new Lease(worker, nowMillis, nowMillis + leaseMillis);
        Step step = writes.write(() -> serve(markers, lease, recipientsMax));
        if (!step.written().isEmpty()) {
            step.written()
                    .forEach(one -> counters.add(
                            StorageCounter.INBOX_ROWS, one.positions().size()));
            counters.increment(StorageCounter.FAN_OUT_STEPS);
        }
        return step;
    }

    private Step serve(List<Marker> markers, Lease lease, int recipientsMax) throws SQLException {
        List<Written> written = new ArrayList<>();
        int served = FanOutRules.inTurn(markers, recipientsMax, (marker, max) -> serve(marker, lease, max, written));
        return new Step(written, served);
    }

    private int serve(Marker marker, Lease lease, int recipientsMax, List<Written> written) throws SQLException {
        GroupHead group = heads.group(marker.conversation());
        Open oldest = group == null ? null : writer.fanOutRows().oldest(group.id());
        return oldest == null || oldest.seq() != marker.seq()
                ? 0
                : FanOutRules.take(recipientsMax, new Entries(group, oldest, lease, written));
    }

    /** The open entries of a group. */
    private final class Entries implements FanOutRules.Entries<SQLException> {
        private final GroupHead group;
        private final Lease lease;
        private final List<Written> written;
        /** The oldest, null where there is none. */
        private Open open;

        Entries(GroupHead group, Open oldest, Lease lease, List<Written> written) {
            this.group = group;
            this.open = oldest;
            this.lease = lease;
            this.written = written;
        }

        @Override
        public Page<String> take(int recipientsMax) throws SQLException {
            if (open == null || open.heldByAnother(lease.worker(), lease.nowMillis())) {
                return null;
            }
            Page<String> page =
                    FanOutRules.next(group.info(), open.seq(), open.progress(), recipientsMax, new Members(group));
            written.add(write(page));
            if (page.last()) {
                open = writer.fanOutRows().oldest(group.id());
                if (open == null) {
                    groups.fanningOut(group, false);
                }
            }
            return page;
        }

        private Written write(Page<String> page) throws SQLException {
            List<String> next = page.recipients();
            List<InboxPosition> positions = heads.fanOut(heads.inboxes(next), group.id(), open.seq());
            if (page.last()) {
                writer.fanOutRows().delete(group.id(), open.seq());
            } else {
                String progress = next.get(next.size() - 1);
                writer.fanOutRows()
                        .update(group.id(), new Open(open.seq(), progress, lease.worker(), lease.untilMillis()));
            }
            StoredMessage message = writer.mapper(FanOutMapper.class)
                    .findMessage(group.id(), open.seq())
                    .toMessage(group.conversation());
            return new Written(message, positions, page.last());
        }
    }

    /** Uids are ASCII, so rows and strings have the same order. */
    private final class Members implements FanOutRules.Members<String, SQLException> {
        private final GroupHead group;

        Members(GroupHead group) {
            this.group = group;
        }

        @Override
        public String uid(String user) {
            return user;
        }

        @Override
        public List<String> present() throws SQLException {
            return groups.present(group);
        }

        @Override
        public List<String> at(long seq, String aboveUid, int limit) throws SQLException {
            return writer.groupRows().recipients(group.id(), seq, aboveUid, limit);
        }

        @Override
        public List<String> changed(long seq, String aboveUid, int limit) throws SQLException {
            return writer.groupRows().changed(group.id(), seq, aboveUid, limit);
        }
    }

    private record Lease(String worker, long nowMillis, long untilMillis) {}
}
