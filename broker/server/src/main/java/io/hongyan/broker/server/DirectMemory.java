package io.hongyan.broker.server;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;

/** How much of the direct memory is in use; not all that is reserved is. */
interface DirectMemory {
    /** Bytes in use, roughly. */
    long used();

    /** Bytes above which nothing can be had any more. */
    long max();

    /**
     * That of Netty in this process. What the pool has reserved and holds free counts as free; what others than the pool of
     * the gate have reserved counts as used.
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
