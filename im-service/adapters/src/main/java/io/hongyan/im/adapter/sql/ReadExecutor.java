package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.message.StorageException;

/** Lets many threads read, a bounded number at a time. */
public interface ReadExecutor {
    /**
     * Runs the reads of one moment.
     *
     * @throws StorageException no connection became free in time, or reading failed
     */
    <T> T read(Work<ReadConnection, T> work);

    /** The same where one statement is all: it sees one moment by itself, and needs no transaction around it. */
    default <T> T readOne(Work<ReadConnection, T> work) {
        return read(work);
    }
}
