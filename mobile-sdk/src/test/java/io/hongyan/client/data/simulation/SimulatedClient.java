package io.hongyan.client.data.simulation;

import com.google.protobuf.MessageLite;
import io.hongyan.client.data.Connection;
import io.hongyan.client.data.ConversationId;
import io.hongyan.client.data.DataListener;
import io.hongyan.client.data.Effect;
import io.hongyan.client.data.Ending;
import io.hongyan.client.data.InboxPosition;
import io.hongyan.client.data.LogSpans;
import io.hongyan.client.data.MemoryStore;
import io.hongyan.client.data.Meta;
import io.hongyan.client.data.Phase;
import io.hongyan.client.data.Snapshot;
import io.hongyan.client.data.Step;
import io.hongyan.client.data.Store;
import io.hongyan.client.data.SyncEngine;
import io.hongyan.protocol.v1.InboxEntry;
import io.hongyan.protocol.v1.Reply;
import io.hongyan.protocol.v1.SendRequest;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A process with the engine in it, which may end between any two things that it does; its store stays. */
final class SimulatedClient {
    static final String DEVICE = "android:a";
    /** Of acknowledging too early: nothing is told meanwhile. */
    private static final DataListener DEAF = (DataListener) Proxy.newProxyInstance(
            SimulatedClient.class.getClassLoader(),
            new Class<?>[] {DataListener.class},
            (proxy, method, arguments) -> null);

    private final Timeline timeline;
    private final ModelServer server;
    private final Faults faults;
    private final Breakage breakage;
    private final Store store = new MemoryStore();
    private final Checker checker = new Checker();

    private SyncEngine engine;
    private ModelSession session;
    private int life;
    private boolean planned;
    private boolean onlyDeliveries;
    private boolean trimmed;
    private final List<Runnable> inputs = new ArrayList<>();
    private final Set<Long> settled = new HashSet<>();
    private boolean forgotten;
    private boolean dropsSeen;
    private int written;

    SimulatedClient(ModelServer server, Breakage breakage) {
        this.server = server;
        this.timeline = server.timeline;
        this.faults = server.faults;
        this.breakage = breakage;
        start();
        tick();
    }

    Checker checker() {
        return checker;
    }

    Store store() {
        return store;
    }

    SyncEngine engine() {
        return engine;
    }

    boolean running() {
        return engine != null;
    }

    // --- The process ------------------------------------------------------------------------------------------------

    private void start() {
        Snapshot stored = store.open();
        if (breakage == Breakage.FORGETS_OUTBOX) {
            stored = new Snapshot(stored.meta(), stored.conversations(), stored.spans(), List.of());
        }
        engine = new SyncEngine(ServerData.ME, DEVICE, stored);
        life++;
        connectIn(50);
    }

    private void tick() {
        timeline.after(1_000, () -> {
            input(null, () -> {});
            tick();
        });
    }

    /** The process is killed. What it sent is still on its way; the server notices later that it is gone. */
    private void crash() {
        ModelSession left = session;
        session = null;
        engine = null;
        inputs.clear();
        if (left != null) {
            timeline.after(500, left::cut);
        }
        timeline.after(1_000 + server.random.nextInt(2_000), () -> {
            checker.restarted(store, settled, forgotten);
            settled.clear();
            forgotten = false;
            start();
        });
    }

    /** Something happens; the engine is told of several things at once. {@code from}: the connection that it came by. */
    void input(ModelSession from, Runnable input) {
        if (engine == null || from != null && from != session) {
            return;
        }
        inputs.add(() -> {
            if (from == null || from == session) {
                onlyDeliveries = false;
                input.run();
            }
        });
        plan();
    }

    void delivered(ModelSession from, long id, String group, InboxEntry entry) {
        if (engine != null && from == session) {
            inputs.add(() -> {
                if (from == session) {
                    dropsSeen |= from.hasDropped();
                    trimmed |= entry.getEvent().hasTrimmed();
                    engine.delivered(id, group, entry);
                }
            });
            plan();
        }
    }

    /** An answer to a call; what it brings may belong between what was delivered. */
    void replied(Reply reply) {
        trimmed |= reply.getPull().getEntriesList().stream()
                .anyMatch(entry -> entry.getEvent().hasTrimmed());
        engine.replied(reply);
    }

    private void plan() {
        if (planned) {
            return;
        }
        planned = true;
        int of = life;
        timeline.after(server.random.nextInt(20), () -> {
            planned = false;
            if (of == life && engine != null) {
                run();
            } else if (engine != null && !inputs.isEmpty()) {
                plan();
            }
        });
    }

    private void run() {
        List<Runnable> batch = new ArrayList<>(inputs);
        inputs.clear();
        onlyDeliveries = true;
        trimmed = false;
        engine.at(timeline.nowMillis(), timeline.nowMillis());
        batch.forEach(Runnable::run);
        perform(engine.step());
    }

    private void perform(Step step) {
        if (breakage == Breakage.ACKNOWLEDGES_BEFORE_COMMIT) {
            step.effects().forEach(effect -> effect.carryOut(new Wire(true, true), DEAF));
        }
        if (faults.happens(3)) {
            crash();
            return;
        }
        Map<ConversationId, LogSpans> before =
                checker.phase() == Phase.READY && !trimmed ? copy(store.open().spans()) : Map.of();
        store.commit(step.writes());
        settled.clear();
        settled.addAll(step.writes().doneOutbox());
        forgotten = step.writes().forgetsNumbers();
        Wire wire = new Wire(breakage != Breakage.ACKNOWLEDGES_BEFORE_COMMIT, false);
        checker.begin(onlyDeliveries && !dropsSeen, before);
        for (Effect effect : step.effects()) {
            if (faults.happens(1)) {
                crash();
                return;
            }
            effect.carryOut(wire, checker);
        }
        checker.end();
        settled.clear();
        forgotten = false;
    }

    private static Map<ConversationId, LogSpans> copy(Map<ConversationId, LogSpans> spans) {
        Map<ConversationId, LogSpans> copy = new HashMap<>();
        spans.forEach((id, log) -> copy.put(id, new LogSpans(log.held(), log.stale())));
        return copy;
    }

    // --- The connection ---------------------------------------------------------------------------------------------

    private void connectIn(long millis) {
        int of = life;
        timeline.after(millis, () -> {
            if (of == life && engine != null && session == null) {
                session = server.connect(this);
                input(session, () -> engine.connected());
            }
        });
    }

    /** The client notices that a connection is gone. */
    void lost(ModelSession which) {
        if (engine != null && which == session) {
            session = null;
            input(null, () -> engine.disconnected());
            connectIn(100 + server.random.nextInt(3_000));
        }
    }

    /** What the engine does to the connection. */
    private final class Wire implements Connection {
        private final boolean acknowledges;
        private final boolean nothingElse;

        Wire(boolean acknowledges, boolean nothingElse) {
            this.acknowledges = acknowledges;
            this.nothingElse = nothingElse;
        }

        private void send(boolean sends, Runnable arrival) {
            if (sends && session != null) {
                session.toServer(arrival);
            }
        }

        @Override
        public void subscribe() {
            ModelSession on = session;
            send(!nothingElse, () -> on.subscribe());
        }

        @Override
        public void send(SendRequest request) {
            ModelSession on = session;
            send(!nothingElse, () -> on.publish(request));
        }

        @Override
        public void call(String method, MessageLite request) {
            ModelSession on = session;
            send(!nothingElse, () -> on.call(request));
        }

        @Override
        public void acknowledge(long delivery) {
            ModelSession on = session;
            send(acknowledges, () -> on.acknowledge(delivery));
        }

        @Override
        public void end(Ending why) {
            if (!nothingElse && session != null) {
                session.cut();
            }
        }
    }

    // --- Its user ---------------------------------------------------------------------------------------------------

    void send() {
        ConversationId to = server.anyConversation();
        String name = "own-" + ++written;
        input(null, () -> engine.send(to, name, ModelServer.text(name)));
    }

    /** Takes back or sends again something of the outbox. */
    void decide() {
        List<Long> ids = new ArrayList<>(checker.outbox().keySet());
        if (!ids.isEmpty()) {
            long id = ids.get(server.random.nextInt(ids.size()));
            boolean again = server.random.nextBoolean();
            input(null, () -> {
                if (again) {
                    engine.resend(id);
                } else {
                    engine.cancel(id);
                }
            });
        }
    }

    void look() {
        ConversationId id = server.anyConversation();
        long below = server.random.nextInt(server.data().log(id).size() + 2);
        lookAt(id, below, 5);
    }

    void lookAt(ConversationId id, long below, int limit) {
        input(null, () -> engine.lookAt(id, below, limit));
    }

    /** The server believes that the device has this entry of the inbox. */
    void checkStored(String epoch, long seq) {
        Meta meta = store.open().meta();
        InboxPosition inbox = meta.inbox();
        boolean stored = inbox.cursor() >= seq || inbox.ahead().contains(seq);
        if (meta.epoch().equals(epoch) && !stored) {
            checker.violated("acknowledged is " + seq + ", stored is " + inbox);
        }
    }

    void kill() {
        if (engine != null) {
            crash();
        }
    }
}
