package io.hongyan.bench.mqtt;

import java.nio.ByteBuffer;

/** Finds whole MQTT 3.1.1 packets in a buffer; knows only what a server sends at QoS 0 and 1. */
final class PacketDecoder {
    private static final int CONNACK = 2;
    private static final int PUBLISH = 3;
    private static final int PUBACK = 4;
    private static final int SUBACK = 9;
    private static final int UNSUBACK = 11;
    private static final int PINGRESP = 13;
    private static final int LENGTH_BYTES_MAX = 4;

    private final int packetBytesMax;
    private final IncomingPublish publish = new IncomingPublish();

    PacketDecoder(int packetBytesMax) {
        this.packetBytesMax = packetBytesMax;
    }

    /** Passes every whole packet to the sink and leaves the position at the first byte of the incomplete one. */
    void decode(ByteBuffer in, PacketSink sink) {
        int limit = in.limit();
        int at = in.position();
        while (sink.wantsMore() && limit - at >= 2) {
            int length = 0;
            int cursor = at + 1;
            boolean lengthKnown = false;
            for (int shift = 0; cursor < limit && !lengthKnown; shift += 7) {
                if (shift == 7 * LENGTH_BYTES_MAX) {
                    throw new ProtocolViolation("remaining length of more than 4 bytes");
                }
                byte next = in.get(cursor++);
                length |= (next & 0x7F) << shift;
                lengthKnown = next >= 0;
            }
            if (!lengthKnown) {
                break;
            }
            // Before waiting for the rest, which would never come if it is not MQTT.
            checkHead((in.get(at) & 0xFF) >> 4, length);
            if (limit - cursor < length) {
                break;
            }
            dispatch(in, in.get(at) & 0xFF, cursor, length, sink);
            at = cursor + length;
        }
        in.position(at);
    }

    private void checkHead(int type, int length) {
        boolean fits = switch (type) {
            case PUBLISH -> length >= 2 && length <= packetBytesMax;
            case CONNACK, PUBACK, UNSUBACK -> length == 2;
            case SUBACK -> length == 3;
            case PINGRESP -> length == 0;
            default -> false;
        };
        if (!fits) {
            throw new ProtocolViolation("packet of type " + type + " and " + length + " bytes");
        }
    }

    private void dispatch(ByteBuffer in, int head, int start, int length, PacketSink sink) {
        int id = length >= 2 ? in.getShort(start) & 0xFFFF : 0;
        switch (head >> 4) {
            case PUBLISH -> publish(in, head & 0x0F, start, length, sink);
            case PUBACK -> sink.pubAck(id);
            case CONNACK -> sink.connAck((id & 0x100) != 0, id & 0xFF);
            case SUBACK -> sink.subAck(id, in.get(start + 2) & 0xFF);
            case UNSUBACK -> sink.unsubAck(id);
            default -> sink.pingResp();
        }
    }

    private void publish(ByteBuffer in, int flags, int start, int length, PacketSink sink) {
        int topicBytes = in.getShort(start) & 0xFFFF;
        int qos = (flags >> 1) & 3;
        int head = 2 + topicBytes + (qos > 0 ? 2 : 0);
        if (qos > 1 || head > length) {
            throw new ProtocolViolation("PUBLISH with QoS " + qos + " and " + length + " bytes");
        }
        int packetId = qos > 0 ? in.getShort(start + 2 + topicBytes) & 0xFFFF : 0;
        publish.set(in, flags, start + 2, topicBytes, packetId, start + head, length - head);
        sink.publish(publish);
    }
}
