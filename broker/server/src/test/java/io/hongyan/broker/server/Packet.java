package io.hongyan.broker.server;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A packet a test received. */
record Packet(int first, byte[] body) {
    int type() {
        return first >>> 4;
    }

    int qos() {
        return first >> 1 & 3;
    }

    boolean retain() {
        return (first & 1) != 0;
    }

    /** First two bytes of the body: the id of an acknowledgement. */
    int id() {
        return ByteBuffer.wrap(body).getShort() & 0xFFFF;
    }

    /** Second byte: the code of a CONNACK. */
    int connectCode() {
        return body[1] & 0xFF;
    }

    boolean sessionPresent() {
        return body[0] == 1;
    }

    /** Reason behind the id, 0 where it is left out. */
    int reason() {
        return body.length > 2 ? body[2] & 0xFF : 0;
    }

    /** Reason of a DISCONNECT. */
    int disconnectReason() {
        return body.length > 0 ? body[0] & 0xFF : 0;
    }

    /** Codes of a SUBACK or UNSUBACK. */
    int[] codes(int level) {
        int from = level == 5 ? 3 : 2;
        int[] codes = new int[body.length - from];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = body[from + i] & 0xFF;
        }
        return codes;
    }

    String topic() {
        return new String(body, 2, id(), StandardCharsets.UTF_8);
    }

    int publishId() {
        return ByteBuffer.wrap(body).getShort(2 + id()) & 0xFFFF;
    }

    byte[] publishProperties() {
        int at = 2 + id() + (qos() > 0 ? 2 : 0);
        return Arrays.copyOfRange(body, at + 1, at + 1 + body[at]);
    }

    String payload(int level) {
        int at = 2 + id() + (qos() > 0 ? 2 : 0);
        if (level == 5) {
            at += 1 + body[at];
        }
        return new String(body, at, body.length - at, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "type " + type() + " flags " + (first & 15) + " " + Arrays.toString(body);
    }
}
