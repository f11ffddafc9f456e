package io.hongyan.im.adapter.sql.sqlite;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * SipHash-1-3 of a sender and a client message id, keyed with a secret of this database, so that nobody can choose ids
 * that collide. Algorithm: J.-P. Aumasson and D. J. Bernstein, "SipHash: a fast short-input PRF", 2012.
 */
final class DedupHash {
    private final long key0;
    private final long key1;

    /** @param secret 16 bytes */
    DedupHash(byte[] secret) {
        ByteBuffer bytes = ByteBuffer.wrap(secret).order(ByteOrder.LITTLE_ENDIAN);
        this.key0 = bytes.getLong();
        this.key1 = bytes.getLong();
    }

    /** Characters above 255 count by their lower half: only equal strings are promised equal hashes. */
    long hash(long senderId, String clientMessageId) {
        long v0 = key0 ^ 0x736f6d6570736575L;
        long v1 = key1 ^ 0x646f72616e646f6dL;
        long v2 = key0 ^ 0x6c7967656e657261L;
        long v3 = key1 ^ 0x7465646279746573L;
        int length = clientMessageId.length();
        int words = length / 8 + 3;
        for (int word = 0; word < words; word++) {
            // The sender, the string in words of eight, its length, and then the four rounds that end it.
            long m = word == 0 ? senderId : word < words - 1 ? pack(clientMessageId, 8 * (word - 1)) : length;
            v3 ^= m;
            v0 += v1;
            v2 += v3;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v1;
            v0 += v3;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 = Long.rotateLeft(v2, 32);
            v0 ^= m;
        }
        v2 ^= 0xff;
        for (int round = 0; round < 3; round++) {
            v0 += v1;
            v2 += v3;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v1;
            v0 += v3;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 = Long.rotateLeft(v2, 32);
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private static long pack(String text, int from) {
        long word = 0;
        int to = Math.min(text.length(), from + 8);
        for (int i = from; i < to; i++) {
            word = word << 8 | text.charAt(i) & 0xff;
        }
        return word;
    }
}
