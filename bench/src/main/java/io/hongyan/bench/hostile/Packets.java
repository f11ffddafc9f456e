package io.hongyan.bench.hostile;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;

/** Bytes of MQTT packets, right and wrong. */
final class Packets {
    private static final int KEEP_ALIVE_SECONDS = 60;
    private static final int MQTT_3 = 4;
    private static final int MQTT_5 = 5;
    private static final int CLEAN_START = 0x02;
    private static final int MAXIMUM_PACKET_SIZE = 0x27;
    private static final int WILL = 0x04;
    private static final int USER_AND_PASSWORD = 0xC0;

    /** The server closes the connection after it, once it has read all before it. */
    static final byte[] DISCONNECT = hex("e000");

    private Packets() {}

    static byte[] hex(String bytes) {
        return HexFormat.of().parseHex(bytes.replace(" ", ""));
    }

    /** MQTT 5, device platform {@code iot}. */
    static byte[] connect(String uid, String device, String token) {
        return connect(uid, device, token, null);
    }

    /** @param willTopic null without a will */
    static byte[] connect(String uid, String device, String token, String willTopic) {
        return connect(MQTT_5, true, new byte[0], uid, device, token, willTopic);
    }

    /** MQTT 5, of a client that takes no packet above a size. */
    static byte[] connectForPackets(int bytesMax, String uid, String device, String token) {
        byte[] properties = {
            MAXIMUM_PACKET_SIZE,
            (byte) (bytesMax >> 24),
            (byte) (bytesMax >> 16),
            (byte) (bytesMax >> 8),
            (byte) bytesMax
        };
        return connect(MQTT_5, true, properties, uid, device, token, null);
    }

    /** MQTT 5, of a client whose session is kept for an hour. */
    static byte[] connectKept(String uid, String device, String token) {
        return connect(MQTT_5, false, hex("11 00000e10"), uid, device, token, null);
    }

    /** MQTT 3.1.1. */
    static byte[] connect3(boolean clean, String uid, String device, String token) {
        return connect(MQTT_3, clean, null, uid, device, token, null);
    }

    /** @param properties null before MQTT 5 */
    private static byte[] connect(
            int version, boolean clean, byte[] properties, String uid, String device, String token, String willTopic) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        string(body, "MQTT");
        body.write(version);
        body.write(USER_AND_PASSWORD | (clean ? CLEAN_START : 0) | (willTopic == null ? 0 : WILL));
        number(body, KEEP_ALIVE_SECONDS);
        if (properties != null) {
            length(body, properties.length);
            body.writeBytes(properties);
        }
        string(body, uid + ":iot:" + device);
        if (willTopic != null) {
            body.write(0);
            string(body, willTopic);
            string(body, "gone");
        }
        string(body, uid);
        string(body, token);
        return packet(0x10, body.toByteArray());
    }

    /** @param qos 0 leaves the packet id out */
    static byte[] publish(String topic, int qos, int packetId, byte[] properties, byte[] payload, boolean retain) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        string(body, topic);
        if (qos > 0) {
            number(body, packetId);
        }
        length(body, properties.length);
        body.writeBytes(properties);
        body.writeBytes(payload);
        return packet(0x30 | qos << 1 | (retain ? 1 : 0), body.toByteArray());
    }

    static byte[] publish(String topic, int qos, int packetId, String payload) {
        return publish(topic, qos, packetId, new byte[0], payload.getBytes(StandardCharsets.UTF_8), false);
    }

    /** MQTT 3.1.1. */
    static byte[] publish3(String topic, int qos, int packetId, String payload) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        string(body, topic);
        number(body, packetId);
        body.writeBytes(payload.getBytes(StandardCharsets.UTF_8));
        return packet(0x30 | qos << 1, body.toByteArray());
    }

    static byte[] subscribe(int packetId, String... filters) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        number(body, packetId);
        body.write(0);
        for (String filter : filters) {
            string(body, filter);
            body.write(1);
        }
        return packet(0x82, body.toByteArray());
    }

    static byte[] unsubscribe(int packetId, String filter) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        number(body, packetId);
        body.write(0);
        string(body, filter);
        return packet(0xA2, body.toByteArray());
    }

    static byte[] packet(int first, byte[] body) {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(first);
        length(packet, body.length);
        packet.writeBytes(body);
        return packet.toByteArray();
    }

    static byte[] repeated(byte[] what, int times) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < times; i++) {
            all.writeBytes(what);
        }
        return all.toByteArray();
    }

    static byte[] random(int seed, int bytes) {
        byte[] random = new byte[bytes];
        new Random(seed).nextBytes(random);
        return random;
    }

    private static void string(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        number(out, bytes.length);
        out.writeBytes(bytes);
    }

    private static void number(ByteArrayOutputStream out, int value) {
        out.write(value >> 8);
        out.write(value);
    }

    private static void length(ByteArrayOutputStream out, int length) {
        int left = length;
        do {
            int digit = left & 0x7F;
            left >>= 7;
            out.write(left > 0 ? digit | 0x80 : digit);
        } while (left > 0);
    }
}
