package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.message.StorageException;
import java.sql.SQLException;

/** Lets many threads read, a bounded number at a time. */
public interface Reads {
    /**
     * Runs the reads of one moment.
     *
     * @throws StorageException no connection became free in time, or reading failed
     */
    <T> T read(ReadWork<T> work);

    /** The same where one statement is all: it sees one moment by itself, and needs no transaction around it. */
    default <T> T readOne(ReadWork<T> work) {
        return read(work);
    }

    /** What is to be read; the reader is its own until it returns. */
    @FunctionalInterface
    interface ReadWork<T> {
        T run(Reader reader) throws SQLException;
    }
}
