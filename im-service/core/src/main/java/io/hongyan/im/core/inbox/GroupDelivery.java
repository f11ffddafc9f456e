package io.hongyan.im.core.inbox;

import io.hongyan.im.core.group.GroupChange;
import io.hongyan.im.core.group.GroupInfo;
import io.hongyan.im.core.group.GroupMember;
import io.hongyan.im.core.group.Groups;
import io.hongyan.im.core.group.Groups.Membership;
import io.hongyan.im.core.group.Groups.Stretch;
import io.hongyan.im.core.inbox.Downlink.OutgoingMessage;
import io.hongyan.im.core.inbox.EntryStream.Read;
import io.hongyan.im.core.inbox.GroupInterest.Wish;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.message.SystemUser;
import java.util.ArrayList;
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
    /** Of the memberships of one user in one group, so many of the newest are looked at. */
    private static final int STRETCHES_MAX = 100;

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
            delivery.withoutInbox(streamsOfUser -> openSoon(streamsOfUser, group));
        }
    }

    private void joined(String uid, String group) {
        delivery.connectionsOf(uid).forEach(connection -> openSoon(connection, group));
    }

    private void left(String uid, String group, long seq) {
        delivery.connectionsOf(uid).forEach(connection -> connection.endGroup(group, seq));
    }

    /** A device that has acknowledged in its inbox that a group is large now reads the group's own stream. */
    void acknowledgedInInbox(ConnectionStreams connection, List<Entry.OfMessage> entries) {
        for (Entry.OfMessage entry : entries) {
            StoredMessage message = entry.message();
            if (message.conversation().kind() == Conversation.Kind.GROUP
                    && message.sender().equals(SystemUser.UID)
                    && message.clientMessageId().equals(GroupChange.BecameLarge.CLIENT_MESSAGE_ID)) {
                openSoon(connection, message.conversation().id());
            }
        }
    }

    private void openSoon(ConnectionStreams connection, String group) {
        if (connection.wishFor(group) == Wish.NOTHING) {
            return;
        }
        try {
            delivery.blocking().execute(() -> openOrClose(connection, group, 0));
        } catch (RejectedExecutionException full) {
            delivery.close(connection.connection());
        }
    }

    /** The device would miss entries without a sign; it comes back and begins anew. */
    private void openOrClose(ConnectionStreams connection, String group, long cursor) {
        try {
            openOne(connection, group, cursor);
        } catch (StorageException trouble) {
            delivery.counters().inboxReadsFailed.increment();
            delivery.close(connection.connection());
        }
    }

    private void openOne(ConnectionStreams connection, String group, long cursor) {
        Optional<GroupInfo> info = groups.find(group);
        Optional<GroupMember> member = groups.member(group, connection.device().uid());
        if (member.isEmpty()) {
            cursors.forget(connection.device(), group);
        } else if (info.isPresent() && info.get().large()) {
            long stored = cursors.find(connection.device()).getOrDefault(group, 0L);
            connection.startGroup(group, startOf(info.get(), member.get(), Math.max(stored, cursor)), 0);
        }
    }

    /** Opens the streams of all large groups that the user is in, as far as the device wants them. Blocks. */
    void openAll(ConnectionStreams connection) {
        DeviceKey device = connection.device();
        Map<String, Long> known = cursors.find(device);
        List<Membership> memberships = wantedMemberships(connection);
        // Whoever was a member when a group became large is told so in the inbox, at the latest with this number.
        long inboxHead = memberships.isEmpty() ? 0 : delivery.inboxHead(device.uid());
        for (Membership membership : memberships) {
            GroupInfo group = membership.group();
            Long cursor = known.remove(group.id());
            boolean wasTold = cursor != null || membership.member().joinedSeq() > group.largeSeq();
            long start = isOfEarlierMembership(cursor, membership, device.uid())
                    ? cursor
                    : startOf(group, membership.member(), cursor == null ? 0 : cursor);
            connection.startGroup(group.id(), start, wasTold ? 0 : inboxHead);
        }
        // What is left may be of groups that the user is no longer in: the stream goes to the end of the membership.
        for (Map.Entry<String, Long> rest : known.entrySet()) {
            if (groups.member(rest.getKey(), device.uid()).isEmpty()) {
                connection.startGroup(rest.getKey(), rest.getValue(), 0);
            }
        }
    }

    /** Who left and came back while the device was away: it reads to the end of what it was in, and then the new one. */
    private boolean isOfEarlierMembership(Long cursor, Membership membership, String uid) {
        return cursor != null
                && cursor < membership.member().joinedSeq() - 1
                && groups.stretches(membership.group().id(), uid, STRETCHES_MAX).stream()
                        .anyMatch(stretch -> stretch.fromSeq() <= cursor + 1 && cursor < stretch.toSeq());
    }

    private List<Membership> wantedMemberships(ConnectionStreams connection) {
        int streamsMax = delivery.limits().groupStreamsMax();
        List<Membership> wanted = new ArrayList<>();
        String after = "";
        List<Membership> page;
        do {
            page = groups.groupsOf(connection.device().uid(), after, true, GROUPS_PAGE);
            for (Membership membership : page) {
                after = membership.group().id();
                if (wanted.size() < streamsMax && connection.wishFor(after) != Wish.NOTHING) {
                    wanted.add(membership);
                }
            }
        } while (page.size() == GROUPS_PAGE && wanted.size() < streamsMax);
        return wanted;
    }

    private static long startOf(GroupInfo group, GroupMember member, long cursor) {
        return Math.max(cursor, Math.max(group.largeSeq(), member.joinedSeq() - 1));
    }

    /** The first entry that is pushed to a device that stands at {@code afterSeq}. */
    long oldestPushed(Conversation group, long afterSeq) {
        return Math.max(afterSeq + 1, log.head(group) - delivery.limits().groupBacklogMax() + 1);
    }

    /** A page as far as the user may read it: no further than the membership, even if that has just ended. */
    Read read(Conversation group, String uid, long afterSeq, long oldestSeq) {
        delivery.counters().groupPagesRead.increment();
        DeliveryLimits limits = delivery.limits();
        long from = Math.max(afterSeq + 1, oldestSeq);
        List<StoredMessage> messages = log.read(group, from - 1, limits.pageEntriesMax(), limits.pageBytesMax());
        // Asked after the entries were read: a membership that has ended by now has its end here.
        Optional<Stretch> readable = groups.stretches(group.id(), uid, STRETCHES_MAX).stream()
                .filter(stretch -> stretch.fromSeq() <= from && from <= stretch.toSeq())
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
            delivery.blocking().execute(() -> openOrClose(connection, stream.group(), cursor));
        } catch (RejectedExecutionException full) {
            delivery.close(connection.connection());
        }
    }
}
