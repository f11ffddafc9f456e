package io.hongyan.bench.mqtt;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Output buffers of one loop in two sizes: a connection holds one only while something waits to be written, so tens of
 * thousands of idle connections need none.
 */
final class BufferPool {
    static final int SMALL_BYTES = 4 << 10;
    static final int LARGE_BYTES = 64 << 10;
    private static final int KEPT_SMALL_MAX = 4096;
    private static final int KEPT_LARGE_MAX = 256;

    private final ArrayDeque<ByteBuffer> small = new ArrayDeque<>();
    private final ArrayDeque<ByteBuffer> large = new ArrayDeque<>();

    /** An empty buffer with at least so many bytes of space. */
    ByteBuffer take(int bytesMin) {
        if (bytesMin > LARGE_BYTES) {
            return ByteBuffer.allocate(Integer.highestOneBit(bytesMin - 1) << 1);
        }
        boolean fitsSmall = bytesMin <= SMALL_BYTES;
        ByteBuffer kept = (fitsSmall ? small : large).pollFirst();
        return kept != null ? kept : ByteBuffer.allocateDirect(fitsSmall ? SMALL_BYTES : LARGE_BYTES);
    }

    void giveBack(ByteBuffer buffer) {
        buffer.clear();
        if (buffer.capacity() == SMALL_BYTES && small.size() < KEPT_SMALL_MAX) {
            small.addFirst(buffer);
        } else if (buffer.capacity() == LARGE_BYTES && large.size() < KEPT_LARGE_MAX) {
            large.addFirst(buffer);
        }
    }

    /** A buffer with the same content and more space, ready to append to; the old one is taken back. */
    ByteBuffer grow(ByteBuffer full, int moreBytes) {
        ByteBuffer bigger = take(Math.max(full.position() + moreBytes, 2 * full.capacity()));
        full.flip();
        bigger.put(full);
        giveBack(full);
        return bigger;
    }
}
