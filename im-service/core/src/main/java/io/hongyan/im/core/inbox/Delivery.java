package io.hongyan.im.core.inbox;

import io.hongyan.im.core.inbox.Downlink.OutgoingMessage;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.metrics.MessagingCounters;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * Brings stored entries to the connected devices: knows which connections take which inbox and tells each of their
 * streams what was stored. The truth is the inbox; a stream that was not told catches up from it.
 */
public final class Delivery {
    private final Inbox inbox;
    private final Downlink downlink;
    private final Executor blocking;
    private final CursorBook cursors;
    private final DeliveryLimits limits;
    private final DeliveryListener listener;
    private final MessagingCounters counters;
    private final InboxListener inboxListener;

    /** uid → streams; the arrays are never changed. */
    private final Map<String, InboxStream[]> streams = new ConcurrentHashMap<>();

    public Delivery(
            Inbox inbox,
            Downlink downlink,
            Executor blocking,
            CursorBook cursors,
            DeliveryLimits limits,
            DeliveryListener listener,
            MessagingCounters counters) {
        this(inbox, downlink, blocking, cursors, limits, listener, counters, InboxListener.NONE);
    }

    public Delivery(
            Inbox inbox,
            Downlink downlink,
            Executor blocking,
            CursorBook cursors,
            DeliveryLimits limits,
            DeliveryListener listener,
            MessagingCounters counters,
            InboxListener inboxListener) {
        this.inbox = inbox;
        this.downlink = downlink;
        this.blocking = blocking;
        this.cursors = cursors;
        this.limits = limits;
        this.listener = listener;
        this.counters = counters;
        this.inboxListener = inboxListener;
    }

    /**
     * A stream that sends nothing yet.
     *
     * @param tracked whether the client's acknowledgements move the device's cursor
     * @param receiveMaximum unacknowledged entries the client takes
     */
    public InboxStream create(ConnectionKey connection, DeviceKey device, int receiveMaximum, boolean tracked) {
        return new InboxStream(this, connection, device, receiveMaximum, tracked);
    }

    /**
     * From now on the stream learns what is stored, of the sends of its connection too; it sends nothing before
     * {@link #begin}.
     */
    public void register(InboxStream stream) {
        streams.compute(stream.device().uid(), (uid, present) -> added(present, stream));
        if (stream.stopped()) {
            // Closed before it was registered: nobody else takes it out again.
            close(stream);
        }
    }

    /**
     * Starts to send the inbox of a registered stream: what is stored after it was registered is announced, what was
     * stored before is read. Blocks.
     *
     * @param devicesMax devices kept per user
     */
    public void begin(InboxStream stream, int devicesMax) {
        try {
            stream.begin(cursors.startingPoint(stream.device(), devicesMax));
        } catch (RuntimeException trouble) {
            close(stream);
            throw trouble;
        }
    }

    /** Ends a stream; harmless for one that never began. */
    public void close(InboxStream stream) {
        stream.stop();
        streams.computeIfPresent(stream.device().uid(), (uid, present) -> removed(present, stream));
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
            listener.sent(uid, message.conversation(), message.seq());
        } else {
            inboxListener.announced(uid, inboxSeq);
        }
        InboxStream[] receivers = streams.get(uid);
        if (receivers == null) {
            return;
        }
        Entry.OfMessage entry = new Entry.OfMessage(inboxSeq, message);
        for (InboxStream stream : receivers) {
            stream.announced(entry, outgoing, sender && stream.connection().equals(origin));
        }
    }

    /** An event has been stored in this user's inbox. */
    public void announce(String uid, Entry.OfEvent entry) {
        for (InboxStream stream : streams.getOrDefault(uid, NOBODY)) {
            stream.announced(entry);
        }
    }

    /** Something may have been stored for this user that was not announced. */
    public void refresh(String uid) {
        for (InboxStream stream : streams.getOrDefault(uid, NOBODY)) {
            stream.refresh();
        }
    }

    /** Streams that take what is stored now. */
    public int openStreams() {
        return streams.values().stream().mapToInt(all -> all.length).sum();
    }

    public OutgoingMessage prepare(StoredMessage message) {
        return downlink.prepare(message);
    }

    void delivered(String uid, StoredMessage message) {
        counters.entriesAcknowledged.increment();
        if (!message.sender().equals(uid)) {
            listener.delivered(uid, message.conversation(), message.seq());
        }
    }

    void push(ConnectionKey connection, Entry entry) {
        if (entry instanceof Entry.OfMessage message) {
            downlink.prepare(message.message()).pushTo(connection, message.seq());
        } else if (entry instanceof Entry.OfEvent event) {
            downlink.push(connection, event);
        }
    }

    InboxPage readPage(String uid, long afterSeq) {
        counters.inboxPagesRead.increment();
        return inbox.read(uid, afterSeq, limits.pageEntriesMax(), limits.pageBytesMax());
    }

    void close(ConnectionKey connection) {
        downlink.close(connection, CloseReason.STORAGE_TROUBLE);
    }

    Executor blocking() {
        return blocking;
    }

    CursorBook cursors() {
        return cursors;
    }

    DeliveryLimits limits() {
        return limits;
    }

    MessagingCounters counters() {
        return counters;
    }

    private static final InboxStream[] NOBODY = {};

    private static InboxStream[] added(InboxStream[] present, InboxStream stream) {
        InboxStream[] all = present == null ? new InboxStream[1] : Arrays.copyOf(present, present.length + 1);
        all[all.length - 1] = stream;
        return all;
    }

    private static InboxStream[] removed(InboxStream[] present, InboxStream stream) {
        InboxStream[] rest =
                Arrays.stream(present).filter(other -> other != stream).toArray(InboxStream[]::new);
        return rest.length == 0 ? null : rest;
    }
}
