package io.hongyan.im.core.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.group.GroupChange;
import io.hongyan.im.core.group.GroupChange.BecameLarge;
import io.hongyan.im.core.group.GroupChange.Created;
import io.hongyan.im.core.group.GroupChange.Left;
import io.hongyan.im.core.group.GroupChange.MembersAdded;
import io.hongyan.im.core.group.GroupChange.MembersRemoved;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.inbox.GroupInterest.Wish;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.message.SystemUser;
import io.hongyan.im.core.metrics.MessagingCounters;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.send.FanOutLog;
import io.hongyan.im.core.simulation.InMemoryStorage;
import io.hongyan.im.core.sync.History;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams of large groups over a storage in memory, on one thread; what blocks runs when the test says so. */
@Timeout(20)
final class GroupStreamsTest {
    private static final Conversation GROUP = Conversation.group("g");
    private static final ConnectionKey NOBODY = new ConnectionKey("server", 0);
    private static final int DEVICES_MAX = 8;
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(5));

    private io.hongyan.im.core.Storage storage = new InMemoryStorage().ports();
    private final MessagingCounters counters = new MessagingCounters();
    private final Queue<Runnable> blocking = new ArrayDeque<>();
    private final List<Pushed> pushed = new ArrayList<>();
    private final GroupCursorBook groupCursors = new GroupCursorBook(storage.groupCursors(), counters);
    private DeliveryLimits limits = new DeliveryLimits(6, 1_000, 5, 1_000, 3, 2, 4);
    private Delivery delivery = delivery();
    private long connections;
    private int messages;

    private record Pushed(EntryStream stream, Entry entry) {}

    @Test
    void membersAreSentWhatIsStoredAfterTheGroupBecameLarge() {
        largeGroup("ann", "bob");
        ConnectionStreams bob = online("bob");
        say("ann");
        say("ann");
        assertThat(groupSeqs(bob)).containsExactly(3L, 4L);
        assertThat(delivery.openGroupStreams()).isEqualTo(1);
        delivery.close(bob);
        assertThat(delivery.openGroupStreams()).isZero();
    }

    @Test
    void theSendingConnectionIsNotSentItsOwnEntryButItsOtherDevicesAre() {
        largeGroup("ann", "bob");
        ConnectionStreams phone = online("ann");
        ConnectionStreams tablet = online("ann");
        announce(append("ann", null), phone.connection());
        assertThat(groupSeqs(phone)).isEmpty();
        assertThat(groupSeqs(tablet)).containsExactly(3L);
    }

    @Test
    void aDeviceThatComesBackGoesOnAfterItsCursor() {
        largeGroup("ann", "bob");
        ConnectionStreams bob = online("bob");
        say("ann");
        say("ann");
        acknowledge(bob, 3);
        delivery.close(bob);
        say("ann");
        assertThat(groupSeqs(online("bob"))).containsExactly(4L, 5L);
        groupCursors.flush();
        delivery = delivery();
        assertThat(groupSeqs(online("bob"))).containsExactly(4L, 5L);
    }

    @Test
    void whatIsOlderThanTheBacklogIsLeftToHistory() {
        largeGroup("ann", "bob");
        LongStream.rangeClosed(3, 12).forEach(seq -> say("ann"));
        ConnectionStreams bob = online("bob");
        assertThat(entries(bob).get(0)).isEqualTo(new Entry.OfEvent(8, new Event.Trimmed(9)));
        assertThat(groupSeqs(bob)).containsExactly(8L, 9L, 10L, 11L, 12L);
    }

    @Test
    void aMemberThatIsRemovedIsSentThatAndNothingAfter() {
        largeGroup("ann", "bob");
        ConnectionStreams bob = online("bob");
        say("ann");
        change("ann", new MembersRemoved(List.of("bob")));
        say("ann");
        acknowledge(bob, 4);
        say("ann");
        assertThat(groupSeqs(bob)).containsExactly(3L, 4L);
        assertThat(delivery.openGroupStreams()).isZero();
    }

    @Test
    void aRemovalThatWasNotAnnouncedYetEndsWhatIsRead() {
        largeGroup("ann", "bob");
        append("ann", null);
        append("ann", new MembersRemoved(List.of("bob")));
        append("ann", null);
        assertThat(groupSeqs(online("bob"))).as("not a member any more").isEmpty();
        storage.devices().register(new DeviceKey("bob", "ios:x"), DEVICES_MAX, 5);
        storage.groupCursors().move(List.of(new GroupCursors.GroupCursorMove(new DeviceKey("bob", "ios:x"), "g", 2)));
        ConnectionStreams bob = online("bob");
        assertThat(groupSeqs(bob)).containsExactly(3L, 4L);
        acknowledge(bob, 4);
        groupCursors.flush();
        assertThat(storage.groupCursors().find(new DeviceKey("bob", "ios:x"))).isEmpty();
    }

    @Test
    void whoComesBackIntoTheGroupGoesOnWithTheOwnJoining() {
        largeGroup("ann", "bob");
        ConnectionStreams bob = online("bob");
        change("bob", new Left());
        say("ann");
        change("ann", new MembersAdded(List.of("bob")));
        say("ann");
        acknowledge(bob, 3);
        assertThat(groupSeqs(bob)).containsExactly(3L, 5L, 6L);
    }

    @Test
    void whoWasAwayWhileLeavingAndComingBackGoesOnWhereTheDeviceHasStopped() {
        limits = new DeliveryLimits(6, 1_000, 5, 1_000, 3);
        delivery = delivery();
        largeGroup("ann", "bob");
        ConnectionStreams bob = online("bob");
        say("ann");
        acknowledge(bob, 3);
        delivery.close(bob);
        say("ann");
        append("bob", new Left());
        say("ann");
        append("ann", new MembersAdded(List.of("bob")));
        append("ann", new MembersRemoved(List.of("bob")));
        say("ann");
        append("ann", new MembersAdded(List.of("bob")));
        pushed.clear();
        bob = online("bob");
        assertThat(groupSeqs(bob)).containsExactly(4L, 5L);
        acknowledge(bob, 5);
        assertThat(groupSeqs(bob)).containsExactly(4L, 5L, 7L, 8L);
        acknowledge(bob, 8);
        assertThat(groupSeqs(bob)).containsExactly(4L, 5L, 7L, 8L, 10L);
    }

    @Test
    void whoCameInWithoutAnAnnouncementIsSentTheStreamWhenToldToLook() {
        largeGroup("ann", "bob");
        ConnectionStreams cid = withInbox("cid");
        append("ann", new MembersAdded(List.of("cid")));
        delivery.beginGroup("cid", "g");
        delivery.beginGroup("cid", "g");
        work();
        assertThat(groupSeqs(cid)).containsExactly(3L);
        assertThat(delivery.openGroupStreams()).isEqualTo(1);
    }

    @Test
    void aStreamWaitsUntilTheChangeToLargeHasComeToAllInboxes() {
        storage = new InMemoryStorage(new GroupLimits(10, 10, 10, 1, 1, 500, 10, 10)).ports();
        delivery = delivery();
        group("ann", "bob");
        append(SystemUser.UID, new BecameLarge());
        append("ann", null);
        ConnectionStreams bob = withInbox("bob");
        assertThat(groupSeqs(bob)).isEmpty();
        FanOutLog fanOut = storage.fanOut();
        for (FanOutLog.Marker marker : List.of(new FanOutLog.Marker(GROUP, 1), new FanOutLog.Marker(GROUP, 2))) {
            fanOut.advance(List.of(marker), "worker", 1, 5, 5);
            fanOut.advance(List.of(marker), "worker", 1, 5, 5);
        }
        delivery.refresh("bob");
        delivery.beginGroup("bob", "g");
        work();
        assertThat(inboxSeqs(bob)).containsExactly(1L, 2L);
        assertThat(groupSeqs(bob)).isEmpty();
        bob.inboxAcknowledgedByClient(2);
        work();
        assertThat(groupSeqs(bob)).containsExactly(3L);
    }

    @Test
    void whatWasSentBeforeTheOwnStreamBeganIsNotPushedByItEither() {
        group("ann", "bob");
        ConnectionStreams ann = withInbox("ann");
        becomeLarge();
        StoredMessage own = append("ann", null);
        announce(own, ann.connection());
        ann.sentByStream(GROUP, own.seq());
        say("bob");
        assertThat(groupSeqs(ann)).isEmpty();
        ann.inboxAcknowledgedByClient(2);
        work();
        assertThat(groupSeqs(ann)).containsExactly(4L);
    }

    @Test
    void ofOwnSendsForStreamsThatHaveNotBegunTheNewestAreRemembered() {
        GroupStreams streams = new GroupStreams(new DeliveryWindow(65_535, limits));
        LongStream.rangeClosed(1, GroupStreams.OWN_SENDS_MAX + 3L).forEach(seq -> streams.noteOwnSend("g", seq));
        assertThat(streams.takeOwnSends("other")).isEmpty();
        assertThat(streams.takeOwnSends("g"))
                .hasSize(GroupStreams.OWN_SENDS_MAX)
                .startsWith(4L);
        assertThat(streams.takeOwnSends("g")).isEmpty();
    }

    @Test
    void aNewMemberThatIsOnlineIsSentTheOwnJoiningAndWhatFollows() {
        largeGroup("ann", "bob");
        say("ann");
        ConnectionStreams cid = online("cid");
        change("ann", new MembersAdded(List.of("cid")));
        say("ann");
        assertThat(groupSeqs(cid)).containsExactly(4L, 5L);
    }

    @Test
    void theStreamBeginsOnceTheDeviceHasReadInItsInboxThatTheGroupIsLarge() {
        group("ann", "bob");
        ConnectionStreams bob = withInbox("bob");
        announceToInboxes(append("ann", null));
        becomeLarge();
        say("ann");
        assertThat(groupSeqs(bob)).isEmpty();
        bob.inboxAcknowledgedByClient(2);
        work();
        assertThat(groupSeqs(bob)).isEmpty();
        bob.inboxAcknowledgedByClient(3);
        work();
        assertThat(groupSeqs(bob)).containsExactly(4L);
    }

    @Test
    void aDeviceThatComesBackReadsItsInboxBeforeTheStream() {
        group("ann", "bob");
        becomeLarge();
        say("ann");
        ConnectionStreams bob = withInbox("bob");
        assertThat(groupSeqs(bob)).isEmpty();
        bob.inboxAcknowledgedByClient(2);
        work();
        assertThat(groupSeqs(bob)).containsExactly(3L);
    }

    @Test
    void allStreamsOfAConnectionShareItsWindowAndTakeTurns() {
        limits = new DeliveryLimits(2, 1_000, 5, 1_000, 3);
        delivery = delivery();
        largeGroup("ann", "bob");
        ConnectionStreams bob = withInbox("bob");
        bob.inboxAcknowledgedByClient(2);
        work();
        pushed.clear();
        for (int i = 0; i < 3; i++) {
            say("ann");
        }
        storage.log()
                .append(List.of(new Draft(Conversation.direct("ann", "bob"), "ann", "ios:x", "d", new byte[10])), 5);
        delivery.refresh("bob");
        work();
        assertThat(groupSeqs(bob)).containsExactly(3L, 4L);
        assertThat(inboxSeqs(bob)).isEmpty();
        acknowledge(bob, 3);
        acknowledge(bob, 4);
        assertThat(inboxSeqs(bob)).containsExactly(3L);
        assertThat(groupSeqs(bob)).containsExactly(3L, 4L, 5L);
    }

    @Test
    void noMoreStreamsThanTheLimit() {
        for (String group : List.of("g1", "g2", "g3")) {
            storage.users().ensure("ann");
            appendTo(Conversation.group(group), "ann", new Created("ann", "n", true, 0, List.of()));
            appendTo(Conversation.group(group), SystemUser.UID, new BecameLarge());
        }
        online("ann");
        assertThat(delivery.openGroupStreams()).isEqualTo(2);
    }

    @Test
    void aGroupThatIsNotWantedIsNotSentAndOneWithoutAcknowledgementsMovesNoCursor() {
        largeGroup("ann", "bob");
        ConnectionStreams none = open("bob");
        none.startGroups(group -> Wish.NOTHING);
        delivery.beginGroups(none, DEVICES_MAX);
        ConnectionStreams untracked = open("bob");
        untracked.startGroups(group -> Wish.UNTRACKED);
        delivery.beginGroups(untracked, DEVICES_MAX);
        work();
        say("ann");
        acknowledge(untracked, 3);
        assertThat(groupSeqs(none)).isEmpty();
        assertThat(groupSeqs(untracked)).containsExactly(3L);
        groupCursors.flush();
        assertThat(storage.groupCursors().find(new DeviceKey("bob", "ios:x"))).isEmpty();
    }

    @Test
    void acknowledgementsOfAStreamThatWasStoppedMoveNoCursor() {
        largeGroup("ann", "bob");
        ConnectionStreams bob = online("bob");
        say("ann");
        EntryStream old = pushed.get(0).stream();
        bob.startGroups(group -> Wish.UNTRACKED);
        delivery.beginGroups(bob, DEVICES_MAX);
        work();
        old.acknowledged(3);
        groupCursors.flush();
        assertThat(storage.groupCursors().find(new DeviceKey("bob", "ios:x"))).isEmpty();
    }

    @Test
    void nothingOvertakesWhatIsHeldBackForManyReceivers() {
        largeGroup("ann", "bob");
        ConnectionStreams bob = withInbox("bob");
        bob.inboxAcknowledgedByClient(2);
        work();
        pushed.clear();
        GroupStream stream = (GroupStream) theStream(bob);
        StoredMessage message = append("ann", null);
        Downlink.Gathering gathering = delivery.gather();
        bob.announced(stream, new Entry.OfMessage(4, message), gathering.add(message), false);
        assertThat(pushed).isEmpty();
        delivery.announce("bob", new Entry.OfEvent(3, new Event.ReadUpTo(GROUP, 1)));
        assertThat(pushed).extracting(one -> one.entry().seq()).containsExactly(4L, 3L);
        assertThat(pushed.get(0).stream()).isSameAs(stream);
        gathering.flush();
        assertThat(pushed).hasSize(2);
    }

    private EntryStream theStream(ConnectionStreams connection) {
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

    private void group(String owner, String... others) {
        storage.users().ensure("cid");
        storage.users().ensure(owner);
        for (String other : others) {
            storage.users().ensure(other);
        }
        append(owner, new Created(owner, "name", true, 0, List.of(others)));
    }

    /** Entry 1 makes it, entry 2 makes it large. */
    private void largeGroup(String owner, String... others) {
        group(owner, others);
        becomeLarge();
    }

    private void becomeLarge() {
        StoredMessage message = append(SystemUser.UID, new BecameLarge());
        announceToInboxes(message);
        delivery.groupChanged(message, new BecameLarge());
        work();
    }

    private void announceToInboxes(StoredMessage message) {
        storage.groups()
                .members("g", "", 100)
                .forEach(member -> delivery.announce(
                        member.uid(), storage.inbox().head(member.uid()), message, delivery.prepare(message), NOBODY));
    }

    private void say(String uid) {
        announce(append(uid, null), NOBODY);
    }

    private void change(String uid, GroupChange change) {
        StoredMessage message = append(uid, change);
        delivery.announceToGroup(message, delivery.prepare(message), NOBODY);
        delivery.groupChanged(message, change);
        work();
    }

    private void announce(StoredMessage message, ConnectionKey origin) {
        delivery.announceToGroup(message, delivery.prepare(message), origin);
        work();
    }

    private StoredMessage append(String uid, GroupChange change) {
        return appendTo(GROUP, uid, change);
    }

    private StoredMessage appendTo(Conversation group, String uid, GroupChange change) {
        String id = change instanceof BecameLarge ? BecameLarge.CLIENT_MESSAGE_ID : "m" + ++messages;
        Draft draft = new Draft(group, uid, "ios:elsewhere", id, new byte[10], change);
        Appended appended = storage.log().append(List.of(draft), 5).get(0);
        assertThat(appended).isInstanceOf(Appended.Stored.class);
        return ((Appended.Stored) appended).message();
    }

    private ConnectionStreams open(String uid) {
        return delivery.open(new ConnectionKey("gate", ++connections), new DeviceKey(uid, "ios:x"), 65_535);
    }

    /** With the streams of all large groups. */
    private ConnectionStreams online(String uid) {
        storage.users().ensure(uid);
        ConnectionStreams connection = open(uid);
        connection.startGroups(group -> Wish.TRACKED);
        delivery.beginGroups(connection, DEVICES_MAX);
        work();
        return connection;
    }

    /** With the inbox too. */
    private ConnectionStreams withInbox(String uid) {
        ConnectionStreams connection = open(uid);
        connection.startInbox(true);
        delivery.beginInbox(connection, DEVICES_MAX);
        connection.startGroups(group -> Wish.TRACKED);
        delivery.beginGroups(connection, DEVICES_MAX);
        work();
        return connection;
    }

    private void acknowledge(ConnectionStreams connection, long seq) {
        List.copyOf(pushed).stream()
                .map(Pushed::stream)
                .filter(stream -> stream.connection().equals(connection.connection()) && stream.group() != null)
                .distinct()
                .forEach(stream -> stream.acknowledged(seq));
        work();
    }

    private void work() {
        for (Runnable next = blocking.poll(); next != null; next = blocking.poll()) {
            next.run();
        }
    }

    private List<Entry> entries(ConnectionStreams connection) {
        return pushed.stream()
                .filter(one -> one.stream().connection().equals(connection.connection()))
                .map(Pushed::entry)
                .toList();
    }

    private List<Long> groupSeqs(ConnectionStreams connection) {
        return pushed.stream()
                .filter(one -> one.stream().connection().equals(connection.connection()))
                .filter(one -> one.stream().group() != null)
                .map(one -> one.entry().seq())
                .toList();
    }

    private List<Long> inboxSeqs(ConnectionStreams connection) {
        return pushed.stream()
                .filter(one -> one.stream().connection().equals(connection.connection()))
                .filter(one -> one.stream().group() == null)
                .map(one -> one.entry().seq())
                .toList();
    }

    private Delivery delivery() {
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
            public void sent(String uid, Conversation conversation, long seq) {}
        };
        return new Delivery(
                storage.inbox(),
                storage.groups(),
                log,
                new Recorder(),
                blocking::add,
                new CursorBook(storage.devices(), CLOCK, counters),
                groupCursors,
                limits,
                listener,
                counters,
                InboxListener.NONE);
    }

    private final class Recorder implements Downlink {
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
