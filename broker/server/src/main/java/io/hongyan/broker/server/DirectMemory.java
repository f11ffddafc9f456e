package io.hongyan.broker.server;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;

/** How much of the direct memory is in use, which is less than what is reserved. */
interface DirectMemory {
    /** Bytes in use, approximately. */
    long used();

    /** Bytes at which no more can be allocated. */
    long max();

    /**
     * That of Netty in this process. Memory that the pool has reserved but holds free counts as free; memory reserved
     * outside the pool of the gate counts as used.
     */
    static DirectMemory ofProcess() {
        return new DirectMemory() {
            @Override
            public long used() {
                PooledByteBufAllocator pool = PooledByteBufAllocator.DEFAULT;
                long reserved = PlatformDependent.usedDirectMemory();
                long pinned = pool.pinnedDirectMemory();
                return reserved < 0
                        ? pinned
                        : pinned + Math.max(0, reserved - pool.metric().usedDirectMemory());
            }

            @Override
            public long max() {
                return PlatformDependent.maxDirectMemory();
            }
        };
    }
}
