package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.Storage;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.send.MessageLog;
import io.hongyan.im.core.sync.Marks;
import java.sql.SQLException;
import java.util.function.LongSupplier;

/**
 * All storage ports on one SQLite file. One connection writes, for all threads together; others read beside it. Every
 * write is synced before its call returns. Safe for many threads.
 */
public final class SqliteStorage implements AutoCloseable {
    /** Keys of new messages that wait in memory to become rows: some megabytes, and 0.1 s at the next start. */
    private static final int KEYS_IN_MEMORY_MAX = 40_000;

    private final StorageCounters counters = new StorageCounters();
    private final DirectoryLock lock;
    private final SqliteWriter writer;
    private final GroupCommit writes;
    private final Readers readers;
    private final CheckpointDriver checkpoints;
    private final MessageLog log;
    private final Marks marks;

    private SqliteStorage(SqliteSettings settings, int keysInMemoryMax, DirectoryLock lock, LongSupplier nanoTime)
            throws SQLException {
        this.lock = lock;
        Connections connections = new Connections(settings);
        connections.createDatabase();
        Schema.migrate(connections.url());
        writer = new SqliteWriter(connections::openWriter);
        writes = new GroupCommit(writer, settings, nanoTime, counters);
        readers = new Readers(connections::openReader, settings, nanoTime, counters);
        Heads heads = new Heads(writer, settings.cachedKeysMax());
        MessageKeys keys = new MessageKeys(writer, keysInMemoryMax);
        writes.write(() -> {
            keys.load();
            return null;
        });
        log = new SqliteMessageLog(writes, heads, keys, writer, counters);
        marks = new SqliteMarks(readers, writes, writer, heads);
        checkpoints = new CheckpointDriver(
                new Checkpointer(connections::openCheckpointer, writes, settings, nanoTime, counters), counters);
    }

    /**
     * Opens the storage in a directory, making it where there is none.
     *
     * @param nanoTime a clock for time-outs and durations, nanoseconds from any origin
     * @throws StorageException the directory is in use by another server or cannot be written, or its database is
     *     damaged or was written by a newer version
     */
    public static SqliteStorage open(SqliteSettings settings, LongSupplier nanoTime) {
        return open(settings, KEYS_IN_MEMORY_MAX, nanoTime);
    }

    static SqliteStorage open(SqliteSettings settings, int keysInMemoryMax, LongSupplier nanoTime) {
        DirectoryLock lock = DirectoryLock.acquire(settings.lockFile());
        try {
            return new SqliteStorage(settings, keysInMemoryMax, lock, nanoTime);
        } catch (SQLException e) {
            lock.close();
            throw new StorageException(
                    "the database " + settings.databaseFile() + " cannot be opened: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** All ports. */
    public Storage ports() {
        return new Storage(
                log,
                new SqliteInbox(readers),
                new SqliteDevices(readers, writes, writer),
                new SqliteUsers(readers, writes, writer),
                new SqliteHistory(readers),
                marks,
                new SqliteConversationList(readers),
                new SqliteInboxTrimmer(readers, writes, writer),
                new SqliteGroups(),
                new SqliteFanOutLog());
    }

    public StorageCounters counters() {
        return counters;
    }

    /** Ends after the works in hand. Calls after this throw {@link StorageException}. */
    @Override
    public void close() {
        checkpoints.close();
        writes.close();
        readers.close();
        writer.close();
        lock.close();
    }
}
