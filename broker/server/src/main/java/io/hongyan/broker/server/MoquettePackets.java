package io.hongyan.broker.server;

import io.hongyan.broker.server.PropertyRule.Place;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.MqttProperty;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttPublishVariableHeader;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;

/** Converts the client's packets for Moquette, and Moquette's deliveries for the wire. */
final class MoquettePackets {
    private static final int RETAIN = 1;
    /** Memory of a user property besides its characters. */
    private static final int PAIR_BYTES = 128;

    // ---- to Moquette

    /**
     * A checked PUBLISH. Its payload is a copy: Moquette keeps messages longer than the bytes of the socket stay valid.
     * DUP is cleared: Moquette does not deliver a message with DUP to clients to which it has delivered one with that
     * packet id before.
     *
     * @param frame at the payload
     * @param properties where they begin
     */
    static MqttPublishMessage publish(Frame frame, String topic, int packetId, int properties) {
        MqttProperties decoded = MqttProperties.NO_PROPERTIES;
        if (frame.v5()) {
            decoded = new MqttProperties();
            frame.back(properties);
            PropertyReader.read(frame, Place.PUBLISH, decoded);
        }
        MqttQoS qos = MqttQoS.valueOf(frame.flags() >> 1 & 3);
        return new MqttPublishMessage(
                new MqttFixedHeader(MqttMessageType.PUBLISH, false, qos, (frame.flags() & RETAIN) != 0, 0),
                new MqttPublishVariableHeader(topic, packetId, decoded),
                Unpooled.wrappedBuffer(frame.rest()));
    }

    /** PUBACK, PUBREC, PUBREL or PUBCOMP. */
    static MqttMessage acknowledgement(int type, int packetId) {
        return new MqttMessage(header(MqttMessageType.valueOf(type)), MqttMessageIdVariableHeader.from(packetId));
    }

    static MqttMessage disconnect(int reasonCode) {
        return new MqttMessage(
                header(MqttMessageType.DISCONNECT),
                new MqttReasonCodeAndPropertiesVariableHeader((byte) reasonCode, MqttProperties.NO_PROPERTIES));
    }

    private static MqttFixedHeader header(MqttMessageType type) {
        return new MqttFixedHeader(type, false, MqttQoS.AT_MOST_ONCE, false, 0);
    }

    // ---- to the client

    /** Bytes of a delivery on the wire. */
    static int bytes(boolean v5, MqttPublishMessage packet) {
        int length = length(v5, packet);
        return 1 + PacketWriter.variableLength(length) + length;
    }

    static void write(ByteBuf out, boolean v5, MqttPublishMessage packet) {
        MqttFixedHeader fixed = packet.fixedHeader();
        int qos = fixed.qosLevel().value();
        int length = length(v5, packet);
        out.ensureWritable(length + 5);
        out.writeByte(PacketWriter.PUBLISH << 4 | (fixed.isDup() ? 8 : 0) | qos << 1 | (fixed.isRetain() ? RETAIN : 0));
        PacketWriter.writeVariable(out, length);
        PacketWriter.writeString(out, packet.variableHeader().topicName());
        if (qos > 0) {
            out.writeShort(packet.variableHeader().packetId());
        }
        if (v5) {
            MqttProperties properties = packet.variableHeader().properties();
            PacketWriter.writeVariable(out, propertiesLength(properties));
            for (MqttProperty<?> property : properties.listAll()) {
                write(out, property);
            }
        }
        ByteBuf payload = packet.payload();
        out.writeBytes(payload, payload.readerIndex(), payload.readableBytes());
    }

    private static int length(boolean v5, MqttPublishMessage packet) {
        int properties = v5 ? propertiesLength(packet.variableHeader().properties()) : 0;
        return stringLength(packet.variableHeader().topicName())
                + (packet.fixedHeader().qosLevel().value() > 0 ? 2 : 0)
                + (v5 ? PacketWriter.variableLength(properties) + properties : 0)
                + packet.payload().readableBytes();
    }

    /** Approximately the memory that a property takes: in a heap, short texts take more than their bytes. */
    static int memoryBytes(MqttProperty<?> property) {
        return length(property)
                + (property instanceof MqttProperties.UserProperties pairs
                        ? PAIR_BYTES * pairs.value().size()
                        : 0);
    }

    /** The same for all of them. */
    static int memoryBytes(MqttProperties properties) {
        int bytes = 0;
        for (MqttProperty<?> property : properties.listAll()) {
            bytes += memoryBytes(property);
        }
        return bytes;
    }

    private static int propertiesLength(MqttProperties properties) {
        int length = 0;
        for (MqttProperty<?> property : properties.listAll()) {
            length += length(property);
        }
        return length;
    }

    private static int length(MqttProperty<?> property) {
        if (property instanceof MqttProperties.UserProperties pairs) {
            int length = 0;
            for (MqttProperties.StringPair pair : pairs.value()) {
                length += 1 + stringLength(pair.key) + stringLength(pair.value);
            }
            return length;
        }
        return 1
                + switch (PropertyRule.of(property.propertyId()).type) {
                    case FLAG -> 1;
                    case TWO_BYTES, TWO_BYTES_NOT_ZERO -> 2;
                    case FOUR_BYTES, FOUR_BYTES_NOT_ZERO -> 4;
                    case VARIABLE_NOT_ZERO -> PacketWriter.variableLength((Integer) property.value());
                    case TEXT, TOPIC -> stringLength((String) property.value());
                    case BINARY -> 2 + ((byte[]) property.value()).length;
                    case TEXT_PAIR -> throw new IllegalArgumentException("A user property by itself");
                };
    }

    private static void write(ByteBuf out, MqttProperty<?> property) {
        if (property instanceof MqttProperties.UserProperties pairs) {
            for (MqttProperties.StringPair pair : pairs.value()) {
                out.writeByte(PropertyIds.USER_PROPERTY);
                PacketWriter.writeString(out, pair.key);
                PacketWriter.writeString(out, pair.value);
            }
            return;
        }
        out.writeByte(property.propertyId());
        switch (PropertyRule.of(property.propertyId()).type) {
            case FLAG -> out.writeByte((Integer) property.value());
            case TWO_BYTES, TWO_BYTES_NOT_ZERO -> out.writeShort((Integer) property.value());
            case FOUR_BYTES, FOUR_BYTES_NOT_ZERO -> out.writeInt((Integer) property.value());
            case VARIABLE_NOT_ZERO -> PacketWriter.writeVariable(out, (Integer) property.value());
            case TEXT, TOPIC -> PacketWriter.writeString(out, (String) property.value());
            case BINARY -> {
                byte[] bytes = (byte[]) property.value();
                out.writeShort(bytes.length).writeBytes(bytes);
            }
            case TEXT_PAIR -> throw new IllegalArgumentException("A user property by itself");
        }
    }

    private static int stringLength(String text) {
        return 2 + ByteBufUtil.utf8Bytes(text);
    }

    private MoquettePackets() {}
}
