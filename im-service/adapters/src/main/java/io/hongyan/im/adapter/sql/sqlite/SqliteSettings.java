package io.hongyan.im.adapter.sql.sqlite;

import io.hongyan.settings.Defaults;
import io.hongyan.settings.Fixed;
import io.hongyan.settings.Setting;
import java.nio.file.Path;

/**
 * What an embedded storage may use.
 *
 * @param directory holds the database; made if it is not there
 */
public record SqliteSettings(
        @Fixed("data") Path directory,

        @Setting(
                value = "Page cache of the writing connection.",
                defaultValue = "67_108_864",
                unit = "bytes",
                min = 65_536,
                max = Long.MAX_VALUE)
        long writerCacheBytes,

        @Setting(
                value = "Page cache of each reading connection.",
                defaultValue = "4_194_304",
                unit = "bytes",
                min = 65_536,
                max = Long.MAX_VALUE)
        long readerCacheBytes,

        @Setting(value = "Reading connections; further reads wait.", defaultValue = "4", min = 1, max = 256)
        int readersMax,

        @Setting(value = "Writes that wait for the writer; further ones fail at once.", defaultValue = "4_096", min = 1)
        int waitingWritesMax,

        @Setting(value = "Writes in one transaction.", defaultValue = "256", min = 1, max = 100_000)
        int writesPerCommitMax,

        @Setting(
                value = "How long a read or write waits for its turn; then it fails.",
                defaultValue = "10_000",
                unit = "ms",
                min = 10,
                max = 600_000)
        long timeoutMillis,

        @Setting(
                value = "Length of the write-ahead log at which it is moved into the database and starts anew.",
                defaultValue = "20_000",
                unit = "pages",
                min = 100)
        int checkpointPages,

        @Setting(
                value = "Size limit of the database; 0 = no limit but the disk.",
                defaultValue = "0",
                unit = "pages",
                max = 4_294_967_294L)
        long databasePagesMax,

        @Setting(
                value = "Users, and conversations, whose row numbers are kept in memory.",
                defaultValue = "50_000",
                min = 1)
        int cachedKeysMax) {

    /** The settings that fit most installations. */
    public static SqliteSettings defaults(Path directory) {
        return Defaults.of(SqliteSettings.class).in(directory);
    }

    /** The same in another directory. */
    public SqliteSettings in(Path other) {
        return new SqliteSettings(
                other,
                writerCacheBytes,
                readerCacheBytes,
                readersMax,
                waitingWritesMax,
                writesPerCommitMax,
                timeoutMillis,
                checkpointPages,
                databasePagesMax,
                cachedKeysMax);
    }

    Path databaseFile() {
        return directory.resolve("hongyan.db");
    }

    Path lockFile() {
        return directory.resolve("hongyan.lock");
    }
}
