package io.hongyan.im.core.inbox;

import io.hongyan.im.core.group.GroupChange;
import io.hongyan.im.core.group.Groups;
import io.hongyan.im.core.inbox.Downlink.Gathering;
import io.hongyan.im.core.inbox.Downlink.OutgoingMessage;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.work.FairQueue;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Brings stored entries to the connected devices: knows which connections take which inbox and tells each of their
 * streams what was stored. The truth is the inbox; a stream that was not told catches up from it.
 */
public final class Delivery implements Announcements, ClientStreams.Source {
    private final Inbox inbox;
    private final Downlink downlink;
    private final FairQueue reads;
    private final CursorBook cursors;
    private final DeliveryLimits limits;
    private final DeliveryListener listener;
    private final DeliveryCounters counters;
    private final InboxListener inboxListener;

    /** uid → streams; the arrays are never changed. */
    private final Map<String, ConnectionStreams[]> streams = new ConcurrentHashMap<>();

    private final GroupDelivery groups;

    /** What it reads, and where devices stand in it. */
    public record Stores(
            Inbox inbox, Groups groups, GroupLog groupLog, CursorBook cursors, GroupCursorBook groupCursors) {}

    /** @param reads where what is read for a connection waits for its turn */
    public Delivery(
            Stores stores,
            Downlink downlink,
            FairQueue reads,
            DeliveryLimits limits,
            DeliveryListener listener,
            InboxListener inboxListener,
            DeliveryCounters counters) {
        this.inbox = stores.inbox;
        this.downlink = downlink;
        this.reads = reads;
        this.cursors = stores.cursors;
        this.limits = limits;
        this.listener = listener;
        this.counters = counters;
        this.inboxListener = inboxListener;
        this.groups = new GroupDelivery(this, stores.groups, stores.groupLog, stores.groupCursors);
    }

    @Override
    public ConnectionStreams open(ConnectionKey connection, DeviceKey device, int receiveMaximum) {
        ConnectionStreams opened = new ConnectionStreams(this, connection, device, receiveMaximum);
        streams.compute(device.uid(), (uid, present) -> added(present, opened));
        return opened;
    }

    void beginInbox(ConnectionStreams connection, DeviceRoom room) {
        try {
            // First: a device that has subscribed is known from then on, even if it is gone by now.
            connection.beginInbox(cursors.start(connection.device(), room));
        } catch (RuntimeException trouble) {
            connection.close();
            throw trouble;
        }
    }

    void beginGroups(ConnectionStreams connection, DeviceRoom room) {
        if (!connection.takesInbox()) {
            // Cursors are kept for known devices only.
            cursors.start(connection.device(), room);
        }
        groups.openAll(connection);
    }

    void close(ConnectionStreams connection) {
        connection.close();
        streams.computeIfPresent(connection.device().uid(), (uid, present) -> removed(present, connection));
    }

    /**
     * A message has been stored as entry {@code inboxSeq} of this user.
     *
     * @param origin the connection that sent it, which is not sent its own entry
     */
    public void announce(
            String uid, long inboxSeq, StoredMessage message, OutgoingMessage outgoing, ConnectionKey origin) {
        boolean sender = message.sender().equals(uid);
        if (sender) {
            listener.sent(uid, message.conversation(), message.seq(), message.ordinal());
        } else {
            inboxListener.announced(uid, inboxSeq);
        }
        announcedElsewhere(uid, inboxSeq, message, outgoing, origin);
    }

    @Override
    public void announcedElsewhere(
            String uid, long inboxSeq, StoredMessage message, OutgoingMessage outgoing, ConnectionKey origin) {
        ConnectionStreams[] receivers = streams.get(uid);
        if (receivers == null) {
            return;
        }
        boolean sender = message.sender().equals(uid);
        Entry.OfMessage entry = new Entry.OfMessage(inboxSeq, message);
        for (ConnectionStreams stream : receivers) {
            stream.announced(entry, outgoing, sender && stream.connection().equals(origin));
        }
    }

    /** A message that was stored before has been sent again: a crash may have forgotten that its sender has sent it. */
    public void sentBefore(String uid, Conversation conversation, long seq, long ordinal) {
        listener.sent(uid, conversation, seq, ordinal);
    }

    @Override
    public void announce(String uid, Entry.OfEvent entry) {
        for (ConnectionStreams stream : streams.getOrDefault(uid, NOBODY)) {
            stream.announced(entry);
        }
    }

    @Override
    public void refresh(String uid) {
        for (ConnectionStreams stream : streams.getOrDefault(uid, NOBODY)) {
            stream.refresh();
        }
    }

    /**
     * An entry of a large group has been stored.
     *
     * @param outgoing the message made ready for many receivers
     * @param origin the connection that sent it, which is not sent its own entry
     */
    public void announceToGroup(StoredMessage message, OutgoingMessage outgoing, ConnectionKey origin) {
        listener.sent(message.sender(), message.conversation(), message.seq(), message.ordinal());
        announcedToGroupElsewhere(message, outgoing, origin);
    }

    @Override
    public void announcedToGroupElsewhere(StoredMessage message, OutgoingMessage outgoing, ConnectionKey origin) {
        groups.announce(message, outgoing, origin);
    }

    @Override
    public void groupChanged(StoredMessage message, GroupChange change) {
        groups.changed(message, change);
    }

    /** This user may have come into this large group without an announcement. */
    public void beginGroup(String uid, String group) {
        groups.beginMissing(uid, group);
    }

    /** Entries of this group may have been stored that were not announced. */
    public void refreshGroup(String group) {
        groups.refresh(group);
    }

    @Override
    public boolean isRead(String uid) {
        return streams.containsKey(uid);
    }

    /** Inboxes that are being sent now. */
    public int openStreams() {
        return streams.values().stream()
                .mapToInt(all -> (int)
                        Arrays.stream(all).filter(ConnectionStreams::takesInbox).count())
                .sum();
    }

    /** Streams of large groups that are being sent now. */
    public int openGroupStreams() {
        return groups.openStreams();
    }

    /** A message for one or a few. */
    public OutgoingMessage prepare(StoredMessage message) {
        return downlink.prepare(message);
    }

    @Override
    public Gathering gather() {
        return downlink.gather();
    }

    void delivered(DeviceKey device, StoredMessage message) {
        counters.increment(DeliveryCounter.ENTRIES_ACKNOWLEDGED);
        if (!message.sender().equals(device.uid())) {
            listener.delivered(device, message);
        }
    }

    void deliveredLive(long sentAtMillis) {
        listener.deliveredLive(sentAtMillis);
    }

    void push(EntryStream stream, Entry entry) {
        if (entry instanceof Entry.OfMessage message) {
            downlink.prepare(message.message()).pushTo(stream, message.seq());
        } else if (entry instanceof Entry.OfEvent event) {
            downlink.push(stream, event);
        }
    }

    List<ConnectionStreams> connectionsOf(String uid) {
        return List.of(streams.getOrDefault(uid, NOBODY));
    }

    /** All connections that do not take the inbox. */
    void withoutInbox(Consumer<ConnectionStreams> action) {
        for (ConnectionStreams[] ofUser : streams.values()) {
            for (ConnectionStreams connection : ofUser) {
                if (!connection.takesInbox()) {
                    action.accept(connection);
                }
            }
        }
    }

    /** Of the users with a connection here; they come and go meanwhile. */
    Iterable<String> usersHere() {
        return streams.keySet();
    }

    List<Long> inboxHeads(List<String> uids) {
        return inbox.heads(uids);
    }

    long inboxHead(String uid) {
        return inbox.head(uid);
    }

    GroupDelivery groups() {
        return groups;
    }

    InboxPage readPage(String uid, long afterSeq) {
        counters.increment(DeliveryCounter.INBOX_PAGES_READ);
        return inbox.read(uid, afterSeq, limits.pageEntriesMax(), limits.pageBytesMax());
    }

    void close(ConnectionKey connection) {
        downlink.close(connection, CloseReason.STORAGE_TROUBLE);
    }

    /**
     * Has something read for a connection.
     *
     * @throws java.util.concurrent.RejectedExecutionException too much waits for it
     */
    void read(ConnectionKey connection, Runnable work) {
        reads.execute(connection, work);
    }

    CursorBook cursors() {
        return cursors;
    }

    DeliveryLimits limits() {
        return limits;
    }

    DeliveryCounters counters() {
        return counters;
    }

    private static final ConnectionStreams[] NOBODY = {};

    private static ConnectionStreams[] added(ConnectionStreams[] present, ConnectionStreams added) {
        ConnectionStreams[] all =
                present == null ? new ConnectionStreams[1] : Arrays.copyOf(present, present.length + 1);
        all[all.length - 1] = added;
        return all;
    }

    private static ConnectionStreams[] removed(ConnectionStreams[] present, ConnectionStreams removed) {
        ConnectionStreams[] rest =
                Arrays.stream(present).filter(other -> other != removed).toArray(ConnectionStreams[]::new);
        return rest.length == 0 ? null : rest;
    }
}
