package io.hongyan.broker.server;

import io.hongyan.broker.server.PropertyRule.Place;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectPayload;
import io.netty.handler.codec.mqtt.MqttConnectVariableHeader;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttQoS;

/** Reads CONNECT, section 3.1 of both versions. */
final class ConnectReader {
    private static final int QOS_MAX = 2;

    private static final int RESERVED = 0x01;
    private static final int CLEAN = 0x02;
    private static final int WILL = 0x04;
    private static final int WILL_RETAIN = 0x20;
    private static final int PASSWORD = 0x40;
    private static final int USER = 0x80;

    /** Null if it has a fault. Tells the connection what it needs to answer that: version and packet size. */
    static MqttConnectMessage read(Connection connection, Frame frame) {
        String protocol = frame.text();
        int level = frame.u8();
        version(frame, protocol, level);
        int protocolLevel = frame.v5() ? ClientProfile.LEVEL_5 : ClientProfile.LEVEL_3_1_1;
        connection.client(ClientProfile.speaking(protocolLevel, 0));
        int flags = frame.u8();
        frame.require(consistent(flags, frame.v5()), PacketFault.CONNECT_FLAGS);
        int keepAlive = frame.u16();
        MqttProperties properties = new MqttProperties();
        if (frame.v5()) {
            PropertyReader.read(frame, Place.CONNECT, properties);
        }
        if (frame.failed()) {
            return null;
        }
        connection.client(ClientProfile.speaking(protocolLevel, packetBytesMax(properties)));
        MqttConnectPayload payload = payload(frame, flags);
        if (!frame.complete()) {
            return null;
        }
        return new MqttConnectMessage(
                new MqttFixedHeader(MqttMessageType.CONNECT, false, MqttQoS.AT_MOST_ONCE, false, 0),
                new MqttConnectVariableHeader(
                        protocol,
                        level,
                        has(flags, USER),
                        has(flags, PASSWORD),
                        has(flags, WILL_RETAIN),
                        willQos(flags),
                        has(flags, WILL),
                        has(flags, CLEAN),
                        keepAlive,
                        properties),
                payload);
    }

    private static void version(Frame frame, String protocol, int level) {
        boolean named = protocol.equals("MQTT");
        frame.require(named || protocol.equals("MQIsdp"), PacketFault.PROTOCOL_NAME);
        frame.require(
                named && (level == ClientProfile.LEVEL_3_1_1 || level == ClientProfile.LEVEL_5), PacketFault.VERSION);
        frame.version5(named && level == ClientProfile.LEVEL_5);
    }

    private static boolean consistent(int flags, boolean v5) {
        boolean will = has(flags, WILL) ? willQos(flags) <= QOS_MAX : willQos(flags) == 0 && !has(flags, WILL_RETAIN);
        return will && !has(flags, RESERVED) && (v5 || has(flags, USER) || !has(flags, PASSWORD));
    }

    private static MqttConnectPayload payload(Frame frame, int flags) {
        String clientId = frame.text();
        MqttProperties willProperties = new MqttProperties();
        String willTopic = null;
        byte[] will = null;
        if (has(flags, WILL)) {
            boolean text = frame.v5() && PropertyReader.read(frame, Place.WILL, willProperties);
            willTopic = frame.text();
            will = frame.binary();
            frame.require(
                    !text || Utf8.validPayload(Unpooled.wrappedBuffer(will), 0, will.length),
                    PacketFault.PAYLOAD_FORMAT);
        }
        String user = has(flags, USER) ? frame.text() : null;
        byte[] password = has(flags, PASSWORD) ? frame.binary() : null;
        return new MqttConnectPayload(clientId, willProperties, willTopic, will, user, password);
    }

    /** The largest packet the client accepts. */
    private static int packetBytesMax(MqttProperties properties) {
        MqttProperties.MqttProperty<?> maximum = properties.getProperty(PropertyIds.MAXIMUM_PACKET_SIZE);
        int bytes = maximum == null ? -1 : (Integer) maximum.value();
        // A value above 2 GiB is no limit.
        return bytes < 0 ? Integer.MAX_VALUE : bytes;
    }

    private static int willQos(int flags) {
        return flags >> 3 & 3;
    }

    private static boolean has(int flags, int bit) {
        return (flags & bit) != 0;
    }

    private ConnectReader() {}
}
