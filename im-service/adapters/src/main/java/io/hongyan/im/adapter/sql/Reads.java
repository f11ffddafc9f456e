package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.message.StorageException;
import java.sql.SQLException;

/** Lets many threads read, a bounded number at a time. */
interface Reads {
    /**
     * Runs the reads of one moment.
     *
     * @throws StorageException no connection became free in time, or reading failed
     */
    <T> T read(ReadWork<T> work);

    /** What is to be read; the reader is its own until it returns. */
    @FunctionalInterface
    interface ReadWork<T> {
        T run(Reader reader) throws SQLException;
    }
}
