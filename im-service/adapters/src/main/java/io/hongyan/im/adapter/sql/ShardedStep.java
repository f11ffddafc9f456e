package io.hongyan.im.adapter.sql;

import io.hongyan.im.adapter.sql.MysqlGroupRows.Recipient;
import io.hongyan.im.core.group.GroupRules;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.Conversation.Kind;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.Appended.InboxPosition;
import io.hongyan.im.core.send.FanOutLog.Marker;
import io.hongyan.im.core.send.FanOutLog.Written;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** One step of the fan-out over several databases: what is to be written, and what has become of it. */
final class ShardedStep {
    /** Where a database of recipients is away, nobody tries again before. */
    private static final long AWAY_MILLIS = 1_000;

    private final Connection connection;
    private final MysqlSession session;
    private final ShardedIds ids;
    private final LockedGroups locked;
    private final FanOutStep.Lease lease;
    private final FanOutRows markerRows;
    private final MysqlGroupRows groupRows;
    private final List<Part> parts = new ArrayList<>();
    private int served;

    ShardedStep(MysqlSession session, ShardedIds ids, LockedGroups locked, FanOutStep.Lease lease) throws SQLException {
        this.session = session;
        this.connection = session.connection();
        this.ids = ids;
        this.locked = locked;
        this.lease = lease;
        this.markerRows = new FanOutRows(connection);
        this.groupRows = new MysqlGroupRows(connection, false);
    }

    /**
     * What this step writes of one entry.
     *
     * @param last whether nobody is left after these
     */
    record Part(
            long conversationId,
            StoredMessage message,
            List<Recipient> recipients,
            List<Arrival> arrivals,
            boolean last) {
        boolean isThere() {
            return arrivals.stream().allMatch(Arrival::isThere);
        }
    }

    List<Part> parts() {
        return parts;
    }

    int served() {
        return served;
    }

    List<Arrival> arrivals() {
        return parts.stream().flatMap(part -> part.arrivals.stream()).toList();
    }

    /** Takes leases and finds out whom the entries are for. Locks the conversations for that long. */
    void gather(List<Marker> markers, int recipientsMax) throws SQLException {
        List<Conversation> names = markers.stream().map(Marker::conversation).toList();
        LockedConversations conversations = LockedConversations.lock(connection, ids.here(), names);
        Map<Long, String> groupNames = new HashMap<>();
        for (LockedConversation one : conversations.all()) {
            if (one.conversation().kind() == Kind.GROUP) {
                groupNames.put(one.id(), one.conversation().id());
            }
        }
        Map<Long, LockedGroup> groups = locked.read(connection, groupNames);
        int left = recipientsMax;
        while (left > 0 && served < markers.size()) {
            Marker marker = markers.get(served);
            LockedConversation conversation = conversations.get(marker.conversation());
            left -= conversation == null ? 0 : gather(marker, conversation, groups.get(conversation.id()), left);
            served++;
        }
    }

    /** @return how much it was, in recipients */
    private int gather(Marker marker, LockedConversation conversation, LockedGroup group, int recipientsMax)
            throws SQLException {
        FanOutRows.Open open = markerRows.oldest(conversation.id());
        if (open == null || open.seq() != marker.seq() || open.heldByAnother(lease.worker(), lease.nowMillis())) {
            return 0;
        }
        markerRows.update(
                conversation.id(),
                new FanOutRows.Open(open.seq(), open.progress(), lease.worker(), lease.untilMillis()));
        int count = 0;
        while (open != null && count < recipientsMax) {
            Part part = part(conversation, group, open, recipientsMax - count);
            parts.add(part);
            count += Math.max(1, part.recipients().size());
            open = part.last() ? markerRows.next(conversation.id(), open.seq()) : null;
        }
        return count;
    }

    private Part part(LockedConversation conversation, LockedGroup group, FanOutRows.Open open, int recipientsMax)
            throws SQLException {
        // One more than asked tells whether these are the last.
        List<Recipient> found = recipients(conversation, group, open, recipientsMax + 1);
        boolean last = found.size() <= recipientsMax;
        List<Recipient> next = List.copyOf(last ? found : found.subList(0, recipientsMax));
        StoredMessage message = session.mapper(FanOutMapper.class)
                .findMessage(conversation.id(), open.seq())
                .toMessage(conversation.conversation());
        List<Arrival> arrivals = next.stream()
                .map(one -> new Arrival(one.userId(), conversation.id(), open.seq()))
                .toList();
        return new Part(conversation.id(), message, next, arrivals, last);
    }

    private List<Recipient> recipients(
            LockedConversation conversation, LockedGroup group, FanOutRows.Open open, int limit) throws SQLException {
        if (group == null) {
            return ofPersonal(conversation.conversation(), open.progress());
        }
        if (!GroupRules.forEveryInbox(group.info(), open.seq())) {
            return groupRows.changed(group.id(), open.seq(), open.progress(), limit);
        }
        boolean nobodyCameOrWent = open.seq() > group.info().membersVersion();
        return nobodyCameOrWent && group.info().memberCount() <= FanOutStep.LISTED_MEMBERS_MAX
                ? FanOutStep.after(open.progress(), group.present(), limit)
                : groupRows.recipients(group.id(), open.seq(), open.progress(), limit);
    }

    /** The two of a direct conversation, the one of a system's, in the order of their uids. Their names are here. */
    private List<Recipient> ofPersonal(Conversation conversation, String progress) throws SQLException {
        List<String> uids = conversation.kind() == Kind.SYSTEM
                ? List.of(conversation.reader())
                : conversation.low().equals(conversation.high())
                        ? List.of(conversation.low())
                        : List.of(conversation.low(), conversation.high());
        Map<String, Long> known = ids.here().users(connection, uids);
        return uids.stream()
                .filter(uid -> uid.compareTo(progress) > 0)
                .map(uid -> new Recipient(uid, known.get(uid)))
                .toList();
    }

    /** Moves the markers as far as inboxes were written. */
    static void settle(Connection connection, List<Part> parts, FanOutStep.Lease lease) throws SQLException {
        Set<Long> stopped = new HashSet<>();
        List<FanOutMarks.Entry> done = new ArrayList<>();
        Map<Long, Part> moved = new TreeMap<>();
        for (Part part : parts) {
            if (stopped.contains(part.conversationId)) {
                continue;
            }
            if (part.last && part.isThere()) {
                done.add(new FanOutMarks.Entry(part.conversationId, part.message.seq()));
            } else {
                stopped.add(part.conversationId);
                moved.put(part.conversationId, part);
            }
        }
        FanOutMarks.delete(connection, done.stream().sorted().toList());
        try (PreparedStatement update = connection.prepareStatement("""
                UPDATE im_fanout SET progress = GREATEST(progress, ?), worker = ?, lease_until = ?
                 WHERE conversation_id = ? AND seq = ?""")) {
            for (Part part : moved.values()) {
                boolean there = part.isThere();
                int last = part.recipients.size() - 1;
                update.setBytes(
                        1, MysqlIds.bytes(there ? part.recipients.get(last).uid() : ""));
                update.setBytes(2, there ? MysqlIds.bytes(lease.worker()) : new byte[0]);
                update.setLong(3, there ? lease.untilMillis() : lease.nowMillis() + AWAY_MILLIS);
                update.setLong(4, part.conversationId);
                update.setLong(5, part.message.seq());
                update.executeUpdate();
            }
        }
    }

    /** What is new in inboxes, and what has come to all of them. */
    List<Written> written() {
        List<Written> all = new ArrayList<>(parts.size());
        Set<Long> stopped = new HashSet<>();
        for (Part part : parts) {
            List<InboxPosition> positions = new ArrayList<>();
            for (int i = 0; i < part.recipients.size(); i++) {
                if (part.arrivals.get(i).inboxSeq() > 0) {
                    positions.add(new InboxPosition(
                            part.recipients.get(i).uid(), part.arrivals.get(i).inboxSeq()));
                }
            }
            boolean done = part.last && part.isThere() && !stopped.contains(part.conversationId);
            if (!done) {
                stopped.add(part.conversationId);
            }
            if (done || !positions.isEmpty()) {
                all.add(new Written(part.message, positions, done));
            }
        }
        return all;
    }
}
