package io.hongyan.broker.server;

import io.hongyan.broker.hook.ConnectionId;
import io.hongyan.broker.hook.DisconnectCause;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import java.net.InetAddress;

/**
 * One client's connection: its phase, its end and its deadlines. All of it happens on the connection's event loop. Its
 * parts (reading, output, publishes, deliveries, Moquette, a CONNECT or SUBSCRIBE in progress) belong to it; those that
 * an idle client does not need exist only while they are needed.
 */
final class Connection extends TimerWheel.Entry {
    final Gate gate;
    final GateLoop loop;
    final Channel channel;
    final ConnectionId id;
    final PacketReader reader;
    final Publishes publishes;
    final Output output;
    final Share addressShare;
    /** Those of its opening; what others of them say may have changed since. */
    private final ClientLimits limits;

    final int openedMillis;
    int endingSince;
    /** The address by which limits apply. */
    final InetAddress address;

    /** Writes from this handler go to the network unchanged. */
    ChannelHandlerContext wire;
    /** Events fired from this handler reach Moquette. */
    ChannelHandlerContext inner;

    /** Null if the node answers for no user. */
    Share userShare;
    /** Null until the client is accepted, and if only totals hold for what is stored for it. */
    Owner owner;
    /** Set by CONNECT, unless DISCONNECT changes it. */
    int sessionExpirySeconds;
    /** Null once CONNECT is answered. */
    Admission admission;
    /** Null unless a SUBSCRIBE or UNSUBSCRIBE is in progress. */
    SubscriptionRequest subscription;

    /** The node was asked about this connection and must be told of its end. */
    boolean asked;
    /** Its bytes in {@link HandshakeBudget}, which guards this field. */
    int handshakeBytes;
    /** The node that accepted it has gone, and no other has accepted it yet. */
    boolean awaitsNode;
    /** Null unless the client is being announced. */
    Resumption resumption;
    /** An older connection still has the client id; see {@link SessionTakeover}. */
    boolean waitingForPredecessor;
    /** The newer connection that waits for this one to end, null if there is none. */
    Connection successor;

    private ClientProfile client = ClientProfile.UNKNOWN;
    /** Null until the client is accepted. */
    private Filters filters;

    private Phase phase = Phase.AWAITING_CONNECT;
    private DisconnectCause cause = DisconnectCause.CONNECTION_LOST;
    private Deliveries deliveries;
    private MoquetteLink moquette;
    private boolean touched;
    private boolean inRead;
    private boolean lingers;

    Connection(Gate gate, Channel channel, InetAddress address, Share addressShare, boolean webSocket) {
        this.gate = gate;
        this.address = address;
        this.addressShare = addressShare;
        this.limits = gate.limits();
        this.loop = gate.loop(channel);
        this.channel = channel;
        this.id = gate.nextId();
        this.openedMillis = gate.now();
        this.reader = new PacketReader(this);
        this.publishes = new Publishes(this);
        this.output = new Output(this, webSocket);
    }

    private enum Phase {
        AWAITING_CONNECT,
        CONNECTING,
        CONNECTED,
        /** Nothing passes in either direction any more. */
        ENDING,
        /** The socket is closed; Moquette may still be about to answer its CONNECT. */
        CLOSED,
        GONE
    }

    /** The largest packet that its client may send, which CONNACK tells it. */
    int packetBytesMax() {
        return limits.packets().packetBytesMax();
    }

    /** What may be unanswered, which CONNACK tells its client in part, and its socket's write buffer. */
    BrokerConfig.FlowLimits flow() {
        return limits.flow();
    }

    // ---- from socket to CONNACK

    boolean awaitsConnect() {
        return phase == Phase.AWAITING_CONNECT;
    }

    void admit(MqttConnectMessage connect) {
        phase = Phase.CONNECTING;
        admission = new Admission(this, connect);
        admission.begin();
    }

    /** The profile of the client from now on. */
    void client(ClientProfile known) {
        client = known;
        reader.client(known);
        publishes.client(known);
    }

    ClientProfile client() {
        return client;
    }

    /** The node accepts it; these are the claimed filters that it holds. */
    void admitted(ClientProfile known, Filters granted) {
        client(known);
        filters = granted;
    }

    Filters filters() {
        return filters;
    }

    /** CONNACK is written. */
    void established() {
        phase = Phase.CONNECTED;
        admission = null;
        gate.connected(this);
        if (client.keepAliveMillis() > 0) {
            watch(client.keepAliveMillis());
        }
        reader.release(PacketReader.CONNECT);
        if (deliveries != null) {
            deliveries.sendHeld();
        }
    }

    boolean connected() {
        return phase == Phase.CONNECTED;
    }

    // ---- the end

    boolean ended() {
        return phase.ordinal() >= Phase.ENDING.ordinal();
    }

    /** Whether its socket closes a moment later. */
    boolean lingers() {
        return lingers;
    }

    /** Ends the connection as {@link Ending#begin} says. */
    boolean end(DisconnectCause why) {
        return Ending.begin(this, why, null);
    }

    /** Ends the connection with nothing more written; {@code reason} and {@code detail} as for {@link EndLog#ended}. */
    void cut(DisconnectCause why, String reason, Object detail) {
        startEnding(why, reason, detail);
        Ending.closeSocket(this);
    }

    /**
     * The node ends it; earlier answers and pushes are written first. A client of MQTT 3.1.1 learns the reason only
     * from a push, and some clients drop unread data when the socket closes, so the socket closes a moment later.
     */
    void dismiss(DisconnectCause why) {
        lingers = connected() && !client.v5();
        disconnect(why);
    }

    /** Ends it as the node would, but at once. */
    void disconnect(DisconnectCause why) {
        if (connected()) {
            publishes.writeAnswers();
        }
        end(why);
    }

    /**
     * A task of the gate failed for this connection. It is closed, so that its client reconnects and is served from its
     * inbox, including what was accepted and not written. Never throws.
     */
    @Override
    void taskFailed(Throwable failure) {
        try {
            cut(DisconnectCause.IMPLEMENTATION_SPECIFIC_ERROR, EndLog.TASK_FAILED, failure);
        } catch (Throwable again) {
            failure.addSuppressed(again);
            channel.close();
        }
        gate.taskFailed(id, failure);
    }

    /** Runs a task on which neither another connection nor the loop depends. Never throws. */
    void attempt(Runnable task) {
        try {
            task.run();
        } catch (Throwable failure) {
            taskFailed(failure);
        }
    }

    /** Ends the connection because a packet has a fault. */
    boolean refuse(PacketFault fault) {
        count(fault.counter());
        if (awaitsConnect()) {
            Admission.answerFault(this, fault);
        }
        return Ending.begin(this, fault.cause(), fault.text());
    }

    void startEnding(DisconnectCause why, String reason, Object detail) {
        if (ended()) {
            EndLog.again(this, detail);
            return;
        }
        phase = Phase.ENDING;
        cause = why;
        endingSince = gate.now();
        watch(gate.config.deadlines().closeMillis());
        EndLog.ended(this, why, reason, detail);
    }

    void inactive() {
        gate.closed(this); // First, so that it is not counted any more, whatever fails afterwards.
        leave();
    }

    /** The client has disconnected. */
    void leave() {
        if (isClosed() || isGone()) {
            return;
        }
        startEnding(DisconnectCause.CONNECTION_LOST, null, null);
        phase = Phase.CLOSED;
        try {
            output.discard();
            reader.discard();
            if (deliveries != null) {
                deliveries.report();
                deliveries.drop();
            }
        } catch (Throwable failure) {
            EndLog.again(this, failure);
            gate.taskFailed(id, failure);
        }
        if (asked) {
            gate.disconnected(id, cause, reader.lastPacketMillis(), sessionExpirySeconds);
        }
        subscription = null;
        admission = null;
        if (moquette == null || moquette.leave()) {
            gone();
        }
    }

    /** The client has disconnected, but Moquette may still hold something of it. */
    boolean isClosed() {
        return phase == Phase.CLOSED;
    }

    /** Nothing of it is left, in Moquette either. */
    boolean isGone() {
        return phase == Phase.GONE;
    }

    /** Moquette has finished with this connection too: its successor may be accepted. */
    void gone() {
        if (phase != Phase.CLOSED) {
            return;
        }
        phase = Phase.GONE;
        loop.timers.forget(this);
        if (!waitingForPredecessor) {
            SessionTakeover.giveUpClientId(this);
        }
    }

    // ---- turns of the event loop

    void readStarts() {
        inRead = true;
    }

    boolean inRead() {
        return inRead;
    }

    void readComplete() {
        inRead = false;
        if (moquette != null) {
            moquette.readComplete();
        }
        endTurn();
    }

    /** Makes sure that pending writes and reports are done before the event loop waits again. */
    void touch() {
        if (!touched && !inRead) {
            touched = true;
            loop.touch(this);
        }
    }

    void endTurnIfTouched() {
        if (touched) {
            touched = false;
            try {
                endTurn();
            } catch (Throwable failure) {
                taskFailed(failure);
            }
        }
    }

    private void endTurn() {
        if (ended()) {
            return;
        }
        publishes.writeAnswers();
        if (reader.heldFor(PacketReader.LEAVING) && !ended() && publishes.allAnswered() && subscription == null) {
            count(GateCounter.CLIENTS_MOVED_AWAY);
            end(DisconnectCause.USE_ANOTHER_SERVER);
        }
        if (ended()) {
            return;
        }
        output.flush();
        if (deliveries != null) {
            deliveries.report();
        }
    }

    ByteBuf out() {
        return output.buffer();
    }

    void count(GateCounter counter) {
        gate.counters.increment(counter);
    }

    // ---- parts that exist only once they are needed

    /** Null if there were none. */
    Deliveries deliveriesOrNull() {
        return deliveries;
    }

    Deliveries deliveries() {
        if (deliveries == null) {
            deliveries = new Deliveries(this);
        }
        return deliveries;
    }

    MoquetteLink moquette() {
        if (moquette == null) {
            moquette = new MoquetteLink(this);
        }
        return moquette;
    }

    /** Null if it was never needed. */
    MoquetteLink moquetteOrNull() {
        return moquette;
    }

    // ---- deadlines

    void watch(int delayMillis) {
        loop.timers.watch(this, gate.nowMillis() + delayMillis);
    }

    @Override
    void expired() {
        int now = gate.now();
        int patience = switch (phase) {
            case AWAITING_CONNECT, CONNECTING -> ClientDeadlines.beforeConnack(this, now);
            case CONNECTED -> ClientDeadlines.with(this, deliveries, now);
            case ENDING, CLOSED -> ClientDeadlines.ending(this, now);
            case GONE -> Integer.MAX_VALUE;
        };
        if (patience != Integer.MAX_VALUE && phase != Phase.GONE) {
            watch(patience);
        }
    }

    @Override
    public String toString() {
        return id + "[" + phase + ", " + AddressCounts.of(channel) + ", client id " + client.clientId() + "]";
    }
}
