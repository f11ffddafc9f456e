package io.hongyan.bench.load;

import java.nio.ByteBuffer;

/** Finds one field of a protobuf message in place, without building objects. */
final class WireScan {
    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED_32 = 5;

    private int at;
    private int start;
    private int length;
    private long varint;

    /**
     * Looks for the first occurrence of a field between two positions.
     *
     * @return false if it is not there or the bytes are not a protobuf message
     */
    boolean find(ByteBuffer in, int from, int to, int field) {
        at = from;
        while (at < to) {
            long tag = varint(in, to);
            int type = (int) tag & 7;
            boolean wanted = tag >>> 3 == field;
            switch (type) {
                case VARINT -> varint = varint(in, to);
                case FIXED_64 -> at += 8;
                case FIXED_32 -> at += 4;
                case BYTES -> {
                    length = (int) varint(in, to);
                    start = at;
                    at += length;
                }
                default -> {
                    return false;
                }
            }
            if (at > to || at < from || length < 0) {
                return false;
            }
            if (wanted) {
                return true;
            }
        }
        return false;
    }

    /** Where the field found begins, if it is text, bytes or a message. */
    int start() {
        return start;
    }

    int length() {
        return length;
    }

    int end() {
        return start + length;
    }

    /** The value of the field found, if it is a number. */
    long number() {
        return varint;
    }

    private long varint(ByteBuffer in, int to) {
        long value = 0;
        for (int shift = 0; shift < 64 && at < to; shift += 7) {
            byte next = in.get(at++);
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        at = to + 1;
        return 0;
    }
}
