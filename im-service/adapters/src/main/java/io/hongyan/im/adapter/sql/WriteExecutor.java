package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.message.StorageException;

/** Lets many threads write, each work in one transaction. */
public interface WriteExecutor {
    /**
     * Runs the work in a transaction and returns its result once that is durable.
     *
     * @throws StorageException the work was undone, or it is not known whether it was stored
     */
    <T> T write(Work<Transaction, T> work);
}
