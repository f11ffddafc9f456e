package io.hongyan.broker.server;

import io.hongyan.broker.hook.DisconnectCause;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import io.netty.util.ReferenceCountUtil;

/** Which part of a connection deals with which packet of its client. */
final class ClientPackets {
    private static final int REASON_WITH_WILL = 0x04;

    /**
     * One packet of the stream. The frequent ones are read here, byte by byte; the others take the way through the full
     * decoder.
     *
     * @param body index of the variable header, {@code length} its bytes and those of the payload
     * @return false where it is to be read again later
     */
    static boolean read(Connection connection, ByteBuf in, int start, int total, int body, int length) {
        int type = in.getByte(start) >>> 4 & 0xF;
        boolean first = connection.awaitsConnect();
        if (first != (type == Packets.CONNECT) || type == Packets.AUTH) {
            return connection.protocolError();
        }
        switch (type) {
            case Packets.PUBLISH:
                return connection.publishes.read(in, start, total, body, length);
            case Packets.PUBACK:
                return acknowledged(connection, in, start, total, body, length);
            case Packets.PINGREQ:
                if (length != 0) {
                    return connection.malformed();
                }
                Packets.pingResponse(connection.out());
                return true;
            case Packets.SUBSCRIBE, Packets.UNSUBSCRIBE:
                return HostChange.mayAsk(connection) && connection.decode(in.slice(start, total));
            case Packets.CONNACK, Packets.SUBACK, Packets.UNSUBACK, Packets.PINGRESP, 0:
                return connection.protocolError();
            default:
                return connection.decode(in.slice(start, total));
        }
    }

    /** A packet that went through the full decoder. */
    static void decoded(Connection connection, MqttMessage packet) {
        if (packet.decoderResult().isFailure()) {
            ReferenceCountUtil.release(packet);
            if (connection.awaitsConnect()) {
                Admission.refuseUndecodable(connection, packet.decoderResult().cause());
            } else {
                connection.malformed();
            }
            return;
        }
        switch (packet.fixedHeader().messageType()) {
            case CONNECT -> connection.admit((MqttConnectMessage) packet);
            case SUBSCRIBE -> SubscriptionRequest.subscribe(connection, (MqttSubscribeMessage) packet);
            case UNSUBSCRIBE -> SubscriptionRequest.unsubscribe(connection, (MqttUnsubscribeMessage) packet);
            case PUBREC, PUBREL, PUBCOMP -> connection.moquette().acknowledged(packet);
            case DISCONNECT -> disconnected(connection, packet);
            default -> connection.moquette().pass(packet);
        }
    }

    private static boolean acknowledged(Connection connection, ByteBuf in, int start, int total, int body, int length) {
        if (in.getByte(start) != Packets.PUBACK << 4 || length < 2) {
            return connection.malformed();
        }
        int packetId = in.getUnsignedShort(body);
        if (connection.acknowledged(packetId)) {
            return true;
        }
        if (connection.moquetteInFlight() > 0 && connection.moquette().acknowledged(packetId)) {
            return connection.decode(in.slice(start, total));
        }
        connection.count(GateCounter.ACKNOWLEDGEMENTS_UNKNOWN);
        return true;
    }

    private static void disconnected(Connection connection, MqttMessage packet) {
        int reason = 0;
        if (packet.variableHeader() instanceof MqttReasonCodeAndPropertiesVariableHeader header) {
            reason = header.reasonCode();
            MqttProperties.MqttProperty<?> expiry =
                    header.properties().getProperty(PropertyIds.SESSION_EXPIRY_INTERVAL);
            if (expiry != null && !changeExpiry(connection, (Integer) expiry.value() & 0xFFFFFFFFL)) {
                ReferenceCountUtil.release(packet);
                connection.protocolError();
                return;
            }
        }
        connection.passDisconnect(packet);
        connection.end(
                reason == 0 || reason == REASON_WITH_WILL
                        ? DisconnectCause.CLIENT_DISCONNECTED
                        : DisconnectCause.CONNECTION_LOST);
    }

    /** What ends with the connection cannot be made to outlive it any more (MQTT 5, 3.14.2.2.2). */
    private static boolean changeExpiry(Connection connection, long seconds) {
        if (connection.sessionExpirySeconds == 0 && seconds > 0) {
            return false;
        }
        connection.sessionExpirySeconds =
                (int) Math.min(seconds, connection.gate.config.deadlines().sessionExpiryMaxSeconds());
        return true;
    }

    private ClientPackets() {}
}
