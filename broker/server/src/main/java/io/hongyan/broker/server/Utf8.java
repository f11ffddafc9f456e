package io.hongyan.broker.server;

import io.netty.buffer.ByteBuf;

/**
 * Checks whether bytes are well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF), in
 * one pass and without making a string.
 */
final class Utf8 {
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long LOW_BITS = 0x0101010101010101L;

    /** A text of MQTT 1.5.4: also without U+0000. */
    static boolean validText(ByteBuf in, int from, int to) {
        return valid(in, from, to, false);
    }

    /** A payload that claims to be text: U+0000 is a character like any other. */
    static boolean validPayload(ByteBuf in, int from, int to) {
        return valid(in, from, to, true);
    }

    private static boolean valid(ByteBuf in, int from, int to, boolean zeroAllowed) {
        int at = from;
        while (at < to) {
            if (to - at >= Long.BYTES) {
                long eight = in.getLong(at);
                // Seven-bit characters; the second term finds a zero byte among them.
                if (((eight | (zeroAllowed ? 0 : eight - LOW_BITS)) & HIGH_BITS) == 0) {
                    at += Long.BYTES;
                    continue;
                }
            }
            int length = character(in, at, to, zeroAllowed);
            if (length == 0) {
                return false;
            }
            at += length;
        }
        return true;
    }

    /** Length of the character there, 0 = it is invalid. */
    private static int character(ByteBuf in, int at, int to, boolean zeroAllowed) {
        int first = in.getByte(at) & 0xFF;
        if (first < 0x80) {
            return first > 0 || zeroAllowed ? 1 : 0;
        }
        if (first < 0xC2 || first > 0xF4) {
            return 0;
        }
        int length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        if (to - at < length) {
            return 0;
        }
        int second = in.getByte(at + 1) & 0xFF;
        // Overlong forms, surrogates and values above the last code point are visible in the second byte.
        int lowest = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
        int highest = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
        if (second < lowest || second > highest) {
            return 0;
        }
        for (int i = 2; i < length; i++) {
            if ((in.getByte(at + i) & 0xC0) != 0x80) {
                return 0;
            }
        }
        return length;
    }

    private Utf8() {}
}
