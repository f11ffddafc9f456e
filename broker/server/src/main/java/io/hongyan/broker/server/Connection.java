package io.hongyan.broker.server;

import io.hongyan.broker.hook.ConnectionId;
import io.hongyan.broker.hook.DisconnectCause;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * One client's connection: its phase, its end and its deadlines. All of it happens on the connection's event loop; the parts
 * (reading, output, publishes, deliveries, Moquette, a CONNECT or SUBSCRIBE in progress) hang on it, and those an idle
 * client does not need exist only while they are needed.
 */
final class Connection extends TimerWheel.Entry {
    private static final long LINGER_MILLIS = 300;

    final Gate gate;
    final GateLoop loop;
    final Channel channel;
    final ConnectionId id;
    final PacketReader reader;
    final Publishes publishes;
    final Share addressShare;
    final int openedMillis;
    int endingSince;
    /** By which limits of addresses hold. */
    final InetAddress address;

    /** Writes from here go to the network as they are. */
    ChannelHandlerContext wire;
    /** What is fired from here reaches Moquette. */
    ChannelHandlerContext inner;

    // Known from CONNECT and the host's answer.
    String clientId;
    Share userShare;
    boolean v5;
    boolean problemInformation = true;
    boolean messaging;
    String genericPrefix;
    String resume = "";
    int receiveMaximum;
    int clientPacketBytesMax;
    int sessionExpirySeconds;
    boolean moquetteSessionBefore;
    int keepAliveMillis;
    Filters filters;
    /** Null where the host answers for no user, and then the share of the user is null too. */
    String user;
    /** Null once CONNECT is answered. */
    Admission admission;
    /** Null while no SUBSCRIBE or UNSUBSCRIBE is under way. */
    SubscriptionRequest subscription;

    /** The host was asked about this connection and must hear of its end. */
    boolean asked;
    /** What it counts for in {@link HandshakeBudget}, which guards it. */
    int handshakeBytes;
    /** The host that let it in is gone, and no other has taken it yet. */
    boolean awaitsHost;
    /** Null while the client is not being announced. */
    Resumption resumption;
    /** An older connection has the client id still; see {@link Succession}. */
    boolean waitingForPredecessor;
    /** The newer connection that waits for this one, null where there is none. */
    Connection successor;

    private final Output output;
    private Phase phase = Phase.AWAITING_CONNECT;
    private DisconnectCause cause = DisconnectCause.CONNECTION_LOST;
    private Deliveries deliveries;
    private MoquetteLink moquette;
    private boolean touched;
    private boolean inRead;
    private boolean leaving;
    private boolean lingers;

    Connection(Gate gate, Channel channel, InetAddress address, Share addressShare, boolean webSocket) {
        this.gate = gate;
        this.address = address;
        this.addressShare = addressShare;
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
        /** Nothing passes any more in either direction. */
        ENDING,
        /** The socket is closed; Moquette may still be about to answer its CONNECT. */
        CLOSED,
        GONE
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

    /** CONNACK is written. */
    void established() {
        phase = Phase.CONNECTED;
        admission = null;
        gate.connected(this);
        if (keepAliveMillis > 0) {
            watch(keepAliveMillis);
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

    /** Ends the connection: what is to be written is written, then DISCONNECT for MQTT 5, then the socket closes. */
    boolean end(DisconnectCause why) {
        return end(why, null);
    }

    /** The same with a sentence for the client, null = none. */
    private boolean end(DisconnectCause why, String text) {
        if (ended()) {
            return false;
        }
        // Whoever has said DISCONNECT hears nothing more.
        boolean tell = connected()
                && v5
                && why != DisconnectCause.CLIENT_DISCONNECTED
                && why != DisconnectCause.CONNECTION_LOST;
        if (tell) {
            String elsewhere = why == DisconnectCause.USE_ANOTHER_SERVER ? gate.draining.serverReference() : null;
            Packets.disconnect(output.buffer(), why.reasonCode(), text, elsewhere, clientPacketBytesMax);
        }
        startEnding(why, null, null);
        if (lingers) {
            if (!output.isEmpty()) {
                output.writeLast();
            }
            channel.eventLoop().schedule(() -> attempt(this::close), LINGER_MILLIS, TimeUnit.MILLISECONDS);
            return false;
        }
        if (output.isEmpty()) {
            close();
            return false;
        }
        output.writeLast().addListener(done -> loop.post(new ConnectionMail(this, Connection::close)));
        return false;
    }

    /** Ends the connection with nothing more written; {@code reason} and {@code detail} as for {@link EndLog#ended}. */
    void cut(DisconnectCause why, String reason, Object detail) {
        startEnding(why, reason, detail);
        closeSocket();
    }

    /**
     * The host ends it; what it has answered and pushed before is written. A client of MQTT 3.1.1 learns why from what it was
     * pushed only, and some drop what they have not handed on when the socket closes: it is closed a moment later.
     */
    void dismiss(DisconnectCause why) {
        lingers = connected() && !v5;
        disconnect(why);
    }

    /** As the host would, but at once. */
    void disconnect(DisconnectCause why) {
        if (connected()) {
            publishes.writeAnswers();
        }
        end(why);
    }

    /** Ends the connection once what the client has asked so far is answered; nothing more is read. */
    void moveAway() {
        if (connected() && !leaving) {
            leaving = true;
            reader.hold(PacketReader.LEAVING);
            touch();
        }
    }

    void failed(Throwable failure) {
        if (failure instanceof CorruptedWebSocketFrameException frame
                && frame.closeStatus().equals(WebSocketCloseStatus.MESSAGE_TOO_BIG)) {
            count(GateCounter.PACKETS_TOO_LARGE);
        }
        if (failure instanceof IOException || failure instanceof DecoderException) {
            if (!ended()) {
                gate.connectionFailed(id, failure);
            }
            cut(DisconnectCause.CONNECTION_LOST, null, null);
        } else {
            taskFailed(failure);
        }
    }

    /**
     * Something of the gate's own failed for this connection: it is closed, so that its client comes again and is served from
     * its inbox, what was taken over and not written included. Never throws.
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

    /** Runs a task that another connection, or the loop itself, does not depend on. Never throws. */
    void attempt(Runnable task) {
        try {
            task.run();
        } catch (Throwable failure) {
            taskFailed(failure);
        }
    }

    /** Ends the connection for a packet that may not be as it is. */
    boolean refuse(PacketFault fault) {
        count(fault.counter());
        if (awaitsConnect()) {
            Admission.answerFault(this, fault);
        }
        return end(fault.cause(), fault.text());
    }

    private void startEnding(DisconnectCause why, String reason, Object detail) {
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

    /** Closes the socket, in a way that lets the client read what was written last. */
    void close() {
        if (phase == Phase.ENDING && output.lastWritten() && channel.isActive() && !entersMoquette()) {
            leave();
            Farewell.begin(this);
        } else {
            closeSocket();
        }
    }

    /** At once, unless Moquette is just taking the client in: it would never clear up behind a lost CONNACK. */
    private void closeSocket() {
        if (!entersMoquette()) {
            channel.close();
        }
    }

    private boolean entersMoquette() {
        return moquette != null && moquette.entering();
    }

    void inactive() {
        gate.closed(this); // first, so that it counts no more whatever fails then
        leave();
    }

    /** There is no client any more. */
    private void leave() {
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

    /** The client is gone, and Moquette may still have something of it. */
    boolean isClosed() {
        return phase == Phase.CLOSED;
    }

    /** Nothing of it is left, in Moquette neither. */
    boolean isGone() {
        return phase == Phase.GONE;
    }

    /** Moquette is done with this connection too: its successor may enter. */
    void gone() {
        if (phase != Phase.CLOSED) {
            return;
        }
        phase = Phase.GONE;
        loop.timers.forget(this);
        if (!waitingForPredecessor) {
            Succession.giveUpClientId(this);
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

    /** Makes sure that what happened is written and reported before the event loop waits again. */
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
        if (leaving && !ended() && publishes.allAnswered() && subscription == null) {
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

    Output output() {
        return output;
    }

    void count(GateCounter counter) {
        gate.counters.increment(counter);
    }

    // ---- deliveries

    void push(Push push) {
        if (connected()) {
            deliveries().push(push);
        }
    }

    /** The tokens of what is on its way mean nothing any more. */
    void forgetTokens() {
        if (deliveries != null) {
            deliveries.forgetTokens();
        }
    }

    Deliveries deliveries() {
        if (deliveries == null) {
            deliveries = new Deliveries(this);
        }
        return deliveries;
    }

    boolean acknowledged(int packetId) {
        return deliveries != null && deliveries.acknowledged(packetId);
    }

    /** Whether something is to be reported when it has been written. */
    boolean awaitsWrite() {
        return deliveries != null && deliveries.awaitsWrite();
    }

    void written(int writeNumber) {
        if (!ended()) {
            deliveries.written(writeNumber);
            touch();
        }
    }

    // ---- Moquette

    MoquetteLink moquette() {
        if (moquette == null) {
            moquette = new MoquetteLink(this);
        }
        return moquette;
    }

    Set<String> moquetteFilters() {
        return moquette == null ? Set.of() : moquette.memory().filters();
    }

    int moquetteInFlight() {
        return moquette == null ? 0 : moquette.inFlight();
    }

    boolean moquetteUses(int packetId) {
        return moquette != null && moquette.uses(packetId);
    }

    /** The client has said DISCONNECT with this reason. */
    void passDisconnect(int reasonCode) {
        if (moquette != null) {
            moquette.disconnected(reasonCode);
        }
    }

    void writabilityChanged() {
        if (moquette != null) {
            moquette.writabilityChanged();
        }
    }

    // ---- deadlines

    /** Deadlines that stood still while reading was held run again. */
    void watchIdle() {
        if (connected() && (keepAliveMillis > 0 || deliveries != null)) {
            watch(Patience.whileIdle(this));
        }
    }

    void watch(int delayMillis) {
        loop.timers.watch(this, gate.nowMillis() + delayMillis);
    }

    @Override
    void expired() {
        int now = gate.now();
        int patience = switch (phase) {
            case AWAITING_CONNECT, CONNECTING -> Patience.beforeConnack(this, now);
            case CONNECTED -> Patience.with(this, deliveries, now);
            case ENDING, CLOSED -> Patience.ending(this, now);
            case GONE -> Integer.MAX_VALUE;
        };
        if (patience != Integer.MAX_VALUE && phase != Phase.GONE) {
            watch(patience);
        }
    }

    @Override
    public String toString() {
        return id + "[" + phase + ", " + Addresses.of(channel) + ", client id " + clientId + "]";
    }
}
