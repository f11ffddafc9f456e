package io.hongyan.im.adapter.sql;

import io.hongyan.im.adapter.sql.MysqlFanOutLog.Part;
import io.hongyan.im.adapter.sql.MysqlGroupRows.Recipient;
import io.hongyan.im.core.group.GroupRules;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.FanOutLog.Marker;
import io.hongyan.im.core.send.FanOutLog.Step;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One step of the fan-out, one transaction: conversations locked first, then heads of inboxes. */
final class FanOutStep {
    /** Of larger groups the members are read in pages, and not kept in memory. */
    static final int LISTED_MEMBERS_MAX = 5_000;

    private final MysqlSession session;
    private final Connection connection;
    private final MysqlIds ids;
    private final LockedGroups locked;
    private final Lease lease;
    private final FanOutRows markerRows;
    private final MysqlGroupRows groupRows;
    private final InboxNumbers inbox = new InboxNumbers();
    private final List<Part> parts = new ArrayList<>();

    /** Who works, and how long the conversations are to be left to it. */
    record Lease(String worker, long nowMillis, long untilMillis) {}

    FanOutStep(MysqlSession session, MysqlIds ids, LockedGroups locked, Lease lease) throws SQLException {
        this.session = session;
        this.connection = session.connection();
        this.ids = ids;
        this.locked = locked;
        this.lease = lease;
        this.markerRows = new FanOutRows(connection);
        this.groupRows = new MysqlGroupRows(connection);
    }

    Step run(List<Marker> markers, int recipientsMax) throws SQLException {
        List<Conversation> names = markers.stream().map(Marker::conversation).toList();
        LockedConversations conversations = LockedConversations.lock(connection, ids, names);
        Map<Long, String> groupNames = new HashMap<>();
        conversations
                .all()
                .forEach(one -> groupNames.put(one.id(), one.conversation().id()));
        Map<Long, LockedGroup> groups = locked.read(connection, groupNames);
        int left = recipientsMax;
        int served = 0;
        while (left > 0 && served < markers.size()) {
            Marker marker = markers.get(served);
            LockedConversation conversation = conversations.get(marker.conversation());
            LockedGroup group = conversation == null ? null : groups.get(conversation.id());
            left -= group == null ? 0 : serve(marker, group, left);
            served++;
        }
        inbox.number(connection);
        inbox.write(connection);
        return new Step(parts.stream().map(part -> part.written(inbox)).toList(), served);
    }

    /** @return how much it was, in recipients */
    private int serve(Marker marker, LockedGroup group, int recipientsMax) throws SQLException {
        FanOutRows.Open open = markerRows.oldest(group.id());
        if (open == null || open.seq() != marker.seq()) {
            return 0;
        }
        int served = 0;
        while (open != null && served < recipientsMax && !open.heldByAnother(lease.worker(), lease.nowMillis())) {
            Part part = write(marker.conversation(), group, open, recipientsMax - served);
            parts.add(part);
            // One that has nobody left takes time too.
            served += Math.max(1, part.recipients().size());
            open = part.done() ? markerRows.oldest(group.id()) : null;
        }
        return served;
    }

    private Part write(Conversation conversation, LockedGroup group, FanOutRows.Open open, int recipientsMax)
            throws SQLException {
        // One more than asked tells whether these are the last.
        List<Recipient> found = recipients(group, open, recipientsMax + 1);
        boolean done = found.size() <= recipientsMax;
        List<Recipient> next = done ? found : found.subList(0, recipientsMax);
        int firstPlace = inbox.size();
        next.forEach(one -> inbox.add(one.userId(), MessageRows.KIND_MESSAGE, group.id(), open.seq()));
        if (done) {
            markerRows.delete(group.id(), open.seq());
        } else {
            String progress = next.get(next.size() - 1).uid();
            markerRows.update(
                    group.id(), new FanOutRows.Open(open.seq(), progress, lease.worker(), lease.untilMillis()));
        }
        StoredMessage message = session.mapper(FanOutMapper.class)
                .findMessage(group.id(), open.seq())
                .toMessage(conversation);
        return new Part(message, List.copyOf(next), firstPlace, done);
    }

    private List<Recipient> recipients(LockedGroup group, FanOutRows.Open open, int limit) throws SQLException {
        if (!GroupRules.forEveryInbox(group.info(), open.seq())) {
            return groupRows.changed(group.id(), open.seq(), open.progress(), limit);
        }
        // Nobody has come or gone since that entry: those are its recipients who are members now.
        boolean nobodyCameOrWent = open.seq() > group.info().membersVersion();
        return nobodyCameOrWent && group.info().memberCount() <= LISTED_MEMBERS_MAX
                ? after(open.progress(), group.present(), limit)
                : groupRows.recipients(group.id(), open.seq(), open.progress(), limit);
    }

    /** Uids are ASCII, so rows and strings have the same order. */
    static List<Recipient> after(String progress, List<Recipient> all, int limit) {
        int low = 0;
        int high = all.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (all.get(middle).uid().compareTo(progress) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return all.subList(low, Math.min(all.size(), low + limit));
    }
}
