package io.hongyan.bench.mqtt;

import java.nio.ByteBuffer;

/** The beginning of a packet whose rest has not arrived yet; holds memory only while there is one. */
final class PartialPacket {
    private byte[] bytes;

    /** Moves what was kept to the front of an empty buffer. */
    void restoreTo(ByteBuffer in) {
        if (bytes != null) {
            in.put(bytes);
            bytes = null;
        }
    }

    /** Keeps the bytes between position and limit. */
    void keepRestOf(ByteBuffer in) {
        if (in.hasRemaining()) {
            bytes = new byte[in.remaining()];
            in.get(bytes);
        }
    }
}
