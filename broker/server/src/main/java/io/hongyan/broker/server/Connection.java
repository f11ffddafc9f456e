package io.hongyan.broker.server;

import io.hongyan.broker.hook.ConnectionId;
import io.hongyan.broker.hook.DisconnectCause;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import io.netty.util.ReferenceCountUtil;

/**
 * One client's connection: its phase, what holds its reading back, its deadlines and its output. All of it happens on the
 * connection's event loop; the parts (publishes, deliveries, Moquette, a CONNECT or SUBSCRIBE in progress) hang on it and
 * exist only while needed.
 */
final class Connection extends TimerWheel.Entry {
    static final int HOLD_CONNECT = 1;
    static final int HOLD_SUBSCRIBE = 2;
    static final int HOLD_MOQUETTE = 4;
    static final int HOLD_UNANSWERED = 8;
    static final int HOLD_UNWRITABLE = 16;
    static final int HOLD_RATE = 32;

    private static final int OUT_BYTES_FIRST = 256;
    private static final int REASON_WITH_WILL = 0x04;

    final Gate gate;
    final GateLoop loop;
    final Channel channel;
    final ConnectionId id;
    final PacketReader reader = new PacketReader(this);
    final Publishes publishes = new Publishes(this);

    /** Writes from here go to the network as they are; behind the MQTT encoder. */
    ChannelHandlerContext wire;
    /** What is fired from here reaches Moquette. */
    ChannelHandlerContext inner;

    // Known from CONNECT and the host's answer.
    String clientId;
    boolean v5;
    boolean problemInformation = true;
    boolean messaging;
    String genericPrefix;
    int receiveMaximum;
    int clientPacketBytesMax;
    int sessionExpirySeconds;
    boolean moquetteSessionBefore;
    int keepAliveMillis;
    Filters filters;
    /** Null once CONNECT is answered. */
    Admission admission;
    /** Null while no SUBSCRIBE or UNSUBSCRIBE is under way. */
    SubscriptionRequest subscription;

    private final boolean webSocket;
    private final int openedMillis;
    private Phase phase = Phase.AWAITING_CONNECT;
    private DisconnectCause cause = DisconnectCause.CONNECTION_LOST;
    private boolean asked;
    private Deliveries deliveries;
    private MoquetteLink moquette;
    private PacketRate rate;
    private int holds;
    private int heldSince;
    private int lastPacketMillis;
    private int endingSince;
    private ByteBuf out;
    private boolean touched;
    private boolean inRead;
    private boolean mustFlush;
    private int writeNumber;
    private boolean waitingForPredecessor;
    private Connection successor;

    Connection(Gate gate, GateLoop loop, Channel channel, ConnectionId id, boolean webSocket) {
        this.gate = gate;
        this.loop = loop;
        this.channel = channel;
        this.id = id;
        this.webSocket = webSocket;
        this.openedMillis = gate.now();
        this.lastPacketMillis = openedMillis;
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

    // ---- the life of the socket

    void opened() {
        watch(gate.config.deadlines().connectMillis());
    }

    void inactive() {
        if (phase == Phase.CLOSED || phase == Phase.GONE) {
            return;
        }
        phase = Phase.CLOSED;
        discardOut();
        if (deliveries != null) {
            deliveries.drop();
        }
        gate.closed(this);
        if (asked) {
            gate.disconnected(id, cause, lastPacketMillis);
        }
        subscription = null;
        admission = null;
        if (moquette == null || moquette.leave()) {
            gone();
        } else {
            watch(gate.config.deadlines().closeMillis());
        }
    }

    /** Moquette is done with this connection too: its successor may enter. */
    void gone() {
        if (phase != Phase.CLOSED) {
            return;
        }
        phase = Phase.GONE;
        loop.timers.forget(this);
        if (clientId != null) {
            gate.clients.remove(this);
        }
        if (!waitingForPredecessor) {
            callSuccessor();
        }
    }

    void failed(Throwable failure) {
        if (phase.ordinal() < Phase.ENDING.ordinal()) {
            gate.connectionFailed(id, failure);
        }
        endingWithout(DisconnectCause.CONNECTION_LOST);
        channel.close();
    }

    boolean ended() {
        return phase.ordinal() >= Phase.ENDING.ordinal();
    }

    boolean connected() {
        return phase == Phase.CONNECTED;
    }

    /** Ends the connection: what is to be written is written, then DISCONNECT for MQTT 5, then the socket closes. */
    boolean end(DisconnectCause why) {
        if (ended()) {
            return false;
        }
        boolean tell = phase == Phase.CONNECTED && v5 && why != DisconnectCause.CLIENT_DISCONNECTED;
        ByteBuf last = tell || out != null ? out() : null;
        endingWithout(why);
        if (tell) {
            Packets.disconnect(last, why.reasonCode());
        }
        if (last == null) {
            channel.close();
            return false;
        }
        out = null;
        endingSince = gate.now();
        ChannelFuture written = wire.writeAndFlush(last);
        if (written.isDone()) {
            channel.close();
        } else {
            written.addListener(ChannelFutureListener.CLOSE);
            watch(gate.config.deadlines().closeMillis());
        }
        return false;
    }

    boolean malformed() {
        gate.counters.increment(GateCounter.PACKETS_MALFORMED);
        return end(DisconnectCause.MALFORMED_PACKET);
    }

    boolean protocolError() {
        gate.counters.increment(GateCounter.PROTOCOL_ERRORS);
        return end(DisconnectCause.PROTOCOL_ERROR);
    }

    void tooLarge() {
        gate.counters.increment(GateCounter.PACKETS_TOO_LARGE);
        end(DisconnectCause.PACKET_TOO_LARGE);
    }

    void count(GateCounter counter) {
        gate.counters.increment(counter);
    }

    private void endingWithout(DisconnectCause why) {
        if (!ended()) {
            phase = Phase.ENDING;
            cause = why;
            endingSince = gate.now();
        }
    }

    // ---- one connection per client id

    /** A newer connection has this client id. */
    void takenOverBy(Connection newcomer) {
        successor = newcomer;
        if (phase == Phase.GONE) {
            if (!waitingForPredecessor) {
                callSuccessor();
            }
            return;
        }
        gate.counters.increment(GateCounter.SESSIONS_TAKEN_OVER);
        end(DisconnectCause.SESSION_TAKEN_OVER);
    }

    void waitForPredecessor() {
        waitingForPredecessor = true;
    }

    void predecessorGone() {
        waitingForPredecessor = false;
        if (phase == Phase.GONE) {
            callSuccessor();
        } else if (admission != null && !ended()) {
            admission.enter();
        }
    }

    private void callSuccessor() {
        Connection next = successor;
        successor = null;
        if (next != null) {
            gate.clients.predecessorGone(next);
        }
    }

    // ---- packets from the client

    /**
     * One packet of the stream; the reader has moved behind it.
     *
     * @param body index of the variable header, {@code length} its bytes and those of the payload
     * @return false where it is to be read again later
     */
    boolean packet(ByteBuf in, int start, int total, int body, int length) {
        int type = in.getByte(start) >>> 4 & 0xF;
        if (phase == Phase.AWAITING_CONNECT) {
            if (type != Packets.CONNECT) {
                return protocolError();
            }
        } else if (type == Packets.CONNECT || type == Packets.AUTH) {
            return protocolError();
        }
        switch (type) {
            case Packets.PUBLISH:
                return publishes.read(in, start, total, body, length);
            case Packets.PUBACK:
                return acknowledged(in, start, total, body, length);
            case Packets.PINGREQ:
                if (length != 0) {
                    return malformed();
                }
                Packets.pingResponse(out());
                return true;
            case Packets.CONNACK, Packets.SUBACK, Packets.UNSUBACK, Packets.PINGRESP, 0:
                return protocolError();
            default:
                return decode(in.slice(start, total));
        }
    }

    /** Gives a packet to the full decoder; it comes back in {@link #decoded} before this returns. */
    boolean decode(ByteBuf packet) {
        wire.fireChannelRead(packet.retain());
        return !ended();
    }

    void decoded(MqttMessage packet) {
        if (packet.decoderResult().isFailure()) {
            ReferenceCountUtil.release(packet);
            if (phase == Phase.AWAITING_CONNECT) {
                Admission.refuseUndecodable(this, packet.decoderResult().cause());
            } else {
                malformed();
            }
            return;
        }
        switch (packet.fixedHeader().messageType()) {
            case CONNECT -> {
                phase = Phase.CONNECTING;
                admission = new Admission(this, (MqttConnectMessage) packet);
                admission.begin();
            }
            case SUBSCRIBE -> SubscriptionRequest.subscribe(this, (MqttSubscribeMessage) packet);
            case UNSUBSCRIBE -> SubscriptionRequest.unsubscribe(this, (MqttUnsubscribeMessage) packet);
            case PUBREC, PUBREL, PUBCOMP -> moquette().acknowledged(packet);
            case DISCONNECT -> disconnectedByClient(packet);
            default -> moquette().pass(packet);
        }
    }

    private boolean acknowledged(ByteBuf in, int start, int total, int body, int length) {
        if (in.getByte(start) != Packets.PUBACK << 4 || length < 2) {
            return malformed();
        }
        int packetId = in.getUnsignedShort(body);
        if (deliveries != null && deliveries.acknowledged(packetId)) {
            return true;
        }
        if (moquette != null && moquette.acknowledged(packetId)) {
            return decode(in.slice(start, total));
        }
        gate.counters.increment(GateCounter.ACKNOWLEDGEMENTS_UNKNOWN);
        return true;
    }

    private void disconnectedByClient(MqttMessage packet) {
        int reason = v5 && packet.variableHeader() instanceof MqttReasonCodeAndPropertiesVariableHeader header
                ? header.reasonCode()
                : 0;
        if (moquette != null) {
            moquette.pass(packet);
        }
        end(
                reason == 0 || reason == REASON_WITH_WILL
                        ? DisconnectCause.CLIENT_DISCONNECTED
                        : DisconnectCause.CONNECTION_LOST);
    }

    // ---- when the socket is read

    void bytesRead(int bytes) {
        inRead = true;
        if (gate.limitsRates()) {
            if (rate == null) {
                rate = new PacketRate(this);
            }
            rate.bytes(bytes);
        }
    }

    void packetsRead(int packets) {
        if (packets > 0) {
            lastPacketMillis = gate.now();
            if (rate != null) {
                rate.packets(packets);
            }
        }
    }

    void readComplete() {
        inRead = false;
        if (moquette != null) {
            moquette.readComplete();
        }
        endTurn();
    }

    void hold(int reason) {
        if (holds == 0) {
            heldSince = gate.now();
            watch(gate.config.deadlines().readPausedMillis());
        }
        holds |= reason;
    }

    void release(int reason) {
        if ((holds & reason) == 0) {
            return;
        }
        holds &= ~reason;
        if (holds == 0 && !ended()) {
            // The client was not heard while nobody listened.
            lastPacketMillis = gate.now();
            reader.resume();
        }
    }

    int heldFor() {
        return holds;
    }

    boolean held() {
        return holds != 0;
    }

    void writabilityChanged() {
        if (channel.isWritable()) {
            release(HOLD_UNWRITABLE);
        } else {
            hold(HOLD_UNWRITABLE);
        }
        if (moquette != null) {
            moquette.writabilityChanged();
        }
    }

    // ---- what is written

    ByteBuf out() {
        if (out == null) {
            out = channel.alloc().directBuffer(OUT_BYTES_FIRST);
            touch();
        }
        return out;
    }

    int nextWriteNumber() {
        return writeNumber + 1;
    }

    /** Writes what has gathered, so that something else can follow it. */
    void writeOut() {
        if (out == null) {
            return;
        }
        ByteBuf bytes = out;
        out = null;
        mustFlush = true;
        if (deliveries != null && deliveries.awaitsWrite()) {
            int number = ++writeNumber;
            wire.write(bytes).addListener(done -> written(number, done.isSuccess()));
        } else {
            wire.write(bytes, webSocket ? wire.newPromise() : wire.voidPromise());
        }
    }

    /** Something was written past {@link #out}; it is flushed at the end of the turn. */
    void mustFlush() {
        mustFlush = true;
        touch();
    }

    void touch() {
        if (!touched && !inRead) {
            touched = true;
            loop.touch(this);
        }
    }

    void endTurnIfTouched() {
        if (touched) {
            touched = false;
            endTurn();
        }
    }

    private void endTurn() {
        if (ended()) {
            return;
        }
        publishes.writeAnswers();
        writeOut();
        if (mustFlush) {
            mustFlush = false;
            wire.flush();
            checkBacklog();
        }
        if (deliveries != null) {
            deliveries.report();
        }
    }

    private void written(int number, boolean success) {
        if (success && !ended()) {
            deliveries.written(number);
            touch();
        }
    }

    private void checkBacklog() {
        if (!channel.isWritable()
                && channel.bytesBeforeWritable() > gate.config.flow().outboundBytesMax()) {
            gate.counters.increment(GateCounter.SLOW_READERS);
            endingWithout(DisconnectCause.QUOTA_EXCEEDED);
            channel.close();
        }
    }

    private void discardOut() {
        if (out != null) {
            out.release();
            out = null;
        }
    }

    // ---- deliveries and Moquette

    void push(Push push) {
        if (connected()) {
            deliveries().push(push);
        }
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

    int moquetteFilters() {
        return moquette == null ? 0 : moquette.filterCount();
    }

    int moquetteInFlight() {
        return moquette == null ? 0 : moquette.inFlight();
    }

    boolean moquetteUses(int packetId) {
        return moquette != null && moquette.uses(packetId);
    }

    /** The host is being asked about this connection and must hear of its end. */
    void askedHost() {
        asked = true;
    }

    /** CONNACK is written. */
    void established() {
        phase = Phase.CONNECTED;
        admission = null;
        gate.connected(id);
        if (keepAliveMillis > 0) {
            watch(keepAliveMillis);
        }
        release(HOLD_CONNECT);
        if (deliveries != null) {
            deliveries.sendHeld();
        }
    }

    // ---- deadlines

    void watch(int delayMillis) {
        loop.timers.watch(this, gate.nowMillis() + delayMillis);
    }

    @Override
    void expired() {
        int now = gate.now();
        int patience = switch (phase) {
            case AWAITING_CONNECT, CONNECTING -> connectPatience(now);
            case CONNECTED -> connectedPatience(now);
            case ENDING, CLOSED -> endingPatience(now);
            case GONE -> Integer.MAX_VALUE;
        };
        if (patience != Integer.MAX_VALUE && phase != Phase.GONE) {
            watch(Math.max(patience, 1));
        }
    }

    private int connectPatience(int now) {
        int patience = gate.config.deadlines().connectMillis() - (now - openedMillis);
        if (patience <= 0) {
            gate.counters.increment(GateCounter.CONNECTS_TIMED_OUT);
            if (admission == null) {
                end(DisconnectCause.CONNECTION_LOST);
            } else {
                admission.timedOut();
            }
            return gate.config.deadlines().closeMillis();
        }
        return patience;
    }

    private int connectedPatience(int now) {
        int patience = publishes.patienceMillis(now);
        if (patience <= 0) {
            return overdue(GateCounter.PUBLISHES_TIMED_OUT, DisconnectCause.SERVER_BUSY);
        }
        if (deliveries != null) {
            int acknowledge = deliveries.patienceMillis(now);
            if (acknowledge <= 0) {
                return overdue(GateCounter.ACKNOWLEDGEMENTS_TIMED_OUT, DisconnectCause.ACKNOWLEDGEMENT_TIMEOUT);
            }
            patience = Math.min(patience, acknowledge);
            deliveries.trim();
            filters.forgetRoutes();
        }
        if (holds != 0) {
            int paused = gate.config.deadlines().readPausedMillis() - (now - heldSince);
            if (paused <= 0) {
                return overdue(GateCounter.READS_PAUSED_TOO_LONG, DisconnectCause.QUOTA_EXCEEDED);
            }
            patience = Math.min(patience, paused);
        } else if (keepAliveMillis > 0) {
            int silence = keepAliveMillis - (now - lastPacketMillis);
            if (silence <= 0) {
                return overdue(GateCounter.KEEP_ALIVE_TIMEOUTS, DisconnectCause.KEEP_ALIVE_TIMEOUT);
            }
            patience = Math.min(patience, silence);
        }
        return patience;
    }

    private int endingPatience(int now) {
        int patience = gate.config.deadlines().closeMillis() - (now - endingSince);
        if (patience > 0) {
            return patience;
        }
        if (phase == Phase.CLOSED) {
            // Moquette never answered the CONNECT it was given, so it knows nothing of this connection.
            moquette.abandon();
            gone();
            return Integer.MAX_VALUE;
        }
        channel.close();
        return gate.config.deadlines().closeMillis();
    }

    private int overdue(GateCounter counter, DisconnectCause why) {
        gate.counters.increment(counter);
        end(why);
        return gate.config.deadlines().closeMillis();
    }

    @Override
    public String toString() {
        return id + "[" + phase + ", client id " + clientId + "]";
    }
}
