package io.hongyan.im.core.feed;

import io.hongyan.im.core.message.StorageException;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;

/**
 * Who sends which partition of the feed to the sink, and how far that is. A partition is held by one relay at a time,
 * for the time of a lease; each holding has a fencing number of its own, and what comes under an older one is refused.
 * Safe for many threads; blocks; durable on return. Throws {@link StorageException}.
 */
public interface FeedPartitions {
    /**
     * Takes those of the wanted partitions that nobody holds, whose lease is over, or that the same holder has held.
     *
     * @param leaseUntilMillis until when they are held
     */
    List<Held> claim(String holder, BitSet wanted, long nowMillis, long leaseUntilMillis);

    /** Holds partitions for longer; gives the numbers of those that are still held under their fencing number. */
    BitSet renew(Collection<Held> held, long leaseUntilMillis);

    /**
     * Notes that everything up to the positions was sent.
     *
     * @return the partitions refused because another holding has begun: nothing more of them may be sent
     */
    BitSet moveTo(Collection<Held> positions);

    /** Gives partitions back, so that the next holder need not wait for the end of the lease. */
    void release(Collection<Held> held);

    /**
     * A partition in one relay's hands.
     *
     * @param position everything up to here was sent
     * @param fence rises with each holding of the partition
     */
    record Held(int partition, FeedPosition position, long fence) {}
}
