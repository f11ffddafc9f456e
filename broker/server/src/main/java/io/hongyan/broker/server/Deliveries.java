package io.hongyan.broker.server;

import io.hongyan.broker.hook.BrokerControl.Target;
import io.hongyan.broker.hook.DisconnectCause;
import java.util.ArrayDeque;

/**
 * Unacknowledged deliveries to one client: packets of the gate and of Moquette in one window, further ones waiting for
 * space, and up to where the client has acknowledged.
 */
final class Deliveries {
    private static final int ID_MAX = 65_535;
    private static final int HALF_OF_THE_IDS = 32_767;
    private static final int NEAR = 16_384;
    private static final byte[] NOTHING = {};

    private final Connection connection;
    private final Gate gate;
    private final ClientProfile client;
    private final Filters filters;
    private final DeliveryRing sent = new DeliveryRing();
    private final ArrayDeque<Held> held = new ArrayDeque<>(0);
    private int nextId = HALF_OF_THE_IDS + 1;
    private long reported = Target.NO_TOKEN;
    private int pushed;

    Deliveries(Connection connection) {
        this.connection = connection;
        this.gate = connection.gate;
        this.client = connection.client();
        this.filters = connection.filters();
    }

    void push(PushMail push) {
        if (!held.isEmpty() || !send(push)) {
            hold(push);
        }
    }

    /** A QoS 0 message to this connection alone, sent in the flush of its cause. */
    void reply(String topic, byte[] payload) {
        Filters.Route route = filters.route(topic);
        if (route.qos >= 0 && fits(route, 0, NOTHING, payload)) {
            PacketWriter.publish(
                    connection.out(), client.v5(), route.encodedTopic, 0, 0, route.subscriptionIds, NOTHING, payload);
            pushed++;
        }
    }

    /** The client acknowledged an id; false if it is not one of the gate's. */
    boolean acknowledged(int packetId) {
        if (!sent.acknowledge(packetId)) {
            return false;
        }
        connection.count(GateCounter.DELIVERIES_ACKNOWLEDGED);
        sendHeld();
        return true;
    }

    /** Everything up to this write has been sent to the network. */
    void written(int writeNumber) {
        if (!connection.ended()) {
            sent.written(writeNumber);
            connection.touch();
        }
    }

    boolean awaitsWrite() {
        return sent.unwritten();
    }

    /** Tells the node how far the client has acknowledged; at the end of a turn. */
    void report() {
        if (pushed > 0) {
            gate.counters.add(GateCounter.DELIVERIES, pushed);
            pushed = 0;
        }
        long token = sent.acknowledgedToken();
        if (token > reported) {
            reported = token;
            gate.delivered(connection.id, token);
        }
    }

    /**
     * How many milliseconds the oldest may still wait; time in which the gate did not read the client does not count
     * against it.
     */
    int remainingMillis(int nowMillis) {
        if (sent.isEmpty() || connection.reader.held()) {
            return Integer.MAX_VALUE;
        }
        int waited = Math.min(nowMillis - sent.oldestMillis(), nowMillis - connection.reader.resumedMillis());
        return gate.config.deadlines().acknowledgeMillis() - waited;
    }

    /** Whether a packet of Moquette must wait. */
    boolean mustWait() {
        return !held.isEmpty() || windowFull();
    }

    boolean owns(int packetId) {
        return sent.contains(packetId);
    }

    /** Moquette has written this id: the gate's own ids stay half the range away. */
    void keepAwayFrom(int moquetteId) {
        int distance = Math.floorMod(nextId - moquetteId, ID_MAX);
        if (distance < NEAR || distance > ID_MAX - NEAR) {
            nextId = (moquetteId - 1 + HALF_OF_THE_IDS) % ID_MAX + 1;
        }
    }

    void hold(Held delivery) {
        if (held.size() >= gate.limits().flow().heldDeliveriesMax()) {
            delivery.drop();
            connection.count(GateCounter.SLOW_ACKNOWLEDGERS);
            connection.end(DisconnectCause.QUOTA_EXCEEDED);
            return;
        }
        connection.count(GateCounter.DELIVERIES_HELD);
        held.add(delivery);
    }

    void sendHeld() {
        for (Held next = held.peek(); next != null && !connection.ended(); next = held.peek()) {
            if (!next.send(this)) {
                return;
            }
            held.poll();
        }
    }

    /**
     * The node that gave the tokens has gone, and another one gives its own. The new node pushes again what waits for
     * space; what was sent must still be acknowledged by the client, but the node is not told.
     */
    void forgetTokens() {
        report();
        sent.forgetTokens();
        reported = Target.NO_TOKEN;
        held.removeIf(PushMail.class::isInstance);
    }

    void drop() {
        held.forEach(Held::drop);
        held.clear();
    }

    void trim() {
        sent.trim();
    }

    boolean windowFull() {
        int window = Math.min(client.receiveMaximum(), connection.flow().deliveryWindowMax());
        return sent.unacknowledged() + moquetteInFlight() >= window;
    }

    private int moquetteInFlight() {
        MoquetteLink moquette = connection.moquetteOrNull();
        return moquette == null ? 0 : moquette.inFlight();
    }

    /** Writes a push or decides that nothing is to be written; false if the window is full. */
    boolean send(PushMail push) {
        Target target = push.target;
        Filters.Route route = filters.route(target.topic());
        if (route.qos < 0) {
            connection.count(GateCounter.DELIVERIES_UNSUBSCRIBED);
            sent.addDone(target.token());
            connection.touch();
            return true;
        }
        int qos = Math.min(Math.min(target.qos(), 1), route.qos);
        if (!fits(route, qos, target.head(), push.shared)) {
            connection.count(GateCounter.DELIVERIES_TOO_LARGE);
            sent.addDone(target.token());
            connection.touch();
            return true;
        }
        if (qos > 0 && windowFull()) {
            return false;
        }
        if (target.qos() == 0 && target.token() == Target.NO_TOKEN && !connection.output.hasRoom()) {
            // Best effort: it must not cost the client its connection.
            connection.count(GateCounter.NOTICES_DROPPED);
            return true;
        }
        int id = qos > 0 ? takeId() : 0;
        PacketWriter.publish(
                connection.out(),
                client.v5(),
                route.encodedTopic,
                qos,
                id,
                route.subscriptionIds,
                target.head(),
                push.shared);
        pushed++;
        if (qos > 0) {
            addSent(id, target.token());
        } else if (target.token() != Target.NO_TOKEN) {
            addSent(-connection.output.nextWriteNumber(), target.token());
        }
        return true;
    }

    private void addSent(int key, long token) {
        if (sent.isEmpty()) {
            connection.watch(gate.config.deadlines().acknowledgeMillis());
        }
        sent.add(key, token, gate.now());
    }

    private boolean fits(Filters.Route route, int qos, byte[] head, byte[] shared) {
        return client.packetBytesMax() == Integer.MAX_VALUE
                || PacketWriter.publishBytes(client.v5(), route.encodedTopic, qos, route.subscriptionIds, head, shared)
                        <= client.packetBytesMax();
    }

    private int takeId() {
        MoquetteLink moquette = connection.moquetteOrNull();
        int id;
        do {
            id = nextId;
            nextId = id == ID_MAX ? 1 : id + 1;
        } while (moquette != null && moquette.uses(id));
        return id;
    }

    /** A delivery that waits for space in the window. */
    interface Held {
        /** Sends it; false if the window is full. */
        boolean send(Deliveries deliveries);

        /** It will never be sent. */
        void drop();
    }
}
