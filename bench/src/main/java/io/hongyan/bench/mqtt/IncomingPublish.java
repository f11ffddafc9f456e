package io.hongyan.bench.mqtt;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A PUBLISH from the server: a view into the loop's read buffer, valid only during the call that gets it.
 *
 * <p>One object is used for every packet of a loop, so that receiving makes no garbage.
 */
public final class IncomingPublish {
    private ByteBuffer buffer;
    private int topicStart;
    private int topicLength;
    private int payloadStart;
    private int payloadLength;
    private int packetId;
    private int flags;

    IncomingPublish() {}

    void set(ByteBuffer in, int headFlags, int topicAt, int topicBytes, int id, int payloadAt, int payloadBytes) {
        buffer = in;
        flags = headFlags;
        topicStart = topicAt;
        topicLength = topicBytes;
        packetId = id;
        payloadStart = payloadAt;
        payloadLength = payloadBytes;
    }

    /** The bytes of the view; read them by absolute position and leave position and limit alone. */
    public ByteBuffer buffer() {
        return buffer;
    }

    public int payloadStart() {
        return payloadStart;
    }

    public int payloadLength() {
        return payloadLength;
    }

    /** The packet id to acknowledge; 0 at QoS 0. */
    public int packetId() {
        return packetId;
    }

    public int qos() {
        return (flags >> 1) & 3;
    }

    public boolean duplicate() {
        return (flags & 8) != 0;
    }

    public boolean retained() {
        return (flags & 1) != 0;
    }

    /** Whether this came on the topic, given in UTF-8. */
    public boolean isOn(byte[] topicUtf8) {
        if (topicUtf8.length != topicLength) {
            return false;
        }
        // The ends of topics differ more often than their beginnings.
        for (int i = topicLength - 1; i >= 0; i--) {
            if (buffer.get(topicStart + i) != topicUtf8[i]) {
                return false;
            }
        }
        return true;
    }

    /** A copy of the topic. */
    public String topic() {
        return new String(bytes(topicStart, topicLength), StandardCharsets.UTF_8);
    }

    /** A copy of the payload. */
    public byte[] payload() {
        return bytes(payloadStart, payloadLength);
    }

    private byte[] bytes(int start, int length) {
        byte[] copy = new byte[length];
        buffer.get(start, copy);
        return copy;
    }
}
