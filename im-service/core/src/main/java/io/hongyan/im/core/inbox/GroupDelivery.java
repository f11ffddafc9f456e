package io.hongyan.im.core.inbox;

import io.hongyan.im.core.group.GroupChange;
import io.hongyan.im.core.group.GroupInfo;
import io.hongyan.im.core.group.GroupMember;
import io.hongyan.im.core.group.Groups;
import io.hongyan.im.core.group.Groups.Membership;
import io.hongyan.im.core.group.Groups.MembershipInterval;
import io.hongyan.im.core.inbox.Downlink.OutgoingMessage;
import io.hongyan.im.core.inbox.EntryStream.Read;
import io.hongyan.im.core.inbox.GroupSubscriptions.Subscription;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.message.StoredMessage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Brings the entries of large groups to the connections of their members: knows which streams there are of a group, and
 * where each begins and ends. What an entry costs depends on the members that are online, not on the others.
 */
final class GroupDelivery {
    private static final int GROUPS_PAGE = 200;
    /** Of the large groups of a user, so many pages are looked at: 10,000 groups. */
    private static final int GROUP_PAGES_MAX = 50;
    /** Of the memberships of one user in one group, so many of the newest are looked at. */
    private static final int INTERVALS_MAX = 100;
    /** Nothing of the group is for this device. */
    private static final long NOWHERE = -1;

    private final Delivery delivery;
    private final Groups groups;
    private final GroupLog log;
    private final GroupCursorBook cursors;

    /** group → streams. */
    private final Map<String, Set<GroupStream>> streams = new ConcurrentHashMap<>();

    private final AtomicInteger open = new AtomicInteger();

    GroupDelivery(Delivery delivery, Groups groups, GroupLog log, GroupCursorBook cursors) {
        this.delivery = delivery;
        this.groups = groups;
        this.log = log;
        this.cursors = cursors;
    }

    GroupCursorBook cursors() {
        return cursors;
    }

    int openStreams() {
        return open.get();
    }

    void register(GroupStream stream) {
        streams.compute(stream.group(), (group, present) -> {
            Set<GroupStream> all = present == null ? ConcurrentHashMap.newKeySet() : present;
            if (all.add(stream)) {
                open.incrementAndGet();
            }
            return all;
        });
    }

    void unregister(GroupStream stream) {
        streams.computeIfPresent(stream.group(), (group, present) -> {
            if (present.remove(stream)) {
                open.decrementAndGet();
            }
            return present.isEmpty() ? null : present;
        });
    }

    /** An entry of a large group has been stored. */
    void announce(StoredMessage message, OutgoingMessage outgoing, ConnectionKey origin) {
        Set<GroupStream> readers = streams.get(message.conversation().id());
        if (readers == null) {
            return;
        }
        Entry.OfMessage entry = new Entry.OfMessage(message.seq(), message);
        for (GroupStream stream : readers) {
            boolean ownSend = stream.connection().equals(origin)
                    && stream.owner.device().uid().equals(message.sender());
            stream.owner.announced(stream, entry, outgoing, ownSend);
        }
    }

    /** Entries of a group may have been stored without an announcement. */
    void refresh(String group) {
        for (GroupStream stream : streams.getOrDefault(group, Set.of())) {
            stream.owner.refresh(stream);
        }
    }

    /**
     * Has the streams look that are behind the logs. Blocks.
     *
     * @return how many were
     */
    int refreshThoseBehind() {
        int behind = 0;
        for (Map.Entry<String, Set<GroupStream>> group : streams.entrySet()) {
            long head = log.head(Conversation.group(group.getKey()));
            for (GroupStream stream : group.getValue()) {
                behind += stream.owner.refreshIfBehind(stream, head) ? 1 : 0;
            }
        }
        return behind;
    }

    /** This change of a large group, or the one that made it large, has been stored. */
    void changed(StoredMessage message, GroupChange change) {
        String group = message.conversation().id();
        if (change instanceof GroupChange.MembersAdded added) {
            added.uids().forEach(uid -> joined(uid, group));
        } else if (change instanceof GroupChange.Joined) {
            joined(message.sender(), group);
        } else if (change instanceof GroupChange.MembersRemoved removed) {
            removed.uids().forEach(uid -> left(uid, group, message.seq()));
        } else if (change instanceof GroupChange.Left) {
            left(message.sender(), group, message.seq());
        } else if (change instanceof GroupChange.BecameLarge) {
            // Whoever takes the inbox begins when that entry is acknowledged.
            delivery.withoutInbox(streamsOfUser -> openSoon(streamsOfUser, group, false));
        }
    }

    private void joined(String uid, String group) {
        delivery.connectionsOf(uid).forEach(connection -> openSoon(connection, group, false));
    }

    /** The user may have come into this large group without an announcement, or could not begin to read it before. */
    void beginMissing(String uid, String group) {
        for (ConnectionStreams connection : delivery.connectionsOf(uid)) {
            if (!connection.takesGroup(group)) {
                openSoon(connection, group, false);
            }
        }
    }

    private void left(String uid, String group, long seq) {
        delivery.connectionsOf(uid).forEach(connection -> connection.endGroup(group, seq));
    }

    /** A device that has acknowledged in its inbox that a group is large now reads the group's own stream. */
    void acknowledgedInInbox(ConnectionStreams connection, List<Entry.OfMessage> entries) {
        for (Entry.OfMessage entry : entries) {
            StoredMessage message = entry.message();
            if (GroupChange.BecameLarge.is(message)) {
                openSoon(connection, message.conversation().id(), true);
            }
        }
    }

    /** @param told whether the device knows that the group is large */
    private void openSoon(ConnectionStreams connection, String group, boolean told) {
        if (connection.subscriptionTo(group) == Subscription.NOTHING) {
            return;
        }
        try {
            delivery.read(connection.connection(), () -> openOrClose(connection, group, 0, told));
        } catch (RejectedExecutionException full) {
            delivery.close(connection.connection());
        }
    }

    /** The device would miss entries without a sign; it comes back and begins anew. */
    private void openOrClose(ConnectionStreams connection, String group, long cursor, boolean told) {
        try {
            openOne(connection, group, cursor, told);
        } catch (StorageException trouble) {
            delivery.counters().increment(DeliveryCounter.INBOX_READS_FAILED);
            delivery.close(connection.connection());
        }
    }

    private void openOne(ConnectionStreams connection, String group, long cursor, boolean told) {
        Optional<GroupInfo> info = groups.find(group);
        if (info.isPresent() && info.get().large()) {
            DeviceKey device = connection.device();
            Optional<GroupMember> member = groups.member(group, device.uid());
            long stored = cursors.find(device).getOrDefault(group, 0L);
            List<Start> starts = new ArrayList<>(1);
            plan(connection, info.get(), member.orElse(null), Math.max(stored, cursor), told, starts);
            start(connection, starts);
        }
    }

    /** @param isNew whether the device has no cursor there */
    private record Start(String group, long afterSeq, long afterInboxSeq, boolean isNew) {}

    /**
     * @param member null for who is no member now: then what is left of earlier memberships is sent, or nothing is kept
     * @param told whether the device knows that the group is large; else it reads that in its inbox first, as whoever was
     *     a member at that entry
     */
    private void plan(
            ConnectionStreams connection,
            GroupInfo group,
            GroupMember member,
            long cursor,
            boolean told,
            List<Start> starts) {
        String uid = connection.device().uid();
        long start = startOf(group, uid, member, cursor);
        boolean knows = told || cursor > 0 || member == null || member.joinedSeq() > group.largeSeq();
        if (start == NOWHERE) {
            cursors.forget(connection.device(), group.id());
        } else if (knows || !connection.takesInbox()) {
            starts.add(new Start(group.id(), start, 0, cursor == 0));
        } else if (log.inInboxes(Conversation.group(group.id()), group.largeSeq())) {
            starts.add(new Start(group.id(), start, delivery.inboxHead(uid), false));
        }
        // Else whoever writes the last of these inboxes has the stream begun.
    }

    private void start(ConnectionStreams connection, List<Start> starts) {
        Map<String, Long> begun = new HashMap<>();
        for (Start start : starts) {
            if (start.isNew && connection.subscriptionTo(start.group) == Subscription.TRACKED) {
                begun.put(start.group, start.afterSeq);
            }
        }
        cursors.begin(connection.device(), begun);
        starts.forEach(start -> connection.startGroup(start.group, start.afterSeq, start.afterInboxSeq));
    }

    /** Opens the streams of all large groups that the user is in, as far as the device wants them. Blocks. */
    void openAll(ConnectionStreams connection) {
        DeviceKey device = connection.device();
        Map<String, Long> known = cursors.find(device);
        List<Start> starts = new ArrayList<>();
        for (Membership membership : wantedMemberships(connection, Set.copyOf(known.keySet()))) {
            Long cursor = known.remove(membership.group().id());
            plan(connection, membership.group(), membership.member(), cursor == null ? 0 : cursor, false, starts);
        }
        // What is left may be of groups that the user is no longer in: the stream goes to the end of the membership.
        for (Map.Entry<String, Long> rest : known.entrySet()) {
            Optional<GroupInfo> group = groups.find(rest.getKey());
            if (group.isPresent() && groups.member(rest.getKey(), device.uid()).isEmpty()) {
                plan(connection, group.get(), null, rest.getValue(), false, starts);
            }
        }
        start(connection, starts);
    }

    /**
     * The large groups whose streams the device is sent: those it has read before, then the oldest. Anybody can bring a
     * user into new groups, which must not take the place of the others.
     */
    private List<Membership> wantedMemberships(ConnectionStreams connection, Set<String> known) {
        Comparator<Membership> order = Comparator.comparing(
                        (Membership one) -> !known.contains(one.group().id()))
                .thenComparing(one -> one.group().createdAtMillis());
        int streamsMax = delivery.limits().groupStreamsMax();
        List<Membership> wanted = new ArrayList<>();
        String after = "";
        List<Membership> page;
        int pages = 0;
        do {
            page = groups.groupsOf(connection.device().uid(), after, true, GROUPS_PAGE);
            for (Membership membership : page) {
                after = membership.group().id();
                if (connection.subscriptionTo(after) != Subscription.NOTHING) {
                    wanted.add(membership);
                }
            }
            if (wanted.size() > streamsMax) {
                wanted.sort(order);
                List<Membership> leftOut = wanted.subList(streamsMax, wanted.size());
                delivery.counters().add(DeliveryCounter.GROUP_STREAMS_LEFT_OUT, leftOut.size());
                leftOut.clear();
            }
            pages++;
        } while (page.size() == GROUPS_PAGE && pages < GROUP_PAGES_MAX);
        return wanted;
    }

    /**
     * The entry after which the device goes on: without a cursor in the present membership; with one in the first that
     * it has not read to the end, of which something is not too old to be pushed.
     */
    private long startOf(GroupInfo group, String uid, GroupMember member, long cursor) {
        long after = Math.max(cursor, group.largeSeq());
        if (member != null && (cursor == 0 || cursor >= member.joinedSeq() - 1)) {
            return Math.max(after, member.joinedSeq() - 1);
        }
        if (cursor > 0) {
            long oldest = oldestPushed(Conversation.group(group.id()), after);
            for (MembershipInterval interval : groups.membershipIntervals(group.id(), uid, INTERVALS_MAX)) {
                if (interval.toSeq() >= oldest) {
                    return Math.max(after, interval.fromSeq() - 1);
                }
            }
        }
        return NOWHERE;
    }

    /** The first entry that is pushed to a device that stands at {@code afterSeq}. */
    long oldestPushed(Conversation group, long afterSeq) {
        return Math.max(afterSeq + 1, log.head(group) - delivery.limits().groupBacklogMax() + 1);
    }

    /** A page as far as the user may read it: no further than the membership, even if that has just ended. */
    Read read(Conversation group, String uid, long afterSeq, long oldestSeq) {
        delivery.counters().increment(DeliveryCounter.GROUP_PAGES_READ);
        DeliveryLimits limits = delivery.limits();
        long from = Math.max(afterSeq + 1, oldestSeq);
        List<StoredMessage> messages = log.read(group, from - 1, limits.pageEntriesMax(), limits.pageBytesMax());
        // Asked after the entries were read: a membership that has ended by now has its end here.
        Optional<MembershipInterval> readable = groups.membershipIntervals(group.id(), uid, INTERVALS_MAX).stream()
                .filter(interval -> interval.fromSeq() <= from && from <= interval.toSeq())
                .findAny();
        long head = Math.max(log.head(group), from - 1 + messages.size());
        if (readable.isEmpty()) {
            return new Read(new InboxPage(List.of(), head, 1), afterSeq);
        }
        long to = readable.get().toSeq();
        List<Entry> entries = new ArrayList<>(messages.size());
        for (StoredMessage message : messages) {
            if (message.seq() <= to) {
                entries.add(new Entry.OfMessage(message.seq(), message));
            }
        }
        return new Read(new InboxPage(entries, head, oldestSeq), to);
    }

    /** A membership has ended and the device knows: unless the user is back, nothing of the group is kept for it. */
    void ended(GroupStream stream) {
        unregister(stream);
        ConnectionStreams connection = stream.owner;
        long cursor = stream.session.cursor();
        try {
            delivery.read(connection.connection(), () -> openOrClose(connection, stream.group(), cursor, false));
        } catch (RejectedExecutionException full) {
            delivery.close(connection.connection());
        }
    }
}
