package io.hongyan.im.core.cluster;

import io.hongyan.im.core.message.StorageException;

/** Says whether what was asked of this process before is still to be done. Any thread; does not block. */
@FunctionalInterface
public interface Fencing {
    /** The epoch that is now. */
    FencingEpoch epoch();

    /** @throws StorageException what was asked in this epoch is not to be done any more */
    default void require(FencingEpoch asked) {
        if (asked.isOver(epoch())) {
            throw new StorageException("the process stalled after this was requested", null);
        }
    }
}
