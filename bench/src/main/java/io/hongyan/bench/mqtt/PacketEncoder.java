package io.hongyan.bench.mqtt;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes MQTT 3.1.1 packets into a buffer that has space for them; the {@code …Bytes} methods say how much. */
final class PacketEncoder {
    static final int PUBACK_BYTES = 4;
    static final int EMPTY_PACKET_BYTES = 2;
    private static final int FIXED_HEAD_BYTES_MAX = 5;
    private static final int CONNECT_VARIABLE_HEAD_BYTES = 10;
    private static final byte[] PROTOCOL = {0, 4, 'M', 'Q', 'T', 'T', 4};

    private PacketEncoder() {}

    static int publishBytes(int topicBytes, int payloadBytes) {
        return FIXED_HEAD_BYTES_MAX + 2 + topicBytes + 2 + payloadBytes;
    }

    static void publish(
            ByteBuffer out, byte[] topic, int qos, boolean duplicate, int packetId, byte[] payload, int length) {
        out.put((byte) (0x30 | (duplicate ? 8 : 0) | qos << 1));
        remainingLength(out, 2 + topic.length + (qos > 0 ? 2 : 0) + length);
        text(out, topic);
        if (qos > 0) {
            out.putShort((short) packetId);
        }
        out.put(payload, 0, length);
    }

    static void pubAck(ByteBuffer out, int packetId) {
        out.putInt(0x4002_0000 | packetId);
    }

    static void pingReq(ByteBuffer out) {
        out.putShort((short) 0xC000);
    }

    static void disconnect(ByteBuffer out) {
        out.putShort((short) 0xE000);
    }

    static int filterBytes(String filter) {
        return FIXED_HEAD_BYTES_MAX + 2 + 2 + 3 * filter.length() + 1;
    }

    static void subscribe(ByteBuffer out, int packetId, String filter, int qos) {
        byte[] utf8 = filter.getBytes(StandardCharsets.UTF_8);
        out.put((byte) 0x82);
        remainingLength(out, 2 + 2 + utf8.length + 1);
        out.putShort((short) packetId);
        text(out, utf8);
        out.put((byte) qos);
    }

    static void unsubscribe(ByteBuffer out, int packetId, String filter) {
        byte[] utf8 = filter.getBytes(StandardCharsets.UTF_8);
        out.put((byte) 0xA2);
        remainingLength(out, 2 + 2 + utf8.length);
        out.putShort((short) packetId);
        text(out, utf8);
    }

    static int connectBytes(ConnectionSettings settings) {
        int characters = settings.clientId().length()
                + settings.userName().length()
                + settings.password().length();
        return FIXED_HEAD_BYTES_MAX + CONNECT_VARIABLE_HEAD_BYTES + 3 * (2 + characters);
    }

    static void connect(ByteBuffer out, ConnectionSettings settings) {
        byte[] clientId = settings.clientId().getBytes(StandardCharsets.UTF_8);
        byte[] userName = settings.userName().getBytes(StandardCharsets.UTF_8);
        byte[] password = settings.password().getBytes(StandardCharsets.UTF_8);
        boolean named = userName.length > 0;
        out.put((byte) 0x10);
        remainingLength(
                out,
                CONNECT_VARIABLE_HEAD_BYTES
                        + 2
                        + clientId.length
                        + (named ? 4 + userName.length + password.length : 0));
        out.put(PROTOCOL);
        out.put((byte) ((settings.cleanSession() ? 0x02 : 0) | (named ? 0xC0 : 0)));
        out.putShort((short) settings.keepAliveSeconds());
        text(out, clientId);
        if (named) {
            text(out, userName);
            text(out, password);
        }
    }

    private static void text(ByteBuffer out, byte[] utf8) {
        out.putShort((short) utf8.length);
        out.put(utf8);
    }

    private static void remainingLength(ByteBuffer out, int length) {
        int rest = length;
        while (rest > 0x7F) {
            out.put((byte) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }
}
