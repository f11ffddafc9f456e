package io.hongyan.im.adapter.redis;

import io.hongyan.im.adapter.redis.RedisNoticePublisher.Publisher;
import io.hongyan.im.core.Dependencies;
import io.hongyan.im.core.Messaging;
import io.hongyan.im.core.MessagingLimits;
import io.hongyan.im.core.Storage;
import io.hongyan.im.core.cluster.GateInfo;
import io.hongyan.im.core.cluster.ProcessStall;
import io.hongyan.im.core.data.DataEpochs;
import io.hongyan.im.core.group.GroupChange;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.inbox.CloseReason;
import io.hongyan.im.core.inbox.Downlink;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.EntryStream;
import io.hongyan.im.core.inbox.GroupSubscriptions;
import io.hongyan.im.core.inbox.HeldPushes;
import io.hongyan.im.core.inbox.Notice;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.SendOutcome;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.message.SystemUser;
import io.hongyan.im.core.receipt.ReceiptLimits;
import io.hongyan.im.core.send.FanOut;
import io.hongyan.im.core.send.MessageLimits;
import io.hongyan.im.core.session.ClientSession;
import io.hongyan.im.core.session.Login;
import io.hongyan.im.core.session.Platform;
import io.hongyan.im.core.session.Sessions.Opened;
import io.hongyan.im.core.simulation.PlainContents;
import io.hongyan.im.core.work.PeriodicTask;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/** A node as it runs, without clients: what it sends to connections is kept. */
final class TestNode {
    static final GroupLimits GROUPS = new GroupLimits(1_000, 600, 550, 100, 2_000, 500, 64, 2_000);
    private static final MessagingLimits LIMITS = MessagingLimits.DEFAULT
            .withMessages(new MessageLimits(1_000))
            .withGroups(GROUPS)
            .withReceipts(new ReceiptLimits(200_000, 1, 5_000));
    private static final AtomicLong STARTS = new AtomicLong(1);

    final String name;
    final ClusterMembership cluster;
    final Messaging messaging;
    final Clients clients = new Clients();
    private final ExecutorService work = Executors.newFixedThreadPool(8);
    private final ScheduledExecutorService tasks = Executors.newScheduledThreadPool(2);
    private final List<Thread> drivers = new ArrayList<>();
    private final AtomicLong connections = new AtomicLong();
    private volatile boolean stopping;
    private int requests;

    TestNode(String id, RedisOptions redis, Storage storage) {
        this(id, redis, storage, NodeNoticeLimits.DEFAULT, UnaryOperator.identity());
    }

    TestNode(
            String id,
            RedisOptions redis,
            Storage storage,
            NodeNoticeLimits limits,
            UnaryOperator<Publisher> decorator) {
        this(id, redis, storage, limits, decorator, Clock.systemUTC());
    }

    TestNode(
            String id,
            RedisOptions redis,
            Storage storage,
            NodeNoticeLimits limits,
            UnaryOperator<Publisher> decorator,
            Clock clock) {
        NodeInfo self = new NodeInfo(
                NodeInfo.name(id, STARTS.incrementAndGet()),
                List.of("im-service"),
                Map.of("http", id + ":8080"),
                0,
                List.of());
        name = self.name();
        cluster = new ClusterMembership(redis, limits, self, clock, System::nanoTime, Thread::new, decorator);
        messaging = new Messaging(
                new Dependencies(
                        storage,
                        cluster.sessions(),
                        clients,
                        change -> change.toString().getBytes(StandardCharsets.UTF_8),
                        new PlainContents(),
                        null,
                        name,
                        cluster.otherNodes(),
                        ProcessStall.never(),
                        DataEpochs.inMemory()),
                work,
                clock,
                TimeUnit.MILLISECONDS::sleep,
                LIMITS);
        drive(messaging.messages().lane()::runOnce);
        FanOut fanOut = messaging.messages().newFanOut(name);
        drive(fanOut::runOnce);
        for (PeriodicTask task : messaging.tasks()) {
            tasks.scheduleWithFixedDelay(task.work(), task.periodMillis(), task.periodMillis(), TimeUnit.MILLISECONDS);
        }
        cluster.start(
                messaging.fromNodes(), messaging.sessions().logins(), () -> List.of(gateOf(name)), self::addresses);
    }

    /** What this node tells of its gate. */
    static GateInfo gateOf(String node) {
        return new GateInfo("gate of " + node, "mqtt://" + node + ":1883", "", 3, 100, false);
    }

    /** Something that works turn by turn. */
    private interface Turn {
        boolean runOnce(long waitMillis) throws InterruptedException;
    }

    private void drive(Turn turn) {
        Thread driver = new Thread(() -> {
            try {
                while (!stopping) {
                    turn.runOnce(50);
                }
            } catch (InterruptedException asked) {
                Thread.currentThread().interrupt();
            }
        });
        driver.start();
        drivers.add(driver);
    }

    ClientSession online(String uid, Platform platform, String device) {
        ClientSession session = logIn(uid, platform, device);
        done(session.startInbox(true));
        done(session.startGroups(group -> GroupSubscriptions.Subscription.TRACKED));
        return session;
    }

    ClientSession logIn(String uid, Platform platform, String device) {
        ConnectionKey connection = new ConnectionKey(name, connections.incrementAndGet());
        return open(new Login(connection, uid, platform, device, true, 0, 100)).session();
    }

    /** A login, or one of before that a gate announces. */
    Opened open(Login login) {
        Opened opened = (Opened) done(messaging.sessions().logins().open(login));
        clients.holds(opened.session(), messaging);
        return opened;
    }

    SendOutcome send(ClientSession from, Conversation to, String id) {
        return done(messaging.messages().sendMessage().send(from.origin(), from.device(), to, id, new byte[10], 0));
    }

    void change(String group, GroupChange change) {
        DeviceKey business = new DeviceKey(SystemUser.UID, SystemUser.DEVICE);
        SendOutcome outcome =
                done(messaging.groups().changeGroup().change(business, group, name + "-" + ++requests, change));
        if (!(outcome instanceof SendOutcome.Stored)) {
            throw new AssertionError(outcome.toString());
        }
    }

    static <T> T done(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }

    /** As if it were killed: it says no good-bye. */
    void vanish() throws InterruptedException {
        cluster.link().close();
        close();
    }

    private void stop() throws InterruptedException {
        stopping = true;
        for (Thread driver : drivers) {
            driver.join();
        }
        tasks.shutdownNow();
        work.shutdown();
    }

    void close() throws InterruptedException {
        if (!stopping) {
            stop();
            cluster.close();
        }
    }

    /** Everything that was sent to each connection, in order; those that are closed end as connections do. */
    static final class Clients implements Downlink {
        /** @param group null for the inbox */
        record Pushed(String group, long streamSeq, String id) {}

        private final Map<ConnectionKey, List<Object>> sent = new ConcurrentHashMap<>();
        private final Map<ConnectionKey, Runnable> ends = new ConcurrentHashMap<>();

        void holds(ClientSession session, Messaging messaging) {
            ends.put(session.connection(), () -> messaging.sessions().logins().close(session));
            if (all(session.connection()).stream().anyMatch(CloseReason.class::isInstance)) {
                messaging.sessions().logins().close(session);
            }
        }

        private List<Object> all(ConnectionKey connection) {
            return sent.computeIfAbsent(connection, same -> new CopyOnWriteArrayList<>());
        }

        <T> List<T> of(ClientSession session, Class<T> kind) {
            return all(session.connection()).stream()
                    .filter(kind::isInstance)
                    .map(kind::cast)
                    .toList();
        }

        /** Client message ids, in order. */
        List<String> messages(ClientSession session) {
            return of(session, Pushed.class).stream().map(Pushed::id).toList();
        }

        @Override
        public OutgoingMessage prepare(StoredMessage message) {
            return (stream, seq) ->
                    all(stream.connection()).add(new Pushed(stream.group(), seq, message.clientMessageId()));
        }

        @Override
        public Gathering gather() {
            return new HeldPushes(this::prepare);
        }

        @Override
        public void push(EntryStream stream, Entry.OfEvent entry) {
            all(stream.connection()).add(entry);
        }

        @Override
        public boolean notice(ConnectionKey connection, Notice notice) {
            all(connection).add(notice);
            return true;
        }

        @Override
        public void close(ConnectionKey connection, CloseReason reason) {
            all(connection).add(reason);
            Runnable end = ends.remove(connection);
            if (end != null) {
                // As a gate does: later, and not under the locks of the caller.
                Thread ending = new Thread(end);
                ending.start();
            }
        }
    }
}
