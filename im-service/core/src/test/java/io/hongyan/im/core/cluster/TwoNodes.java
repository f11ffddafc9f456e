package io.hongyan.im.core.cluster;

import io.hongyan.im.core.Dependencies;
import io.hongyan.im.core.Messaging;
import io.hongyan.im.core.MessagingLimits;
import io.hongyan.im.core.Storage;
import io.hongyan.im.core.data.DataEpochs;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.inbox.CloseReason;
import io.hongyan.im.core.inbox.Downlink;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.EntryStream;
import io.hongyan.im.core.inbox.GroupSubscriptions;
import io.hongyan.im.core.inbox.HeldPushes;
import io.hongyan.im.core.inbox.Inbox;
import io.hongyan.im.core.inbox.InboxPage;
import io.hongyan.im.core.inbox.Notice;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.receipt.ReceiptLimits;
import io.hongyan.im.core.send.FanOut;
import io.hongyan.im.core.send.MessageLimits;
import io.hongyan.im.core.session.ClientSession;
import io.hongyan.im.core.session.LocalSessionDirectory;
import io.hongyan.im.core.session.Login;
import io.hongyan.im.core.session.LoginAnswer;
import io.hongyan.im.core.session.OnlineSession;
import io.hongyan.im.core.session.Platform;
import io.hongyan.im.core.session.SessionDirectory;
import io.hongyan.im.core.session.SessionLimits;
import io.hongyan.im.core.session.Sessions;
import io.hongyan.im.core.session.TokenFacts;
import io.hongyan.im.core.simulation.InMemoryStorage;
import io.hongyan.im.core.simulation.PlainContents;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/**
 * Two nodes over one storage, on one thread. What one tells the other waits until the test delivers it: once, twice, in
 * another order, or never.
 */
final class TwoNodes {
    static final GroupLimits GROUPS = new GroupLimits(20, 10, 6, 3, 2, 500, 64, 2_000);
    private final MessagingLimits limits;

    private static MessagingLimits limits(SessionLimits sessions) {
        return MessagingLimits.DEFAULT
                .withMessages(new MessageLimits(1_000))
                .withSessions(sessions)
                .withGroups(GROUPS)
                .withReceipts(new ReceiptLimits(200_000, 1, 5_000));
    }

    final InMemoryStorage storage = new InMemoryStorage(GROUPS);
    final Clients clients = new Clients();
    final DataEpochs epochs = DataEpochs.inMemory();
    final Node one;
    final Node two;
    private final LocalSessionDirectory directory = new LocalSessionDirectory();
    long now = 1_000_000;
    /** Users whose part of the storage does not tell where their inboxes stand. */
    final Set<String> headless = new HashSet<>();

    private long connections;

    TwoNodes() {
        this(SessionLimits.DEFAULT);
    }

    TwoNodes(SessionLimits sessions) {
        limits = limits(sessions);
        one = new Node("one");
        two = new Node("two");
    }

    /** Delivers what waits, until nothing does. */
    void exchange() {
        while (!one.told.isEmpty() || !two.told.isEmpty()) {
            two.take(one.takeTold());
            one.take(two.takeTold());
        }
    }

    /** Time passes at both. */
    void passes(long millis) {
        now += millis;
        one.runTasks();
        two.runTasks();
    }

    final class Node {
        private final String name;
        final Messaging messaging;
        private final FanOut fanOut;
        private final List<NodeNotice> told = new ArrayList<>();

        private Node(String name) {
            this.name = name;
            messaging = new Messaging(
                    new Dependencies(
                            withoutHeads(storage.ports()),
                            new DirectoryOfNode(name),
                            clients,
                            change -> change.toString().getBytes(StandardCharsets.UTF_8),
                            new PlainContents(),
                            null,
                            name,
                            told::add,
                            ProcessStall.never(),
                            epochs),
                    Runnable::run,
                    () -> Instant.ofEpochMilli(now),
                    millis -> {},
                    limits);
            fanOut = messaging.messages().newFanOut(name);
        }

        List<NodeNotice> takeTold() {
            List<NodeNotice> taken = List.copyOf(told);
            told.clear();
            return taken;
        }

        void take(List<NodeNotice> notices) {
            messaging.fromNodes().take(notices);
        }

        void lane() {
            try {
                while (messaging.messages().lane().runOnce(0)) {
                    // There may be more.
                }
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }

        /** @return whether there was anything to write */
        boolean fanOutOnce() {
            try {
                return fanOut.runOnce(0);
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }

        void fanOut() {
            while (fanOutOnce()) {
                // There may be more.
            }
        }

        void runTasks() {
            messaging.tasks().forEach(task -> task.work().run());
        }

        ClientSession online(String uid, Platform platform, String device) {
            ClientSession session = logIn(uid, platform, device);
            done(session.startInbox(true));
            done(session.startGroups(group -> GroupSubscriptions.Subscription.TRACKED));
            return session;
        }

        ClientSession logIn(String uid, Platform platform, String device) {
            return open(uid, platform, device, null).session();
        }

        /** @param earlier null = it logs in now */
        Sessions.Opened open(String uid, Platform platform, String device, Login.Earlier earlier) {
            return (Sessions.Opened) open(uid, platform, device, TokenFacts.NONE, earlier);
        }

        /** @param issuedAt of its token, Unix seconds */
        LoginAnswer open(String uid, Platform platform, String device, long issuedAt) {
            return open(uid, platform, device, issuedAt, 0);
        }

        /** @param expiresAt of its token, Unix seconds, 0 = never */
        LoginAnswer open(String uid, Platform platform, String device, long issuedAt, long expiresAt) {
            return open(uid, platform, device, new TokenFacts(issuedAt, issuedAt, expiresAt), null);
        }

        private LoginAnswer open(
                String uid, Platform platform, String device, TokenFacts token, Login.Earlier earlier) {
            ConnectionKey connection = new ConnectionKey(name, ++connections);
            return done(messaging
                    .sessions()
                    .logins()
                    .open(new Login(connection, uid, platform, device, true, 0, 100, token, earlier)));
        }
    }

    private Storage withoutHeads(Storage all) {
        Inbox inbox = new Inbox() {
            @Override
            public InboxPage read(String uid, long afterSeq, int entriesMax, int bytesMax) {
                return all.inbox().read(uid, afterSeq, entriesMax, bytesMax);
            }

            @Override
            public long head(String uid) {
                return all.inbox().head(uid);
            }

            @Override
            public List<Long> heads(List<String> uids) {
                return uids.stream()
                        .map(uid -> headless.contains(uid) ? UNKNOWN : head(uid))
                        .toList();
            }
        };
        return all.with(Inbox.class, inbox);
    }

    static <T> T done(CompletionStage<T> stage) {
        if (!stage.toCompletableFuture().isDone()) {
            throw new AssertionError("not done");
        }
        return stage.toCompletableFuture().join();
    }

    /** One truth, of which each node knows what is its own. */
    private final class DirectoryOfNode implements SessionDirectory {
        private final String node;

        DirectoryOfNode(String node) {
            this.node = node;
        }

        @Override
        public List<OnlineSession> claim(OnlineSession newcomer, int perClassMax) {
            return directory.claim(newcomer, perClassMax);
        }

        @Override
        public long returning(DeviceKey device, long tokenIssuedAt, long nowMillis) {
            return directory.returning(device, tokenIssuedAt, nowMillis);
        }

        @Override
        public List<OnlineSession> reclaim(OnlineSession earlier, int perClassMax, long stamp) {
            return directory.reclaim(earlier, perClassMax, stamp);
        }

        @Override
        public long stamp(String uid, ConnectionKey connection) {
            return directory.stamp(uid, connection);
        }

        @Override
        public void release(String uid, ConnectionKey connection) {
            directory.release(uid, connection);
        }

        @Override
        public void lastSeen(Collection<LastSeen> sessions) {
            directory.lastSeen(sessions);
        }

        @Override
        public List<OnlineSession> of(String uid) {
            return directory.of(uid);
        }

        @Override
        public Set<String> onlineElsewhere(Collection<String> uids) {
            return uids.stream()
                    .filter(uid -> of(uid).size() > here(uid).size())
                    .collect(Collectors.toSet());
        }

        @Override
        public List<OnlineSession> here(String uid) {
            return of(uid).stream()
                    .filter(session -> session.connection().gate().equals(node))
                    .toList();
        }
    }

    /** Everything that was sent to each connection, in order. */
    static final class Clients implements Downlink {
        /** @param group null for the inbox */
        record Pushed(String group, long streamSeq, long seq) {}

        private final Map<ConnectionKey, List<Object>> sent = new HashMap<>();

        <T> List<T> of(ClientSession session, Class<T> kind) {
            return sent.getOrDefault(session.connection(), List.of()).stream()
                    .filter(kind::isInstance)
                    .map(kind::cast)
                    .toList();
        }

        /** Numbers of the inbox. */
        List<Long> inbox(ClientSession session) {
            return of(session, Pushed.class).stream()
                    .filter(pushed -> pushed.group == null)
                    .map(Pushed::streamSeq)
                    .toList();
        }

        /** Numbers of the stream of a large group. */
        List<Long> stream(ClientSession session, String group) {
            return of(session, Pushed.class).stream()
                    .filter(pushed -> group.equals(pushed.group))
                    .map(Pushed::streamSeq)
                    .toList();
        }

        private void add(ConnectionKey connection, Object thing) {
            sent.computeIfAbsent(connection, same -> new ArrayList<>()).add(thing);
        }

        @Override
        public OutgoingMessage prepare(StoredMessage message) {
            return (stream, seq) -> add(stream.connection(), new Pushed(stream.group(), seq, message.seq()));
        }

        @Override
        public Gathering gather() {
            return new HeldPushes(this::prepare);
        }

        @Override
        public void push(EntryStream stream, Entry.OfEvent entry) {
            add(stream.connection(), entry);
        }

        @Override
        public boolean notice(ConnectionKey connection, Notice notice) {
            add(connection, notice);
            return true;
        }

        @Override
        public void close(ConnectionKey connection, CloseReason reason) {
            add(connection, reason);
        }
    }
}
