package io.hongyan.im.app.config;

import java.util.List;
import java.util.Locale;

/** Where messages are stored. What is not under {@code mysql} is about the embedded database. */
public record StorageSettings(
        @Setting("`sqlite`, embedded, for one node; or `mysql`, a server that several nodes may share.")
        Engine engine,

        @Setting(value = "Page cache of the writing connection.", unit = "bytes", min = 65_536, max = Long.MAX_VALUE)
        long writerCacheBytes,

        @Setting(value = "Page cache of each reading connection.", unit = "bytes", min = 65_536, max = Long.MAX_VALUE)
        long readerCacheBytes,

        @Setting(value = "Reading connections; further reads wait.", min = 1, max = 256)
        int readersMax,

        @Setting(value = "Writes that wait for the writer; further ones fail at once.", min = 1)
        int waitingWritesMax,

        @Setting(value = "Writes that share one transaction.", min = 1, max = 100_000)
        int writesPerCommitMax,

        @Setting(
                value = "How long a read or write waits for its turn before it fails.",
                unit = "ms",
                min = 10,
                max = 600_000)
        long timeoutMillis,

        @Setting(
                value = "Length of the write-ahead log from which on it is moved into the database and begins anew.",
                unit = "pages",
                min = 100)
        int checkpointPages,

        @Setting(value = "Size limit of the database; 0 = as large as the disk.", unit = "pages", max = 4_294_967_294L)
        long databasePagesMax,

        @Setting(value = "Users, and conversations, whose numbers are held in memory.", min = 1)
        int cachedKeysMax,

        MysqlSection mysql) {
    static final StorageSettings DEFAULT = new StorageSettings(
            Engine.SQLITE, 64L << 20, 4L << 20, 4, 4_096, 256, 10_000, 20_000, 0, 50_000, MysqlSection.DEFAULT);

    /** What keeps the data. */
    public enum Engine {
        SQLITE,
        MYSQL;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    List<String> contradictions() {
        return engine == Engine.MYSQL ? mysql.contradictions() : List.of();
    }
}
