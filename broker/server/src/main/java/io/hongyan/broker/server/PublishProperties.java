package io.hongyan.broker.server;

import io.netty.buffer.ByteBuf;

/** Walks over the properties of a PUBLISH, MQTT 5.0 section 3.3.2.3. */
final class PublishProperties {
    static final int MALFORMED = -1;
    static final int ALIAS = -2;

    /** The index behind the properties, {@link #MALFORMED}, or {@link #ALIAS} where they hold a topic alias. */
    static int skip(ByteBuf in, int index, int end) {
        int length = 0;
        int position = index;
        for (int shift = 0; ; shift += 7) {
            if (position >= end || shift > 21) {
                return MALFORMED;
            }
            byte digit = in.getByte(position++);
            length |= (digit & 0x7F) << shift;
            if (digit >= 0) {
                break;
            }
        }
        int stop = position + length;
        if (stop > end) {
            return MALFORMED;
        }
        while (position < stop) {
            int id = in.getByte(position);
            if (id == PropertyIds.TOPIC_ALIAS) {
                return ALIAS;
            }
            position = value(in, id, position + 1, stop);
            if (position == MALFORMED || position > stop) {
                return MALFORMED;
            }
        }
        return stop;
    }

    private static int value(ByteBuf in, int id, int position, int stop) {
        return switch (id) {
            case PropertyIds.PAYLOAD_FORMAT -> position + 1;
            case PropertyIds.MESSAGE_EXPIRY -> position + 4;
            case PropertyIds.CONTENT_TYPE, PropertyIds.RESPONSE_TOPIC, PropertyIds.CORRELATION_DATA ->
                string(in, position, stop);
            case PropertyIds.USER_PROPERTY -> {
                int value = string(in, position, stop);
                yield value == MALFORMED ? MALFORMED : string(in, value, stop);
            }
            default -> MALFORMED;
        };
    }

    private static int string(ByteBuf in, int position, int stop) {
        return position + 2 > stop ? MALFORMED : position + 2 + in.getUnsignedShort(position);
    }

    private PublishProperties() {}
}
