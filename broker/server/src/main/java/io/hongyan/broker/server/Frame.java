package io.hongyan.broker.server;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * One packet of a client while it is read: a position between the fixed header and the end of the packet, beyond which
 * nothing is read. The first fault is kept; after it everything reads as 0 and nothing is left, so readers need to
 * check once, at their end. There is one per event loop, used again for each packet: all needed values are copied
 * before anybody acts on the packet.
 */
final class Frame {
    private static final int VARIABLE_BYTES_MAX = 4;

    private ByteBuf in;
    private int first;
    private int position;
    private int end;
    private boolean v5;
    private boolean padded;
    private PacketFault fault;

    /**
     * @param start of the packet
     * @param body where its variable header begins, {@code length} bytes with the payload
     * @param longer whether the remaining length is encoded in more bytes than needed
     */
    Frame open(ByteBuf packets, int start, int body, int length, boolean longer, boolean version5) {
        in = packets;
        first = packets.getByte(start) & 0xFF;
        position = body;
        end = body + length;
        fault = null;
        padded = longer;
        version5(version5);
        return this;
    }

    int type() {
        return first >>> 4;
    }

    int flags() {
        return first & 0xF;
    }

    /** Whether the packet is of MQTT 5: texts, properties and reasons differ. */
    boolean v5() {
        return v5;
    }

    /** CONNECT contains it. */
    void version5(boolean is) {
        v5 = is;
        // MQTT 3.1.1 does not demand the shortest form, and small devices reserve four bytes.
        require(!(is && padded), PacketFault.LENGTH);
    }

    ByteBuf bytes() {
        return in;
    }

    int position() {
        return position;
    }

    int left() {
        return fault == null ? end - position : 0;
    }

    /** Limits the packet to so many bytes and returns its previous end, for {@link #widen}. */
    int narrow(int length) {
        int before = end;
        require(length <= left(), PacketFault.TOO_SHORT);
        if (fault == null) {
            end = position + length;
        }
        return before;
    }

    void widen(int before) {
        end = before;
    }

    // ---- faults

    /** Null if there is none so far. */
    PacketFault fault() {
        return fault;
    }

    boolean failed() {
        return fault != null;
    }

    void fail(PacketFault found) {
        if (fault == null) {
            fault = found;
        }
    }

    void require(boolean valid, PacketFault otherwise) {
        if (!valid) {
            fail(otherwise);
        }
    }

    /** The packet has been read: it must contain nothing more. */
    boolean complete() {
        require(position == end, PacketFault.TOO_LONG);
        return fault == null;
    }

    // ---- values

    int u8() {
        return has(1) ? in.getByte(position++) & 0xFF : 0;
    }

    int u16() {
        return has(2) ? in.getUnsignedShort((position += 2) - 2) : 0;
    }

    int u32() {
        return has(4) ? in.getInt((position += 4) - 4) : 0;
    }

    /** A variable byte integer, which must be as short as possible [MQTT-1.5.5-1]. */
    int variable() {
        int value = 0;
        for (int i = 0; i < VARIABLE_BYTES_MAX; i++) {
            int digit = u8();
            value |= (digit & 0x7F) << 7 * i;
            if (digit < 0x80) {
                require(digit > 0 || i == 0 || failed(), PacketFault.LENGTH);
                return failed() ? 0 : value;
            }
        }
        fail(PacketFault.LENGTH);
        return 0;
    }

    int packetId() {
        int id = u16();
        require(id > 0, PacketFault.PACKET_ID);
        return id;
    }

    /** Skips so many bytes and returns the index of the first. */
    int skip(int length) {
        int from = position;
        if (has(length)) {
            position += length;
        }
        return from;
    }

    /** Skips a text with its length after checking it; returns the number of its bytes, which end here. */
    int skipText() {
        int length = u16();
        int from = skip(length);
        if (failed()) {
            return 0;
        }
        require(Utf8.validText(in, from, from + length), PacketFault.TEXT);
        return length;
    }

    String text() {
        int length = skipText();
        return failed() ? "" : in.toString(position - length, length, StandardCharsets.UTF_8);
    }

    byte[] binary() {
        int length = u16();
        int from = skip(length);
        byte[] bytes = new byte[failed() ? 0 : length];
        in.getBytes(from, bytes);
        return bytes;
    }

    /** All bytes that are left. */
    byte[] rest() {
        byte[] bytes = new byte[end - position];
        in.getBytes(position, bytes);
        position = end;
        return bytes;
    }

    /** Goes back to an earlier position. */
    void back(int to) {
        position = to;
    }

    /** Whether the rest of the packet is text, as a payload format indicator of 1 says. */
    boolean restIsText() {
        return Utf8.validPayload(in, position, end);
    }

    private boolean has(int bytes) {
        if (bytes <= end - position && fault == null) {
            return true;
        }
        fail(PacketFault.TOO_SHORT);
        return false;
    }
}
