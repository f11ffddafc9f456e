package io.hongyan.broker.server;

import io.hongyan.broker.hook.DisconnectCause;
import io.hongyan.broker.hook.GrantedFilter;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandler;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One connection's part in Moquette, which it enters only when it needs Moquette for a will, a generic topic or filter,
 * or a session that Moquette keeps. Passes packets both ways while both sides may have them.
 */
final class MoquetteLink {
    /** Moquette sets it when it has completed a CONNECT. */
    private static final AttributeKey<Object> COMPLETED = AttributeKey.valueOf("keepAlive");

    private static final int PUBREC_FAILED = 0x80;
    private static final int PACKET_ID_NOT_FOUND = 0x92;
    private static final int QUICK_LOOKS_MAX = 100;
    private static final int RESTORE_ID = 65_535;

    private final Connection connection;
    private final Gate gate;
    final MoquetteCommands commands;
    private final Set<Integer> outbound = new HashSet<>();
    /** Ids of QoS 2 deliveries that were too large for the client. */
    private final Set<Integer> skipped = new HashSet<>(0);

    private SessionMemory memory = new SessionMemory();
    private State state = State.OUT;
    private boolean leaving;
    private boolean hadSession;
    private boolean passedSinceRead;
    private Runnable restored;
    private int restoring;

    MoquetteLink(Connection connection) {
        this.connection = connection;
        this.gate = connection.gate;
        this.commands = new MoquetteCommands(connection);
    }

    private enum State {
        OUT,
        /** Waits until Moquette has space for its CONNECT. */
        QUEUED,
        CONNECTING,
        /** Accepted, but not yet ready for packets. */
        COMPLETING,
        READY,
        LEFT
    }

    // ---- in and out

    boolean ready() {
        return state == State.READY;
    }

    /** Its connection must end. */
    void failed(Throwable failure) {
        connection.taskFailed(failure);
    }

    /** Whether Moquette is processing a CONNECT. */
    boolean entering() {
        return state == State.CONNECTING || state == State.COMPLETING;
    }

    /** Brings the connection into Moquette; nothing is read from the client meanwhile. */
    void attach() {
        if (state == State.OUT) {
            state = State.QUEUED;
            connection.reader.hold(PacketReader.MOQUETTE);
            connection.loop.enterMoquette(this);
        }
    }

    /** Moquette has space; false if the connection does not need it any more. */
    boolean enter() {
        if (state != State.QUEUED || connection.ended()) {
            return false;
        }
        state = State.CONNECTING;
        connection.count(GateCounter.GENERIC_ATTACHED);
        boolean hadBefore = gate.keptSessions.has(connection.client().clientId(), gate.nowMillis());
        MqttConnectMessage connect = MoquetteConnect.of(connection);
        if (hadBefore && !MoquetteConnect.fresh(connection)) {
            memory = gate.keptSessions.memory(connection.client().clientId());
        } else {
            gate.forgetSession(connection.client().clientId());
        }
        tell(inner -> {
            inner.fireChannelActive();
            MoquetteIds.goOn(connection.channel, memory.lastPacketId());
            inner.fireChannelRead(connect);
        });
        return true;
    }

    /** The socket has closed; false if Moquette is about to answer a CONNECT, for which the connection must wait. */
    boolean leave() {
        switch (state) {
            case READY -> {
                state = State.LEFT;
                MoquetteTask.surelyCausedBy(connection, connection.inner::fireChannelInactive);
                gate.leftMoquette(connection, memory);
                return true;
            }
            case CONNECTING, COMPLETING -> {
                leaving = true;
                return false;
            }
            default -> {
                state = State.LEFT;
                return true;
            }
        }
    }

    /** No answer to CONNECT came before the socket closed: Moquette must drop whatever state it has. */
    void abandon() {
        if (state == State.CONNECTING) {
            connection.loop.leftMoquette();
        }
        state = State.LEFT;
        gate.purgeFromMoquette(connection.client().clientId());
    }

    private void connectAnswered(MqttConnAckMessage answer, ChannelPromise promise) {
        promise.trySuccess();
        if (state != State.CONNECTING) {
            return;
        }
        connection.loop.leftMoquette();
        if (answer.variableHeader().connectReturnCode() != MqttConnectReturnCode.CONNECTION_ACCEPTED) {
            notAdmitted();
            return;
        }
        hadSession = answer.variableHeader().isSessionPresent();
        state = State.COMPLETING;
        awaitCompletion(0);
    }

    private void notAdmitted() {
        state = State.LEFT;
        gate.leftMoquette(connection, memory);
        if (leaving) {
            connection.gone();
        } else if (connection.ended()) {
            Ending.close(connection);
        } else {
            connection.end(DisconnectCause.SERVER_BUSY);
        }
    }

    /** Moquette completes in a listener that its own thread may be about to add. */
    private void awaitCompletion(int looks) {
        if (state != State.COMPLETING) {
            return;
        }
        Channel channel = connection.channel;
        if (channel.attr(COMPLETED).get() == null) {
            if (looks < QUICK_LOOKS_MAX) {
                connection.loop.execute(() -> connection.attempt(() -> awaitCompletion(looks + 1)));
            } else {
                channel.eventLoop()
                        .schedule(() -> connection.attempt(() -> awaitCompletion(looks)), 1, TimeUnit.MILLISECONDS);
            }
            return;
        }
        GatePipeline.removeTimers(channel.pipeline());
        state = State.READY;
        if (leaving) {
            tellClosed(channel.pipeline().context(GatePipeline.MOQUETTE));
            return;
        }
        if (connection.ended()) {
            Ending.close(connection);
            return;
        }
        if (connection.admission != null) {
            connection.admission.moquetteReady(hadSession);
        }
        if (connection.subscription != null) {
            connection.subscription.moquetteReady();
        }
        connection.reader.release(PacketReader.MOQUETTE);
    }

    private void tellClosed(ChannelHandlerContext handler) {
        state = State.LEFT;
        // The pipeline of a closed channel passes no events any more.
        if (handler == null) {
            gate.purgeFromMoquette(connection.client().clientId());
        } else {
            MoquetteTask.surelyCausedBy(connection, () -> {
                try {
                    ((ChannelInboundHandler) handler.handler()).channelInactive(handler);
                } catch (Exception failure) {
                    gate.connectionFailed(connection.id, failure);
                }
            });
            gate.leftMoquette(connection, memory);
        }
        connection.gone();
    }

    // ---- from the client

    void pass(MqttMessage packet) {
        if (state == State.READY) {
            passedSinceRead = connection.inRead();
            tell(inner -> inner.fireChannelRead(packet));
            commands.passed();
        } else {
            ReferenceCountUtil.release(packet);
        }
    }

    void readComplete() {
        if (passedSinceRead && state == State.READY) {
            tell(ChannelHandlerContext::fireChannelReadComplete);
        }
        passedSinceRead = false;
    }

    void writabilityChanged() {
        if (state == State.READY && !connection.ended()) {
            tell(ChannelHandlerContext::fireChannelWritabilityChanged);
        }
    }

    private void tell(Consumer<ChannelHandlerContext> what) {
        MoquetteTask.causedBy(connection, () -> what.accept(connection.inner));
    }

    SessionMemory memory() {
        return memory;
    }

    /** PUBACK of the client; false if Moquette does not wait for it. */
    boolean acknowledged(int packetId) {
        if (!outbound.remove(packetId)) {
            return false;
        }
        pass(MoquettePackets.acknowledgement(PacketWriter.PUBACK, packetId));
        connection.deliveries().sendHeld();
        return true;
    }

    /** PUBREC, PUBREL or PUBCOMP of the client. */
    void acknowledged(int type, int packetId, int reasonCode) {
        if (type == PacketWriter.PUBREL && memory.released(packetId)) {
            PacketWriter.acknowledge(connection.out(), PacketWriter.PUBCOMP, packetId);
            return;
        }
        boolean expected = switch (type) {
            case PacketWriter.PUBREC -> outbound.contains(packetId);
            case PacketWriter.PUBCOMP -> outbound.remove(packetId);
            default -> false;
        };
        if (expected) {
            if (type == PacketWriter.PUBREC && reasonCode >= PUBREC_FAILED) {
                // The client has nothing to release; Moquette continues as if it had.
                outbound.remove(packetId);
                skipped.add(packetId);
            }
            pass(MoquettePackets.acknowledgement(type, packetId));
            connection.deliveries().sendHeld();
            return;
        }
        connection.count(GateCounter.ACKNOWLEDGEMENTS_UNKNOWN);
        switch (type) {
            case PacketWriter.PUBREL -> unknown(PacketWriter.PUBCOMP, packetId);
            case PacketWriter.PUBREC -> unknown(PacketWriter.PUBREL, packetId);
            default -> {
                // A PUBCOMP ends an exchange; there is nothing to answer.
            }
        }
    }

    /** The client has sent DISCONNECT. */
    void disconnected(int reasonCode) {
        MoquetteTask.surelyCausedBy(connection, () -> pass(MoquettePackets.disconnect(reasonCode)));
    }

    private void unknown(int answer, int packetId) {
        if (connection.client().v5()) {
            PacketWriter.acknowledge(connection.out(), answer, packetId, PACKET_ID_NOT_FOUND);
        } else {
            PacketWriter.acknowledge(connection.out(), answer, packetId);
        }
    }

    // ---- subscriptions

    void subscribed(String filter) {
        memory.filters().add(filter);
    }

    void unsubscribed(String filter) {
        memory.filters().remove(filter);
    }

    /** Subscribes to filters the session had on another gate; the client does not see it. */
    void restore(List<GrantedFilter> granted, Runnable then) {
        restored = then;
        restoring = granted.size();
        for (GrantedFilter filter : granted) {
            subscribed(filter.filter());
            pass(MoquetteConnect.resubscribe(RESTORE_ID, filter));
        }
    }

    private void subscriptionAnswered(MqttMessage packet) {
        if (restored != null) {
            if (--restoring == 0) {
                Runnable then = restored;
                restored = null;
                then.run();
            }
        } else if (connection.subscription != null) {
            connection.subscription.moquetteAnswered(
                    packet instanceof MqttSubAckMessage suback
                            ? suback.payload().reasonCodes()
                            : List.of());
        }
    }

    // ---- from Moquette

    int inFlight() {
        return outbound.size();
    }

    boolean uses(int packetId) {
        return outbound.contains(packetId);
    }

    /** Moquette writes a packet. */
    void write(MqttMessage packet, ChannelPromise promise) {
        if (packet instanceof MqttConnAckMessage answer) {
            connectAnswered(answer, promise);
            return;
        }
        if (state == State.COMPLETING && packet.fixedHeader().messageType() == MqttMessageType.DISCONNECT) {
            // Moquette could not complete the CONNECT after all.
            promise.trySuccess();
            notAdmitted();
            return;
        }
        if (connection.ended() || state == State.LEFT) {
            ReferenceCountUtil.release(packet);
            promise.trySuccess();
            return;
        }
        if (packet instanceof MqttPublishMessage publish) {
            publish(publish, promise);
            return;
        }
        promise.trySuccess();
        switch (packet.fixedHeader().messageType()) {
            case SUBACK, UNSUBACK -> subscriptionAnswered(packet);
            case PUBACK -> connection.publishes.answeredByMoquette(idOf(packet), reasonOf(packet));
            case PUBREC -> received(idOf(packet), reasonOf(packet));
            case PUBREL -> release(idOf(packet));
            case DISCONNECT -> connection.end(DisconnectCause.IMPLEMENTATION_SPECIFIC_ERROR);
            default -> {
                // PUBCOMP: the gate sends its own to the client.
            }
        }
    }

    /**
     * Releases a QoS 2 delivery: nothing may come before CONNACK, and Moquette continues a session before the gate has
     * sent CONNACK.
     */
    private void release(int packetId) {
        if (skipped.remove(packetId)) {
            pass(MoquettePackets.acknowledgement(PacketWriter.PUBCOMP, packetId));
        } else if (connection.connected()) {
            sendRelease(packetId);
        } else {
            connection.deliveries().hold(new MoquetteHeld.Release(this, packetId));
        }
    }

    void sendRelease(int packetId) {
        // After a reconnect this is the first packet with this id.
        outbound.add(packetId);
        PacketWriter.acknowledge(connection.out(), PacketWriter.PUBREL, packetId);
    }

    /**
     * Moquette has accepted a QoS 2 message. It would keep it until the client releases its id; the gate releases it at
     * once, as it remembers the ids itself.
     */
    private void received(int packetId, int reasonCode) {
        if (reasonCode < PUBREC_FAILED) {
            memory.received(packetId);
            pass(MoquettePackets.acknowledgement(PacketWriter.PUBREL, packetId));
        }
        connection.publishes.answeredByMoquette(packetId, reasonCode);
    }

    /** Sends or holds a delivery of Moquette. */
    private void publish(MqttPublishMessage packet, ChannelPromise promise) {
        Deliveries deliveries = connection.deliveries();
        boolean counted = packet.fixedHeader().qosLevel().value() > 0;
        if (!connection.connected() || counted && deliveries.mustWait()) {
            deliveries.hold(new MoquetteHeld.Publish(this, packet, promise));
        } else {
            send(packet, promise);
        }
    }

    /** Sends a delivery of Moquette; false if the window is full. */
    boolean send(MqttPublishMessage packet, ChannelPromise promise) {
        Deliveries deliveries = connection.deliveries();
        if (connection.client().packetBytesMax() < Integer.MAX_VALUE
                && MoquettePackets.bytes(connection.client().v5(), packet)
                        > connection.client().packetBytesMax()) {
            connection.count(GateCounter.DELIVERIES_TOO_LARGE);
            acknowledgeInstead(packet);
            packet.release();
            promise.trySuccess();
            return true;
        }
        if (packet.fixedHeader().qosLevel().value() > 0) {
            int packetId = packet.variableHeader().packetId();
            boolean again = outbound.contains(packetId);
            if (!again && deliveries.windowFull()) {
                return false;
            }
            if (deliveries.owns(packetId)) {
                connection.count(GateCounter.PACKET_ID_COLLISIONS);
                packet.release();
                promise.trySuccess();
                connection.end(DisconnectCause.IMPLEMENTATION_SPECIFIC_ERROR);
                return true;
            }
            outbound.add(packetId);
            memory.lastPacketId(packetId);
            deliveries.keepAwayFrom(packetId);
        }
        MoquettePackets.write(connection.out(), connection.client().v5(), packet);
        packet.release();
        promise.trySuccess();
        connection.output.writeIfMuch();
        return true;
    }

    /** Moquette must not wait for an acknowledgement of a packet that the client cannot accept. */
    private void acknowledgeInstead(MqttPublishMessage packet) {
        int qos = packet.fixedHeader().qosLevel().value();
        if (qos == 0) {
            return;
        }
        int packetId = packet.variableHeader().packetId();
        if (qos == 2) {
            skipped.add(packetId);
        }
        pass(MoquettePackets.acknowledgement(qos == 1 ? PacketWriter.PUBACK : PacketWriter.PUBREC, packetId));
    }

    private static int idOf(MqttMessage packet) {
        return ((MqttMessageIdVariableHeader) packet.variableHeader()).messageId();
    }

    private static int reasonOf(MqttMessage packet) {
        return packet.variableHeader() instanceof MqttPubReplyMessageVariableHeader header
                ? header.reasonCode() & 0xFF
                : 0;
    }
}
