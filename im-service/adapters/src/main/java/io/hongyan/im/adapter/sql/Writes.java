package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.message.StorageException;
import java.sql.SQLException;

/** Lets many threads write, each work in one transaction. */
public interface Writes {
    /**
     * Runs the work in a transaction and returns its result once that is durable.
     *
     * @throws StorageException the work was undone, or it is not known whether it was stored
     */
    <T> T write(Work<T> work);

    /** What is to be done: perhaps again after having been undone. */
    @FunctionalInterface
    interface Work<T> {
        T run(Transaction transaction) throws SQLException;
    }
}
