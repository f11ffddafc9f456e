package io.hongyan.broker.server;

import io.hongyan.broker.hook.DisconnectCause;
import io.hongyan.broker.server.PropertyRule.Place;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttProperties;

/** Decides which part of a connection handles which packet of its client, and what each packet may be. */
final class ClientPackets {
    private static final int REASON_WITH_WILL = 0x04;
    private static final int DUP = 8;
    private static final int QOS_BITS = 6;

    /** The reason codes of a client, tables 3-4 to 3-7, 3-10 and 3-11 of MQTT 5.0. */
    private static final ReasonCodes RECEIVED = ReasonCodes.of(0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99);

    private static final ReasonCodes RELEASED = ReasonCodes.of(0x00, 0x92);
    private static final ReasonCodes DISCONNECTED =
            ReasonCodes.of(0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99);
    private static final ReasonCodes AUTHENTICATED = ReasonCodes.of(0x18, 0x19);

    /**
     * What is wrong with a packet of which only the fixed header has come, null = nothing.
     *
     * @param first byte of the packet
     */
    static PacketFault headerFault(Connection connection, int first) {
        int type = first >>> 4;
        int flags = first & 0xF;
        if (connection.awaitsConnect() != (type == PacketWriter.CONNECT)) {
            return PacketFault.UNEXPECTED;
        }
        return switch (type) {
            case PacketWriter.PUBLISH ->
                (flags & QOS_BITS) == QOS_BITS || (flags & QOS_BITS) == 0 && (flags & DUP) != 0
                        ? PacketFault.FLAGS
                        : null;
            case PacketWriter.PUBREL, PacketWriter.SUBSCRIBE, PacketWriter.UNSUBSCRIBE ->
                flags == 2 ? null : PacketFault.FLAGS;
            case PacketWriter.CONNECT,
                    PacketWriter.PUBACK,
                    PacketWriter.PUBREC,
                    PacketWriter.PUBCOMP,
                    PacketWriter.PINGREQ,
                    PacketWriter.DISCONNECT -> flags == 0 ? null : PacketFault.FLAGS;
            case PacketWriter.AUTH -> flags == 0 || !connection.client().v5() ? null : PacketFault.FLAGS;
            default -> PacketFault.UNEXPECTED;
        };
    }

    /**
     * Handles one packet of the stream.
     *
     * @return false if it must be read again later, or if nothing more is to be read
     */
    static boolean read(Connection connection, Frame frame) {
        if (frame.failed()) {
            return connection.refuse(frame.fault());
        }
        return switch (frame.type()) {
            case PacketWriter.PUBLISH -> connection.publishes.read(frame);
            case PacketWriter.PUBACK, PacketWriter.PUBREC -> acknowledged(connection, frame, RECEIVED);
            case PacketWriter.PUBREL, PacketWriter.PUBCOMP -> acknowledged(connection, frame, RELEASED);
            case PacketWriter.PINGREQ -> pinged(connection, frame);
            case PacketWriter.SUBSCRIBE, PacketWriter.UNSUBSCRIBE ->
                NodeChange.mayAsk(connection) && SubscriptionRequest.read(connection, frame);
            case PacketWriter.CONNECT -> connect(connection, frame);
            case PacketWriter.DISCONNECT -> disconnected(connection, frame);
            default -> authenticated(connection, frame);
        };
    }

    private static boolean connect(Connection connection, Frame frame) {
        MqttConnectMessage connect = ConnectReader.read(connection, frame);
        if (connect == null) {
            return connection.refuse(frame.fault());
        }
        connection.admit(connect);
        return !connection.ended();
    }

    private static boolean pinged(Connection connection, Frame frame) {
        if (frame.left() > 0) {
            return connection.refuse(PacketFault.NOT_EMPTY);
        }
        PacketWriter.pingResponse(connection.out());
        return true;
    }

    private static boolean acknowledged(Connection connection, Frame frame, ReasonCodes codes) {
        int packetId = frame.packetId();
        int reasonCode = 0;
        if (frame.v5() && frame.left() > 0) {
            reasonCode = reason(frame, codes);
            if (frame.left() > 0) {
                PropertyReader.read(frame, Place.ACKNOWLEDGEMENT, null);
            }
        }
        if (!frame.complete()) {
            return connection.refuse(frame.fault());
        }
        if (frame.type() == PacketWriter.PUBACK) {
            Deliveries deliveries = connection.deliveriesOrNull();
            MoquetteLink moquette = connection.moquetteOrNull();
            boolean expected = deliveries != null && deliveries.acknowledged(packetId)
                    || moquette != null && moquette.inFlight() > 0 && moquette.acknowledged(packetId);
            if (!expected) {
                connection.count(GateCounter.ACKNOWLEDGEMENTS_UNKNOWN);
            }
        } else {
            connection.moquette().acknowledged(frame.type(), packetId, reasonCode);
        }
        return !connection.ended();
    }

    private static boolean disconnected(Connection connection, Frame frame) {
        MqttProperties properties = new MqttProperties();
        int reasonCode = 0;
        if (frame.v5() && frame.left() > 0) {
            reasonCode = reason(frame, DISCONNECTED);
            if (frame.left() > 0) {
                PropertyReader.read(frame, Place.DISCONNECT, properties);
            }
        }
        if (!frame.complete()) {
            return connection.refuse(frame.fault());
        }
        MqttProperties.MqttProperty<?> expiry = properties.getProperty(PropertyIds.SESSION_EXPIRY_INTERVAL);
        if (expiry != null && !changeExpiry(connection, (Integer) expiry.value() & 0xFFFFFFFFL)) {
            return connection.refuse(PacketFault.protocolError("A session that ends here cannot be kept any more"));
        }
        MoquetteLink moquette = connection.moquetteOrNull();
        if (moquette != null) {
            moquette.disconnected(reasonCode);
        }
        return connection.end(
                reasonCode == 0 || reasonCode == REASON_WITH_WILL
                        ? DisconnectCause.CLIENT_DISCONNECTED
                        : DisconnectCause.CONNECTION_LOST);
    }

    /** No client is logged in by an authentication that would use AUTH, so AUTH is never allowed. */
    private static boolean authenticated(Connection connection, Frame frame) {
        if (frame.v5() && frame.left() > 0) {
            reason(frame, AUTHENTICATED);
            if (frame.left() > 0) {
                PropertyReader.read(frame, Place.AUTH, null);
            }
            frame.complete();
        }
        return connection.refuse(frame.failed() ? frame.fault() : PacketFault.UNEXPECTED);
    }

    private static int reason(Frame frame, ReasonCodes codes) {
        int code = frame.u8();
        frame.require(codes.has(code), PacketFault.REASON_CODE);
        return code;
    }

    /** A session that ends with the connection cannot be made to outlive it any more (MQTT 5, 3.14.2.2.2). */
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
