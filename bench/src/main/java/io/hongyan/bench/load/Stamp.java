package io.hongyan.bench.load;

import java.nio.ByteBuffer;

/**
 * The beginning of each text sent: its sender, its number, and when it was meant to be sent. Fixed-width hexadecimal,
 * so that writing and reading it costs almost nothing and the text stays text.
 */
final class Stamp {
    /** Texts cannot be shorter. */
    static final int BYTES = 2 + 8 + 8 + 16;

    private static final byte[] DIGITS = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
    };
    private static final int PAIR_AT = 2;
    private static final int INDEX_AT = PAIR_AT + 8;
    private static final int NANOS_AT = INDEX_AT + 8;

    private Stamp() {}

    static void write(byte[] out, int at, int pair, int index, long intendedNanos) {
        out[at] = 'h';
        out[at + 1] = 'y';
        hex(out, at + PAIR_AT, 8, pair);
        hex(out, at + INDEX_AT, 8, index);
        hex(out, at + NANOS_AT, 16, intendedNanos);
    }

    /** Whether there is a stamp. */
    static boolean isAt(ByteBuffer in, int at, int length) {
        return length >= BYTES && in.get(at) == 'h' && in.get(at + 1) == 'y';
    }

    static int pair(ByteBuffer in, int at) {
        return (int) number(in, at + PAIR_AT, 8);
    }

    static int index(ByteBuffer in, int at) {
        return (int) number(in, at + INDEX_AT, 8);
    }

    static long intendedNanos(ByteBuffer in, int at) {
        return number(in, at + NANOS_AT, 16);
    }

    /** Writes the low digits of a number, highest first. */
    static void hex(byte[] out, int at, int digits, long number) {
        long rest = number;
        for (int i = at + digits - 1; i >= at; i--) {
            out[i] = DIGITS[(int) rest & 15];
            rest >>>= 4;
        }
    }

    private static long number(ByteBuffer in, int at, int digits) {
        long number = 0;
        for (int i = at; i < at + digits; i++) {
            int digit = in.get(i);
            number = number << 4 | (digit <= '9' ? digit - '0' : digit - 'a' + 10);
        }
        return number;
    }
}
