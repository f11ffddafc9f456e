package io.hongyan.im.core.data;

import io.hongyan.im.core.message.StorageException;

/**
 * The epoch of the data, as it is stored with the data. There is always one: an installation begins with it. Any thread;
 * blocks. Throws {@link StorageException}.
 */
public interface DataEpochs {
    DataEpoch current();

    /**
     * Begins another epoch, unless another one than {@code over} is there already. Durable when it returns.
     *
     * @param over the epoch that is to end
     * @param nowMillis when the next one begins, at the earliest
     * @return the epoch that is there now
     */
    DataEpoch begin(DataEpoch over, long nowMillis);

    /**
     * A number that rises with messages and events of the feed, some time after each of them, and falls only when data was
     * lost. 0 where there is none.
     */
    long newest();

    /** Whether other processes may begin one. */
    boolean isShared();

    /** One that is kept in memory, of a process that is alone. */
    static DataEpochs inMemory() {
        return new EpochInMemory();
    }
}
