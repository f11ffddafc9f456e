package io.hongyan.im.core.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.group.GroupChange;
import io.hongyan.im.core.group.GroupChange.BecameLarge;
import io.hongyan.im.core.group.GroupChange.Created;
import io.hongyan.im.core.inbox.GroupSubscriptions.Subscription;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.message.SystemUser;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.send.History;
import io.hongyan.im.core.simulation.InMemoryStorage;
import io.hongyan.im.core.work.FairQueue;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** Streams of large groups over a storage in memory, on one thread; what blocks runs when the test says so. */
abstract class LargeGroupStreams {
    static final Conversation GROUP = Conversation.group("g");
    static final ConnectionKey NOBODY = new ConnectionKey("server", 0);
    static final DeviceRoom DEVICES_MAX = DeviceRoom.of(8);
    static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(5));

    io.hongyan.im.core.Storage storage = new InMemoryStorage().ports();
    final DeliveryCounters counters = new DeliveryCounters();
    final Queue<Runnable> blocking = new ArrayDeque<>();
    final List<Pushed> pushed = new ArrayList<>();
    final GroupCursorBook groupCursors = new GroupCursorBook(storage.groupCursors(), counters);
    DeliveryLimits limits = new DeliveryLimits(6, 1_000, 5, 1_000, 3, 2, 4);
    Delivery delivery = delivery();
    long connections;
    int messages;

    record Pushed(EntryStream stream, Entry entry) {}

    EntryStream theStream(ConnectionStreams connection) {
        StoredMessage probe = append("ann", null);
        announce(probe, NOBODY);
        EntryStream stream = pushed.stream()
                .filter(one -> one.stream().connection().equals(connection.connection()))
                .filter(one -> one.stream().group() != null)
                .findFirst()
                .orElseThrow()
                .stream();
        pushed.clear();
        return stream;
    }

    void group(String owner, String... others) {
        storage.users().ensure("cid");
        storage.users().ensure(owner);
        for (String other : others) {
            storage.users().ensure(other);
        }
        append(owner, new Created(owner, "name", true, 0, List.of(others)));
    }

    /** Entry 1 makes it, entry 2 makes it large. */
    void largeGroup(String owner, String... others) {
        group(owner, others);
        becomeLarge();
    }

    void becomeLarge() {
        StoredMessage message = append(SystemUser.UID, new BecameLarge());
        announceToInboxes(message);
        delivery.groupChanged(message, new BecameLarge());
        work();
    }

    void announceToInboxes(StoredMessage message) {
        storage.groups()
                .members("g", "", 100)
                .forEach(member -> delivery.announce(
                        member.uid(), storage.inbox().head(member.uid()), message, delivery.prepare(message), NOBODY));
    }

    void say(String uid) {
        announce(append(uid, null), NOBODY);
    }

    void change(String uid, GroupChange change) {
        StoredMessage message = append(uid, change);
        delivery.announceToGroup(message, delivery.prepare(message), NOBODY);
        delivery.groupChanged(message, change);
        work();
    }

    void announce(StoredMessage message, ConnectionKey origin) {
        delivery.announceToGroup(message, delivery.prepare(message), origin);
        work();
    }

    StoredMessage append(String uid, GroupChange change) {
        return appendTo(GROUP, uid, change);
    }

    StoredMessage appendTo(Conversation group, String uid, GroupChange change) {
        String id = change instanceof BecameLarge ? BecameLarge.CLIENT_MESSAGE_ID : "m" + ++messages;
        Draft draft = new Draft(group, uid, "ios:elsewhere", id, new byte[10], change);
        Appended appended = storage.log().append(List.of(draft), 5).get(0);
        assertThat(appended).isInstanceOf(Appended.Stored.class);
        return ((Appended.Stored) appended).message();
    }

    ConnectionStreams open(String uid) {
        return delivery.open(new ConnectionKey("gate", ++connections), new DeviceKey(uid, "ios:x"), 65_535);
    }

    /** With the streams of all large groups. */
    ConnectionStreams online(String uid) {
        storage.users().ensure(uid);
        ConnectionStreams connection = open(uid);
        connection.startGroups(group -> Subscription.TRACKED);
        delivery.beginGroups(connection, DEVICES_MAX);
        work();
        return connection;
    }

    /** With the inbox too. */
    ConnectionStreams withInbox(String uid) {
        ConnectionStreams connection = open(uid);
        connection.startInbox(true);
        delivery.beginInbox(connection, DEVICES_MAX);
        connection.startGroups(group -> Subscription.TRACKED);
        delivery.beginGroups(connection, DEVICES_MAX);
        work();
        return connection;
    }

    void acknowledge(ConnectionStreams connection, long seq) {
        List.copyOf(pushed).stream()
                .map(Pushed::stream)
                .filter(stream -> stream.connection().equals(connection.connection()) && stream.group() != null)
                .distinct()
                .forEach(stream -> stream.acknowledged(seq));
        work();
    }

    void work() {
        for (Runnable next = blocking.poll(); next != null; next = blocking.poll()) {
            next.run();
        }
    }

    List<Entry> entries(ConnectionStreams connection) {
        return pushed.stream()
                .filter(one -> one.stream().connection().equals(connection.connection()))
                .map(Pushed::entry)
                .toList();
    }

    List<Long> groupSeqs(ConnectionStreams connection) {
        return pushed.stream()
                .filter(one -> one.stream().connection().equals(connection.connection()))
                .filter(one -> one.stream().group() != null)
                .map(one -> one.entry().seq())
                .toList();
    }

    List<Long> inboxSeqs(ConnectionStreams connection) {
        return pushed.stream()
                .filter(one -> one.stream().connection().equals(connection.connection()))
                .filter(one -> one.stream().group() == null)
                .map(one -> one.entry().seq())
                .toList();
    }

    Delivery delivery() {
        History history = storage.history();
        GroupLog log = new GroupLog() {
            @Override
            public List<StoredMessage> read(Conversation group, long aboveSeq, int entriesMax, int bytesMax) {
                return history.read(group, aboveSeq, Long.MAX_VALUE, false, entriesMax, bytesMax);
            }

            @Override
            public boolean inInboxes(Conversation group, long seq) {
                return !storage.fanOut().isOpen(group, seq);
            }

            @Override
            public long head(Conversation group) {
                return history.head(group);
            }
        };
        DeliveryListener listener = new DeliveryListener() {
            @Override
            public void delivered(DeviceKey device, StoredMessage message) {}

            @Override
            public void sent(String uid, Conversation conversation, long seq, long ordinal) {}
        };
        return new Delivery(
                new Delivery.Stores(
                        storage.inbox(),
                        storage.groups(),
                        log,
                        new CursorBook(storage.devices(), CLOCK, counters),
                        groupCursors),
                new Recorder(),
                FairQueue.over(blocking::add),
                limits,
                listener,
                InboxListener.NONE,
                counters);
    }

    final class Recorder implements Downlink {
        @Override
        public OutgoingMessage prepare(StoredMessage message) {
            return (stream, seq) -> pushed.add(new Pushed(stream, new Entry.OfMessage(seq, message)));
        }

        @Override
        public Gathering gather() {
            return new HeldPushes(this::prepare);
        }

        @Override
        public void push(EntryStream stream, Entry.OfEvent entry) {
            pushed.add(new Pushed(stream, entry));
        }

        @Override
        public boolean notice(ConnectionKey connection, Notice notice) {
            return true;
        }

        @Override
        public void close(ConnectionKey connection, CloseReason reason) {
            throw new AssertionError("closed: " + reason);
        }
    }
}
