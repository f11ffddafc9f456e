package io.hongyan.im.adapter.sql;

import java.nio.file.Path;

/**
 * What an embedded storage may use.
 *
 * @param directory holds the database; made if it is not there
 * @param writerCacheBytes page cache of the writing connection
 * @param readerCacheBytes page cache of each reading connection
 * @param readersMax reading connections at most; further reads wait
 * @param waitingWritesMax writes that wait for the writer at most; further ones fail at once
 * @param writesPerCommitMax writes that share one transaction at most
 * @param timeoutMillis how long a read or a write waits for its turn before it fails
 * @param checkpointPages pages in the write-ahead log from which on they are moved into the database, and the log
 *     begins anew
 * @param databasePagesMax size limit of the database, 0 = as large as the disk
 * @param cachedKeysMax users, and conversations, whose heads are held in memory at most
 */
public record SqliteSettings(
        Path directory,
        long writerCacheBytes,
        long readerCacheBytes,
        int readersMax,
        int waitingWritesMax,
        int writesPerCommitMax,
        long timeoutMillis,
        int checkpointPages,
        long databasePagesMax,
        int cachedKeysMax) {

    /** The settings that fit most installations. */
    public static SqliteSettings defaults(Path directory) {
        return new SqliteSettings(directory, 64 << 20, 4 << 20, 4, 4_096, 256, 10_000, 20_000, 0, 50_000);
    }

    Path databaseFile() {
        return directory.resolve("hongyan.db");
    }

    Path lockFile() {
        return directory.resolve("hongyan.lock");
    }
}
