package io.hongyan.bench.load;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Counts at how many readers each message of a group has arrived. Safe for many threads. */
final class Arrivals {
    private static final int CHUNK = 4_096;
    private static final int CHUNKS_MAX = 16_384;

    private final int readers;
    private final AtomicReferenceArray<AtomicIntegerArray> chunks = new AtomicReferenceArray<>(CHUNKS_MAX);

    Arrivals(int readers) {
        this.readers = readers;
    }

    /** Notes an arrival; true if it was the last one. */
    boolean arrived(int index) {
        int number = index / CHUNK;
        AtomicIntegerArray chunk = chunks.get(number);
        if (chunk == null) {
            chunks.compareAndSet(number, null, new AtomicIntegerArray(CHUNK));
            chunk = chunks.get(number);
        }
        return chunk.incrementAndGet(index % CHUNK) == readers;
    }
}
