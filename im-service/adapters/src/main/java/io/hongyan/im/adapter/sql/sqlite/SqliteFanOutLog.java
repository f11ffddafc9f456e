package io.hongyan.im.adapter.sql.sqlite;

import io.hongyan.im.adapter.sql.FanOutMapper;
import io.hongyan.im.adapter.sql.FanOutRows.Open;
import io.hongyan.im.adapter.sql.StorageCounters;
import io.hongyan.im.core.group.GroupRules;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.Appended.InboxPosition;
import io.hongyan.im.core.send.FanOutLog;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Writes the inbox rows of markers, of several in one transaction: a page of an inbox is written once for all that comes
 * to it, and that is what rows cost. Rows and progress are written in one transaction, so the progress says exactly who
 * has the entry; the lease is looked at in that transaction, by the one writer, so it needs no fencing number.
 */
final class SqliteFanOutLog implements FanOutLog {
    /** Of larger groups the members are read in pages, and not kept in memory. */
    private static final int LISTED_MEMBERS_MAX = 5_000;

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
                .read(reader -> reader.mapper(FanOutMapper.class).listFree(worker, nowMillis, markersMax))
                .stream()
                .map(row -> new Marker(Conversation.group(row.group()), row.seq()))
                .toList();
    }

    @Override
    public boolean isOpen(Conversation conversation, long seq) {
        return conversation.kind() == Conversation.Kind.GROUP
                && readPool.read(reader -> reader.mapper(FanOutMapper.class).isOpen(conversation.id(), seq));
    }

    @Override
    public Step advance(List<Marker> markers, String worker, int recipientsMax, long nowMillis, long leaseMillis) {
        Lease lease = new Lease(worker, nowMillis, nowMillis + leaseMillis);
        Step step = writes.write(() -> serve(markers, lease, recipientsMax));
        if (!step.written().isEmpty()) {
            step.written().forEach(one -> counters.inboxRows.add(one.positions().size()));
            counters.fanOutSteps.increment();
        }
        return step;
    }

    private Step serve(List<Marker> markers, Lease lease, int recipientsMax) throws SQLException {
        List<Written> written = new ArrayList<>();
        int left = recipientsMax;
        int served = 0;
        while (left > 0 && served < markers.size()) {
            left -= serve(markers.get(served), lease, left, written);
            served++;
        }
        return new Step(written, served);
    }

    /** @return how much it was, in recipients */
    private int serve(Marker marker, Lease lease, int recipientsMax, List<Written> written) throws SQLException {
        GroupHead group = heads.group(marker.conversation());
        Open open = group == null ? null : writer.fanOutRows().oldest(group.id());
        if (open == null || open.seq() != marker.seq()) {
            return 0;
        }
        int served = 0;
        while (open != null && served < recipientsMax && !open.heldByAnother(lease.worker(), lease.nowMillis())) {
            Written one = write(group, open, lease, recipientsMax - served);
            written.add(one);
            // One that has nobody left takes time too.
            served += Math.max(1, one.positions().size());
            open = one.done() ? writer.fanOutRows().oldest(group.id()) : null;
            if (one.done() && open == null) {
                groups.fanningOut(group, false);
            }
        }
        return served;
    }

    private Written write(GroupHead group, Open open, Lease lease, int recipientsMax) throws SQLException {
        // One more than asked tells whether these are the last.
        List<String> found = recipients(group, open, recipientsMax + 1);
        boolean done = found.size() <= recipientsMax;
        List<String> next = done ? found : found.subList(0, recipientsMax);
        List<InboxPosition> positions = heads.fanOut(heads.inboxes(next), group.id(), open.seq());
        if (done) {
            writer.fanOutRows().delete(group.id(), open.seq());
        } else {
            String progress = next.get(next.size() - 1);
            writer.fanOutRows().update(group.id(), new Open(open.seq(), progress, lease.worker(), lease.untilMillis()));
        }
        StoredMessage message = writer.mapper(FanOutMapper.class)
                .findMessage(group.id(), open.seq())
                .toMessage(group.conversation());
        return new Written(message, positions, done);
    }

    private List<String> recipients(GroupHead group, Open open, int limit) throws SQLException {
        GroupRows rows = writer.groupRows();
        if (!GroupRules.forEveryInbox(group.info(), open.seq())) {
            return rows.changed(group.id(), open.seq(), open.progress(), limit);
        }
        // Nobody has come or gone since that entry: those are its recipients who are members now.
        boolean nobodyCameOrWent = open.seq() > group.info().membersVersion();
        return nobodyCameOrWent && group.info().memberCount() <= LISTED_MEMBERS_MAX
                ? after(open.progress(), groups.present(group), limit)
                : rows.recipients(group.id(), open.seq(), open.progress(), limit);
    }

    /** Uids are ASCII, so rows and strings have the same order. */
    private static List<String> after(String progress, List<String> uids, int limit) {
        int place = Collections.binarySearch(uids, progress);
        int from = place < 0 ? -place - 1 : place + 1;
        return uids.subList(from, Math.min(uids.size(), from + limit));
    }

    private record Lease(String worker, long nowMillis, long untilMillis) {}
}
