package io.hongyan.im.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.Storage;
import io.hongyan.im.core.feed.EventDraft;
import io.hongyan.im.core.feed.EventLog;
import io.hongyan.im.core.feed.FeedStorage;
import io.hongyan.im.core.inbox.CloseReason;
import io.hongyan.im.core.inbox.Device;
import io.hongyan.im.core.inbox.DeviceRoom;
import io.hongyan.im.core.inbox.Devices;
import io.hongyan.im.core.inbox.Downlink;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.EntryStream;
import io.hongyan.im.core.inbox.HeldPushes;
import io.hongyan.im.core.inbox.Inbox;
import io.hongyan.im.core.inbox.InboxPage;
import io.hongyan.im.core.inbox.KeptSession;
import io.hongyan.im.core.inbox.Notice;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.PartialResult;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Appended.InboxPosition;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.send.History;
import io.hongyan.im.core.send.MessageLog;
import io.hongyan.im.core.session.OnlineSession;
import io.hongyan.im.core.session.SessionDirectory;
import io.hongyan.im.core.sync.ConversationList;
import io.hongyan.im.core.sync.ConversationList.Item;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A checker that finds nothing proves nothing: each of these breaks one promise on purpose and must be found out. */
@Timeout(120)
class CheckerTest {
    private static final int SEEDS_MAX = 40;
    private static final int ACTIONS = 240;

    @Test
    void acknowledgingBeforeStoringIsNoticed() {
        mustBreak(
                "P1",
                storage -> Breakage.ofStorage(withLog(log -> (batch, nowMillis) -> {
                    try {
                        return log.append(batch, nowMillis);
                    } catch (StorageException trouble) {
                        return batch.stream()
                                .map(draft -> invented(draft, storage, nowMillis))
                                .toList();
                    }
                })));
    }

    private static Appended invented(Draft draft, InMemoryStorage storage, long nowMillis) {
        long seq = storage.head(draft.conversation()) + 1;
        StoredMessage message = new StoredMessage(
                draft.conversation(),
                seq,
                seq,
                draft.sender(),
                draft.senderDevice(),
                draft.clientMessageId(),
                nowMillis,
                draft.content());
        return new Appended.Stored(
                message, List.of(new InboxPosition(draft.sender(), storage.head(draft.sender()) + 1)));
    }

    @Test
    void storingAResentMessageAgainIsNoticed() {
        mustBreak(
                "P2",
                storage -> Breakage.ofStorage(withLog(log -> (batch, nowMillis) -> {
                    storage.forgetWhatWasSent();
                    return log.append(batch, nowMillis);
                })));
    }

    @Test
    void numberingABatchInAnotherOrderIsNoticed() {
        mustBreak(
                "P3",
                storage -> Breakage.ofStorage(withLog(log -> (batch, nowMillis) -> {
                    List<Draft> swapped = new ArrayList<>(batch);
                    Collections.reverse(swapped);
                    List<Appended> results = new ArrayList<>(log.append(swapped, nowMillis));
                    Collections.reverse(results);
                    return results;
                })));
    }

    @Test
    void forgettingTheCursorIsNoticed() {
        mustBreak(
                "P4",
                storage -> Breakage.ofStorage(withDevices(devices -> new OtherDevices(
                        devices, key -> devices.find(key).map(device -> new Device(device.key(), 0, device.kept()))))));
    }

    @Test
    void countingChangesOfGroupsIsNoticed() {
        mustBreak("unread", storage -> {
            storage.countChanges();
            return Breakage.NONE;
        });
    }

    @Test
    void readMarkWithoutItsOrdinalIsNoticed() {
        mustBreak(
                "unread",
                storage -> Breakage.ofStorage(ports -> ports.with(History.class, new Uncounted(ports.history()))));
    }

    @Test
    void listOfChangesWithoutTheFirstOneIsNoticed() {
        mustBreak(
                "unread",
                storage -> Breakage.ofStorage(withLists(
                        items -> items.subList(Math.min(1, items.size()), items.size()), asked -> asked)));
    }

    @Test
    void listByNameWithoutTheFirstOneIsNoticed() {
        mustBreak(
                "unread",
                storage -> Breakage.ofStorage(withLists(items -> items, asked -> asked.subList(1, asked.size()))));
    }

    @Test
    void cursorThatRunsAheadIsNoticed() {
        mustBreak(
                "P4",
                storage -> Breakage.ofStorage(withDevices(devices -> new OtherDevices(
                        devices,
                        key -> devices.find(key)
                                .map(device -> new Device(device.key(), device.cursor() + 1, device.kept()))))));
    }

    @Test
    void cursorThatIsNeverStoredIsNoticed() {
        mustBreak(
                "P4",
                storage -> Breakage.ofStorage(withDevices(devices -> new OtherDevices(devices, devices::find) {
                    @Override
                    public PartialResult<CursorMove> moveCursors(Collection<CursorMove> moves, long nowMillis) {
                        // As if it were done.
                        return PartialResult.complete();
                    }
                })));
    }

    @Test
    void pageThatLeavesOutEntriesAsIfTrimmedIsNoticed() {
        mustBreak(
                "P4",
                storage -> Breakage.ofStorage(withInbox(inbox -> new Inbox() {
                    @Override
                    public InboxPage read(String uid, long afterSeq, int entriesMax, int bytesMax) {
                        InboxPage page = inbox.read(uid, afterSeq, entriesMax, bytesMax);
                        List<Entry> entries = page.entries();
                        return entries.size() < 2
                                ? page
                                : new InboxPage(
                                        entries.subList(1, entries.size()),
                                        page.headSeq(),
                                        entries.get(1).seq());
                    }

                    @Override
                    public long head(String uid) {
                        return inbox.head(uid);
                    }
                })));
    }

    @Test
    void deliveringInAnotherOrderIsNoticed() {
        mustBreak("P4", storage -> Breakage.ofDownlink(SwappingDownlink::new));
    }

    @Test
    void lettingTheOlderLoginStayIsNoticed() {
        mustBreak(
                "P5",
                storage -> Breakage.ofDirectory(directory -> new OtherDirectory(directory) {
                    @Override
                    public List<OnlineSession> claim(OnlineSession newcomer, int perClassMax) {
                        directory.claim(newcomer, perClassMax);
                        return List.of();
                    }
                }));
    }

    @Test
    void kickingWithoutAWordIsNoticed() {
        mustBreak(
                "P5",
                storage -> Breakage.ofDownlink(downlink -> new OtherDownlink(downlink) {
                    @Override
                    public boolean notice(ConnectionKey connection, Notice notice) {
                        // Not a word.
                        return true;
                    }
                }));
    }

    @Test
    void losingReceiptsIsNoticed() {
        mustBreak(
                "receipts",
                storage -> Breakage.ofDownlink(downlink -> new OtherDownlink(downlink) {
                    @Override
                    public boolean notice(ConnectionKey connection, Notice notice) {
                        return notice instanceof Notice.Receipt || downlink.notice(connection, notice);
                    }
                }));
    }

    @Test
    void losingEventsOfSessionsIsNoticed() {
        mustBreak("P8", storage -> Breakage.ofStorage(ports -> ports.with(FeedStorage.class, forgetful(ports.feed()))));
    }

    private static FeedStorage forgetful(FeedStorage feed) {
        EventLog events = feed.events();
        EventLog lossy = new EventLog() {
            @Override
            public void append(List<EventDraft> batch) {
                events.append(batch.subList(0, Math.min(3, batch.size())));
            }

            @Override
            public long trim(long olderThanMillis, long eventsMax, boolean unsentKept) {
                return events.trim(olderThanMillis, eventsMax, unsentKept);
            }

            @Override
            public long trimMessages(long olderThanMillis, boolean unsentKept) {
                return events.trimMessages(olderThanMillis, unsentKept);
            }
        };
        return new FeedStorage(lossy, feed.feed(), feed.partitions());
    }

    @Test
    void sendingTwiceWhatTheWindowAllowsIsNoticed() {
        mustBreak(
                "P7",
                storage -> Breakage.ofDownlink(downlink -> new OtherDownlink(downlink) {
                    @Override
                    public OutgoingMessage prepare(StoredMessage message) {
                        OutgoingMessage outgoing = super.prepare(message);
                        return (stream, seq) -> {
                            outgoing.pushTo(stream, seq);
                            outgoing.pushTo(stream, seq);
                        };
                    }
                }));
    }

    /** Some schedule among the first ones must show a violation of that promise. */
    static void mustBreak(String promise, Function<InMemoryStorage, Breakage> breakage) {
        List<String> others = new ArrayList<>();
        for (long seed = 1; seed <= SEEDS_MAX; seed++) {
            List<String> violations = Simulation.run(seed, ACTIONS, breakage).violations();
            if (violations.stream().anyMatch(violation -> violation.startsWith(promise))) {
                return;
            }
            others.addAll(violations);
        }
        assertThat(others)
                .as("no violation of %s in %d schedules", promise, SEEDS_MAX)
                .anyMatch(violation -> violation.startsWith(promise));
    }

    private static UnaryOperator<Storage> withLog(UnaryOperator<MessageLog> decorator) {
        return ports -> ports.with(MessageLog.class, decorator.apply(ports.log()));
    }

    private static UnaryOperator<Storage> withInbox(UnaryOperator<Inbox> decorator) {
        return ports -> ports.with(Inbox.class, decorator.apply(ports.inbox()));
    }

    private static UnaryOperator<Storage> withDevices(UnaryOperator<Devices> decorator) {
        return ports -> ports.with(Devices.class, decorator.apply(ports.devices()));
    }

    /** Others than asked for. */
    private static UnaryOperator<Storage> withLists(
            UnaryOperator<List<Item>> changed, UnaryOperator<List<Conversation>> named) {
        return ports -> ports.with(ConversationList.class, new ConversationList() {
            @Override
            public Page list(String uid, long afterInboxSeq, String page, int limit, int bytesMax) {
                Page given = ports.conversations().list(uid, afterInboxSeq, page, limit, bytesMax);
                boolean whole = afterInboxSeq == 0 || page != null;
                return whole ? given : new Page(changed.apply(given.items()), given.inboxHead(), given.next());
            }

            @Override
            public Some only(String uid, List<Conversation> asked, int bytesMax) {
                Some some = ports.conversations().only(uid, named.apply(asked), bytesMax);
                return new Some(some.items(), asked.size());
            }
        });
    }

    private static class OtherDevices implements Devices {
        private final Devices inner;
        private final Function<DeviceKey, Optional<Device>> finding;

        OtherDevices(Devices inner, Function<DeviceKey, Optional<Device>> finding) {
            this.inner = inner;
            this.finding = finding;
        }

        @Override
        public Optional<Device> find(DeviceKey key) {
            return finding.apply(key);
        }

        @Override
        public Device register(DeviceKey key, DeviceRoom room, long nowMillis) {
            return inner.register(key, room, nowMillis);
        }

        @Override
        public PartialResult<CursorMove> moveCursors(Collection<CursorMove> moves, long nowMillis) {
            return inner.moveCursors(moves, nowMillis);
        }

        @Override
        public List<Known> all(String uid, int devicesMax) {
            return inner.all(uid, devicesMax);
        }

        @Override
        public void keepSession(DeviceKey key, KeptSession session, DeviceRoom room, long nowMillis) {
            inner.keepSession(key, session, room, nowMillis);
        }
    }

    /** Takes every entry for the first one that counts. */
    private record Uncounted(History inner) implements History {
        @Override
        public List<StoredMessage> read(
                Conversation conversation, long above, long below, boolean newest, int messagesMax, int bytesMax) {
            return inner.read(conversation, above, below, newest, messagesMax, bytesMax);
        }

        @Override
        public long head(Conversation conversation) {
            return inner.head(conversation);
        }

        @Override
        public Position position(Conversation conversation, long seq) {
            return new Position(inner.position(conversation, seq).seq(), 1);
        }
    }

    private static class OtherDownlink implements Downlink {
        private final Downlink inner;

        OtherDownlink(Downlink inner) {
            this.inner = inner;
        }

        @Override
        public OutgoingMessage prepare(StoredMessage message) {
            return inner.prepare(message);
        }

        @Override
        public Gathering gather() {
            return new HeldPushes(this::prepare);
        }

        @Override
        public void push(EntryStream stream, Entry.OfEvent entry) {
            inner.push(stream, entry);
        }

        @Override
        public boolean notice(ConnectionKey connection, Notice notice) {
            return inner.notice(connection, notice);
        }

        @Override
        public void close(ConnectionKey connection, CloseReason reason) {
            inner.close(connection, reason);
        }
    }

    /** Holds back every seventh message of a connection until the next one has gone. */
    private static final class SwappingDownlink extends OtherDownlink {
        private final Map<ConnectionKey, Runnable> heldBack = new HashMap<>();
        private int count;

        SwappingDownlink(Downlink inner) {
            super(inner);
        }

        @Override
        public OutgoingMessage prepare(StoredMessage message) {
            OutgoingMessage outgoing = super.prepare(message);
            return (stream, seq) -> {
                if (++count % 7 == 0 && !heldBack.containsKey(stream.connection())) {
                    heldBack.put(stream.connection(), () -> outgoing.pushTo(stream, seq));
                    return;
                }
                outgoing.pushTo(stream, seq);
                Runnable earlier = heldBack.remove(stream.connection());
                if (earlier != null) {
                    earlier.run();
                }
            };
        }
    }

    private static class OtherDirectory implements SessionDirectory {
        private final SessionDirectory inner;

        OtherDirectory(SessionDirectory inner) {
            this.inner = inner;
        }

        @Override
        public List<OnlineSession> claim(OnlineSession newcomer, int perClassMax) {
            return inner.claim(newcomer, perClassMax);
        }

        @Override
        public long returning(DeviceKey device, long tokenIssuedAt, long nowMillis) {
            return inner.returning(device, tokenIssuedAt, nowMillis);
        }

        @Override
        public List<OnlineSession> reclaim(OnlineSession earlier, int perClassMax, long stamp) {
            return inner.reclaim(earlier, perClassMax, stamp);
        }

        @Override
        public long stamp(String uid, ConnectionKey connection) {
            return inner.stamp(uid, connection);
        }

        @Override
        public void release(String uid, ConnectionKey connection) {
            inner.release(uid, connection);
        }

        @Override
        public void lastSeen(Collection<LastSeen> sessions) {
            inner.lastSeen(sessions);
        }

        @Override
        public List<OnlineSession> of(String uid) {
            return inner.of(uid);
        }

        @Override
        public Set<String> onlineElsewhere(Collection<String> uids) {
            return inner.onlineElsewhere(uids);
        }

        @Override
        public List<OnlineSession> here(String uid) {
            return inner.here(uid);
        }
    }
}
