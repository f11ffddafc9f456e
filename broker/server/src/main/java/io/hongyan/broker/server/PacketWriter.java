package io.hongyan.broker.server;

import io.hongyan.broker.hook.UserProperty;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes the gate's own packets, MQTT 3.1.1 and 5.0, chapter 3 of both. */
final class PacketWriter {
    static final int CONNECT = 1;
    static final int CONNACK = 2;
    static final int PUBLISH = 3;
    static final int PUBACK = 4;
    static final int PUBREC = 5;
    static final int PUBREL = 6;
    static final int PUBCOMP = 7;
    static final int SUBSCRIBE = 8;
    static final int SUBACK = 9;
    static final int UNSUBSCRIBE = 10;
    static final int UNSUBACK = 11;
    static final int PINGREQ = 12;
    static final int PINGRESP = 13;
    static final int DISCONNECT = 14;
    static final int AUTH = 15;

    /** Longest text in an MQTT string; reasons are cut there. */
    private static final int REASON_CHARACTERS_MAX = 512;

    /**
     * @param topic with its two length bytes
     * @param id 0 at QoS 0
     * @param subscriptionIds null = none; only for MQTT 5
     */
    static void publish(
            ByteBuf out, boolean v5, byte[] topic, int qos, int id, int[] subscriptionIds, byte[] head, byte[] shared) {
        int properties = v5 ? propertiesLength(subscriptionIds) : 0;
        int length = publishLength(v5, topic, qos, properties, head, shared);
        out.ensureWritable(length + 5);
        out.writeByte(PUBLISH << 4 | qos << 1);
        writeVariable(out, length);
        out.writeBytes(topic);
        if (qos > 0) {
            out.writeShort(id);
        }
        if (v5) {
            writeVariable(out, properties);
            if (subscriptionIds != null) {
                for (int subscriptionId : subscriptionIds) {
                    out.writeByte(PropertyIds.SUBSCRIPTION_IDENTIFIER);
                    writeVariable(out, subscriptionId);
                }
            }
        }
        out.writeBytes(head);
        out.writeBytes(shared);
    }

    /** Bytes of the whole packet. */
    static int publishBytes(boolean v5, byte[] topic, int qos, int[] subscriptionIds, byte[] head, byte[] shared) {
        int properties = v5 ? propertiesLength(subscriptionIds) : 0;
        int length = publishLength(v5, topic, qos, properties, head, shared);
        return 1 + variableLength(length) + length;
    }

    private static int publishLength(boolean v5, byte[] topic, int qos, int properties, byte[] head, byte[] shared) {
        return topic.length
                + (qos > 0 ? 2 : 0)
                + (v5 ? variableLength(properties) + properties : 0)
                + head.length
                + shared.length;
    }

    private static int propertiesLength(int[] subscriptionIds) {
        int length = 0;
        if (subscriptionIds != null) {
            for (int id : subscriptionIds) {
                length += 1 + variableLength(id);
            }
        }
        return length;
    }

    /** PUBACK, PUBREC, PUBREL or PUBCOMP without reason. */
    static void acknowledge(ByteBuf out, int type, int id) {
        out.writeInt((type << 4 | (type == PUBREL ? 2 : 0)) << 24 | 2 << 16 | id);
    }

    /** The same with a reason of MQTT 5. */
    static void acknowledge(ByteBuf out, int type, int id, int reasonCode) {
        out.writeByte(type << 4 | (type == PUBREL ? 2 : 0));
        out.writeByte(3);
        out.writeShort(id);
        out.writeByte(reasonCode);
    }

    /**
     * PUBACK of MQTT 5 with all properties; what does not fit into the client's maximum is left out, the reason string
     * before the properties.
     */
    static void acknowledge(
            ByteBuf out, int id, int reasonCode, String reason, List<UserProperty> properties, int packetBytesMax) {
        ByteBuf body = out.alloc().buffer(64);
        try {
            writeUserProperties(body, properties);
            int withoutReason = body.writerIndex();
            writeReason(body, reason);
            if (acknowledgeBytes(body) > packetBytesMax) {
                body.writerIndex(withoutReason);
            }
            if (acknowledgeBytes(body) > packetBytesMax) {
                acknowledge(out, PUBACK, id, reasonCode);
                return;
            }
            out.writeByte(PUBACK << 4);
            writeVariable(out, acknowledgeLength(body));
            out.writeShort(id);
            out.writeByte(reasonCode);
            writeVariable(out, body.readableBytes());
            out.writeBytes(body);
        } finally {
            body.release();
        }
    }

    static void writeUserProperties(ByteBuf out, List<UserProperty> properties) {
        for (UserProperty property : properties) {
            out.writeByte(PropertyIds.USER_PROPERTY);
            writeString(out, property.name());
            writeString(out, property.value());
        }
    }

    private static int acknowledgeBytes(ByteBuf properties) {
        int length = acknowledgeLength(properties);
        return 1 + variableLength(length) + length;
    }

    private static int acknowledgeLength(ByteBuf properties) {
        return 3 + variableLength(properties.readableBytes()) + properties.readableBytes();
    }

    /** Bytes of a SUBACK or UNSUBACK for so many filters. */
    static int subscriptionAcknowledgeBytes(boolean v5, int type, int filters) {
        int length = 2 + (v5 ? 1 : 0) + (type == UNSUBACK && !v5 ? 0 : filters);
        return 1 + variableLength(length) + length;
    }

    /** SUBACK or UNSUBACK with its codes; an UNSUBACK of MQTT 3.1.1 has none. */
    static void subscriptionAcknowledge(ByteBuf out, boolean v5, int type, int id, int[] codes) {
        int body = type == UNSUBACK && !v5 ? 0 : codes.length;
        out.writeByte(type << 4);
        writeVariable(out, 2 + (v5 ? 1 : 0) + body);
        out.writeShort(id);
        if (v5) {
            out.writeByte(0);
        }
        for (int i = 0; i < body; i++) {
            out.writeByte(!v5 && codes[i] > 2 ? 0x80 : codes[i]);
        }
    }

    static void pingResponse(ByteBuf out) {
        out.writeShort(PINGRESP << 12);
    }

    /** DISCONNECT of MQTT 5. */
    static void disconnect(ByteBuf out, int reasonCode) {
        out.writeByte(DISCONNECT << 4);
        out.writeByte(1);
        out.writeByte(reasonCode);
    }

    /**
     * DISCONNECT of MQTT 5; what does not fit into the client's maximum is left out.
     *
     * @param reason one sentence, null = none
     * @param serverReference the server to use instead, null = none
     */
    static void disconnect(ByteBuf out, int reasonCode, String reason, String serverReference, int packetBytesMax) {
        if (reason == null && serverReference == null) {
            disconnect(out, reasonCode);
            return;
        }
        ByteBuf properties = out.alloc().buffer(64);
        try {
            writeServerReference(properties, serverReference);
            writeReason(properties, reason);
            int length = 1 + variableLength(properties.readableBytes()) + properties.readableBytes();
            if (1 + variableLength(length) + length > packetBytesMax) {
                disconnect(out, reasonCode);
                return;
            }
            out.writeByte(DISCONNECT << 4);
            writeVariable(out, length);
            out.writeByte(reasonCode);
            writeVariable(out, properties.readableBytes());
            out.writeBytes(properties);
        } finally {
            properties.release();
        }
    }

    /** Writes nothing for null. */
    static void writeServerReference(ByteBuf out, String serverReference) {
        if (serverReference != null) {
            out.writeByte(PropertyIds.SERVER_REFERENCE);
            writeString(out, serverReference);
        }
    }

    /** CONNACK of MQTT 3.1.1. */
    static void connectAcknowledge(ByteBuf out, boolean sessionPresent, int returnCode) {
        out.writeInt(CONNACK << 28 | 2 << 16 | (sessionPresent ? 1 : 0) << 8 | returnCode);
    }

    /** CONNACK of MQTT 5; properties come encoded. */
    static void connectAcknowledge(ByteBuf out, boolean sessionPresent, int reasonCode, ByteBuf properties) {
        int length = properties.readableBytes();
        out.writeByte(CONNACK << 4);
        writeVariable(out, 2 + variableLength(length) + length);
        out.writeByte(sessionPresent ? 1 : 0);
        out.writeByte(reasonCode);
        writeVariable(out, length);
        out.writeBytes(properties);
    }

    /**
     * CONNACK of MQTT 5 for a client that is refused. What does not fit into the client's maximum is left out: the
     * reason first; where nothing fits, nothing is written.
     *
     * @param reason one sentence, null = none
     * @param serverReference the server to use instead, null = none
     * @param packetBytesMax 0 = not known
     */
    static void connectRefused(ByteBuf out, int reasonCode, String reason, String serverReference, int packetBytesMax) {
        ByteBuf properties = out.alloc().buffer(64);
        try {
            writeServerReference(properties, serverReference);
            int withoutReason = properties.writerIndex();
            writeReason(properties, reason);
            if (connectAcknowledgeBytes(properties) > packetBytesMax) {
                properties.writerIndex(withoutReason);
            }
            if (connectAcknowledgeBytes(properties) > packetBytesMax) {
                properties.clear();
            }
            // Bytes that a client with an unknown maximum can get.
            if (packetBytesMax == 0 || connectAcknowledgeBytes(properties) <= packetBytesMax) {
                connectAcknowledge(out, false, reasonCode, properties);
            }
        } finally {
            properties.release();
        }
    }

    /** Bytes of a CONNACK of MQTT 5 with these properties. */
    static int connectAcknowledgeBytes(ByteBuf properties) {
        int length = 2 + variableLength(properties.readableBytes()) + properties.readableBytes();
        return 1 + variableLength(length) + length;
    }

    static void writeReason(ByteBuf out, String reason) {
        if (reason != null && !reason.isEmpty()) {
            out.writeByte(PropertyIds.REASON_STRING);
            writeString(out, reason.substring(0, Math.min(reason.length(), REASON_CHARACTERS_MAX)));
        }
    }

    static void writeString(ByteBuf out, String text) {
        int start = out.writerIndex();
        out.writeShort(0);
        int bytes = ByteBufUtil.writeUtf8(out, text);
        out.setShort(start, bytes);
    }

    /** A string with its two length bytes. */
    static byte[] string(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        byte[] encoded = new byte[2 + utf8.length];
        encoded[0] = (byte) (utf8.length >>> 8);
        encoded[1] = (byte) utf8.length;
        System.arraycopy(utf8, 0, encoded, 2, utf8.length);
        return encoded;
    }

    static void writeVariable(ByteBuf out, int value) {
        int rest = value;
        while (rest > 0x7F) {
            out.writeByte(rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        out.writeByte(rest);
    }

    static int variableLength(int value) {
        if (value < 1 << 7) {
            return 1;
        }
        if (value < 1 << 14) {
            return 2;
        }
        return value < 1 << 21 ? 3 : 4;
    }

    private PacketWriter() {}
}
