package io.hongyan.im.core.simulation;

import io.hongyan.im.core.inbox.CloseReason;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.EntryStream;
import io.hongyan.im.core.inbox.GroupSubscriptions.Subscription;
import io.hongyan.im.core.inbox.KeptSession;
import io.hongyan.im.core.inbox.Notice;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.session.ClientSession;
import io.hongyan.im.core.session.Login;
import io.hongyan.im.core.session.LoginAnswer;
import io.hongyan.im.core.session.Sessions;
import io.hongyan.im.core.session.TokenFacts;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * One connection as its gate sees it: packets in order, PUBACKs in the order of the publishes, deadlines, and one end.
 * The client's side is in {@link SimulatedDevice}; the channels between them are here.
 */
final class SimulatedConnection {
    private static final int UNANSWERED_MAX = 12;
    private static final long ACKNOWLEDGE_MILLIS_MAX = 8_000;
    private static final long ANSWER_MILLIS_MAX = 10_000;

    private final World world;
    private final SimulatedService service;
    private final SimulatedGate gate;
    private final ConnectionKey key;
    private final SimulatedDevice device;
    private final Channel up;
    private final Channel down;
    private final ArrayDeque<Slot> unanswered = new ArrayDeque<>();
    private final ArrayDeque<InFlight> inFlight = new ArrayDeque<>();

    private ClientSession session;
    private boolean ended;
    private boolean subscribed;
    private boolean tracked;
    private int subscription;
    private long pushes;
    /** Tells the streams of large groups apart, by the order of their first push. */
    private final Map<EntryStream, Integer> streams = new HashMap<>();

    /** Place of a publish in the order of the answers. */
    private static final class Slot {
        private final long sinceMillis;
        /** What the answer does when it arrives at the client. */
        private Runnable answer;

        private boolean failed;

        Slot(long sinceMillis) {
            this.sinceMillis = sinceMillis;
        }
    }

    private record InFlight(long token, EntryStream stream, Entry entry, long sinceMillis) {}

    SimulatedConnection(World world, ConnectionKey key, SimulatedDevice device) {
        this.world = world;
        this.service = world.service();
        this.gate = world.gate();
        this.key = key;
        this.device = device;
        this.up = world.channel();
        this.down = world.channel();
    }

    ConnectionKey key() {
        return key;
    }

    SimulatedDevice device() {
        return device;
    }

    /** A packet from the client; it is lost if nobody is there when it arrives. */
    void fromClient(Runnable arrival) {
        up.send(() -> {
            if (!ended && service.life().alive()) {
                arrival.run();
            }
        });
    }

    /** To the client. */
    Channel down() {
        return down;
    }

    void connect(boolean cleanStart, long sessionExpirySeconds, int receiveMaximum) {
        gate.add(this);
        if (!gate.accepts()) {
            end("not accepted");
            return;
        }
        up.pause();
        Login login = new Login(
                key,
                device.key().uid(),
                device.platform(),
                device.name(),
                cleanStart,
                sessionExpirySeconds,
                receiveMaximum,
                // A newer token at each login: the pause of devices that were displaced has tests of its own.
                new TokenFacts(key.number(), key.number(), 0),
                null);
        service.messaging()
                .sessions()
                .logins()
                .open(login)
                .thenApply(this::letIn)
                .whenComplete((opened, trouble) -> soon(() -> opened(opened, trouble)));
    }

    private Sessions.Opened letIn(LoginAnswer answer) {
        if (answer instanceof LoginAnswer.DevicesOnline) {
            soon(() -> down.send(() -> device.refusedForRoom(this)));
            throw new IllegalStateException("no room for another device");
        }
        return (Sessions.Opened) answer;
    }

    private void opened(Sessions.Opened opened, Throwable trouble) {
        if (ended) {
            if (opened != null) {
                service.messaging().sessions().logins().close(opened.session());
            }
            return;
        }
        if (trouble != null) {
            end("login failed");
            return;
        }
        session = opened.session();
        world.record(new Recorded.Opened(key, device.key(), device.platform().platformClass()));
        boolean restored = !opened.filters().isEmpty();
        down.send(() -> device.connected(this, restored));
        if (restored) {
            startPush(opened.filters().get(0).qos() > 0);
        }
        up.resume();
    }

    void subscribe(int qos) {
        List<KeptSession.Filter> filters = List.of(new KeptSession.Filter("everything", qos, 0));
        CompletionStage<Void> kept = session.keepFilters(filters);
        CompletionStage<Void> started = startPush(qos > 0);
        kept.thenCombine(started, (one, other) -> true)
                .whenComplete((done, trouble) -> soon(() -> {
                    if (trouble != null) {
                        end("subscribing failed");
                    } else {
                        down.send(() -> device.subscribed(this));
                    }
                }));
    }

    private CompletionStage<Void> startPush(boolean withAcknowledgements) {
        CompletionStage<Void> nothing = CompletableFuture.completedFuture(null);
        boolean starts = !subscribed;
        if (starts) {
            subscribed = true;
            tracked = withAcknowledgements;
            subscription++;
        }
        CompletionStage<Void> inbox = device.takesInbox() ? startInbox(starts) : nothing;
        CompletionStage<Void> groups = device.takesGroups() && starts ? startGroups() : nothing;
        CompletionStage<Void> both = inbox.thenCombine(groups, (one, other) -> null);
        both.exceptionally(trouble -> {
            soon(() -> end("the push could not begin"));
            return null;
        });
        return both;
    }

    private CompletionStage<Void> startInbox(boolean starts) {
        if (starts) {
            world.record(new Recorded.Subscribed(key, subscription, device.key(), knownCursor()));
        }
        CompletionStage<Void> started = session.startInbox(tracked);
        started.thenRun(() -> {
            if (device.registered()) {
                service.forget(device.key());
            }
        });
        return started;
    }

    private CompletionStage<Void> startGroups() {
        Map<String, Long> cursors = world.storage().devices().groupCursors().find(device.key());
        world.record(new Recorded.TakesGroups(key, device.key(), cursors));
        Subscription subscription = tracked ? Subscription.TRACKED : Subscription.UNTRACKED;
        return session.startGroups(group -> subscription);
    }

    private long knownCursor() {
        long stored = world.storedCursor(device.key());
        return world.reliable() && !device.evicted() ? Math.max(stored, service.told(device.key(), null)) : stored;
    }

    void unsubscribe() {
        subscribed = false;
        inFlight.clear();
        session.stopInbox();
        session.stopGroups();
    }

    void publish(SimulatedDevice.Outgoing message, boolean again) {
        Conversation conversation = message.conversation();
        long head = world.storage().head(conversation);
        world.record(new Recorded.Published(key, device.key(), conversation, message.id(), again, head));
        ask(
                service.send(session.origin(), device.key(), conversation, message),
                outcome -> device.answered(this, message, outcome));
    }

    /** A publish that is answered in its turn. */
    <T> void ask(CompletionStage<T> answer, Consumer<T> atTheClient) {
        Slot slot = new Slot(world.scheduler().millis());
        unanswered.add(slot);
        if (unanswered.size() >= UNANSWERED_MAX) {
            up.pause();
        }
        answer.whenComplete((value, trouble) -> {
            slot.failed = trouble != null;
            slot.answer = () -> atTheClient.accept(value);
            soon(this::answerInOrder);
        });
    }

    private void answerInOrder() {
        while (!ended && !unanswered.isEmpty() && unanswered.peek().answer != null) {
            Slot slot = unanswered.poll();
            if (slot.failed) {
                end("storage trouble");
                return;
            }
            down.send(slot.answer);
        }
        if (unanswered.size() < UNANSWERED_MAX) {
            up.resume();
        }
    }

    void logOut() {
        CompletionStage<Void> done = service.messaging().sessions().logins().logOut(session);
        ask(done, nothing -> {});
        done.whenComplete((nothing, trouble) -> world.laterIn(service.life(), 5, () -> end("logged out")));
    }

    ClientSession session() {
        return session;
    }

    SimulatedService service() {
        return service;
    }

    /** The client has acknowledged all pushes up to this one. */
    void acknowledge(long token) {
        while (!inFlight.isEmpty() && inFlight.peek().token <= token) {
            InFlight done = inFlight.poll();
            String group = done.stream.group();
            world.record(new Recorded.Acknowledged(key, group, done.entry.seq()));
            if (tracked) {
                service.tell(device.key(), group, done.entry.seq());
            }
            done.stream.acknowledged(done.entry.seq());
        }
    }

    void push(EntryStream stream, Entry entry) {
        if (!subscribed) {
            return;
        }
        long token = ++pushes;
        record(stream, entry);
        inFlight.add(new InFlight(token, stream, entry, world.scheduler().millis()));
        checkWindow();
        down.send(() -> device.received(this, token, stream.group(), entry));
        if (!tracked) {
            soon(() -> acknowledge(token));
        }
    }

    private void record(EntryStream stream, Entry entry) {
        String group = stream.group();
        if (group == null) {
            world.record(new Recorded.Pushed(key, subscription, device.key(), entry, device.startsAtMost()));
            device.begin();
            return;
        }
        int number = streams.computeIfAbsent(stream, name -> streams.size() + 1);
        long acknowledged = device.groups().acknowledged(group);
        world.record(new Recorded.Streamed(key, device.key(), group, number, entry, acknowledged, device.inboxRead()));
    }

    private void checkWindow() {
        int window = Math.min(
                device.receiveMaximum(),
                world.shape().limits().messages().delivery().windowEntriesMax());
        int bytes = inFlight.stream().mapToInt(one -> bytesOf(one.entry)).sum();
        if (inFlight.size() > window) {
            world.violated("P7", inFlight.size() + " entries in flight on " + key + ", window " + window);
        }
        if (inFlight.size() > 1
                && bytes > world.shape().limits().messages().delivery().windowBytesMax()) {
            world.violated("P7", bytes + " bytes in flight on " + key);
        }
    }

    private static int bytesOf(Entry entry) {
        return entry instanceof Entry.OfMessage of ? of.message().bytes() : 0;
    }

    void notice(Notice notice) {
        world.record(new Recorded.Noticed(key, notice));
        if (notice instanceof Notice.Receipt receipt) {
            world.checkReceipt(receipt);
        }
        down.send(() -> device.noticed(this, notice));
    }

    void closeSoon(CloseReason reason) {
        soon(() -> end(reason.name()));
    }

    void checkDeadlines() {
        long now = world.scheduler().millis();
        if (!inFlight.isEmpty() && now - inFlight.peek().sinceMillis > ACKNOWLEDGE_MILLIS_MAX) {
            end("not acknowledged in time");
        } else if (!unanswered.isEmpty() && now - unanswered.peek().sinceMillis > ANSWER_MILLIS_MAX) {
            end("not answered in time");
        }
    }

    /** The gate's end is closed. */
    void end(String why) {
        if (ended) {
            return;
        }
        ended = true;
        world.record(new Recorded.Ended(key, why));
        gate.remove(this);
        up.cut();
        down.send(() -> device.lost(this));
        if (session != null) {
            service.messaging().sessions().logins().close(session);
        }
    }

    /** The process is gone: nobody is told, and of what was on its way a part arrives. */
    void killed() {
        ended = true;
        world.record(new Recorded.Ended(key, "killed"));
        gate.remove(this);
        up.cut();
        world.later(200, down::cut);
        world.later(2_000, () -> device.lost(this));
    }

    /** The network is gone; each side notices in its own time. */
    void cut() {
        up.cut();
        down.cut();
        world.laterIn(service.life(), 6_000, () -> end("cut"));
        world.later(3_000, () -> device.lost(this));
    }

    private void soon(Runnable work) {
        world.laterIn(service.life(), 2, work);
    }
}
