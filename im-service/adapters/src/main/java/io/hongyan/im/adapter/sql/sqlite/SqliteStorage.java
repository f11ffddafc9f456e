package io.hongyan.im.adapter.sql.sqlite;

import io.hongyan.im.adapter.sql.EventBodies;
import io.hongyan.im.adapter.sql.OpenStorage;
import io.hongyan.im.adapter.sql.Schema;
import io.hongyan.im.adapter.sql.SqlChangedMessages;
import io.hongyan.im.adapter.sql.SqlDataEpochs;
import io.hongyan.im.adapter.sql.SqlDevices;
import io.hongyan.im.adapter.sql.SqlEventLog;
import io.hongyan.im.adapter.sql.SqlFeedPartitions;
import io.hongyan.im.adapter.sql.SqlGroupCursors;
import io.hongyan.im.adapter.sql.SqlGroups;
import io.hongyan.im.adapter.sql.SqlHints;
import io.hongyan.im.adapter.sql.SqlHistory;
import io.hongyan.im.adapter.sql.SqlInbox;
import io.hongyan.im.adapter.sql.SqlPushes;
import io.hongyan.im.adapter.sql.StorageCounters;
import io.hongyan.im.adapter.sql.WriteExecutor;
import io.hongyan.im.core.Storage;
import io.hongyan.im.core.data.DataEpochs;
import io.hongyan.im.core.feed.FeedStorage;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.receipt.Marks;
import io.hongyan.im.core.send.AppendRules;
import io.hongyan.im.core.send.FanOutLog;
import io.hongyan.im.core.send.MessageLog;
import io.hongyan.im.core.send.MessageStorage;
import io.hongyan.im.core.work.PeriodicTask;
import io.hongyan.runtime.ThreadWatch;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * All storage ports on one SQLite file. One connection writes, for all threads together; others read beside it. Every
 * write is synced before its call returns. Safe for many threads.
 */
public final class SqliteStorage implements OpenStorage {
    /** Keys of new messages that wait in memory to become rows: some megabytes, and 0.1 s at the next start. */
    private static final int KEYS_IN_MEMORY_MAX = 40_000;

    private static final String RAISE_GROUP_CURSOR = """
            ON CONFLICT (user_id, device, group_name)
            DO UPDATE SET acknowledged_seq = MAX(acknowledged_seq, excluded.acknowledged_seq)""";

    private final StorageCounters counters = new StorageCounters();
    private final DirectoryLock lock;
    private final SqliteWriter writer;
    private final GroupCommit writes;
    private final WriteExecutor shared;
    private final SqliteReadPool readPool;
    private final CheckpointDriver checkpoints;
    private final MessageLog log;
    private final Marks marks;
    private final FanOutLog fanOut;

    private SqliteStorage(
            SqliteSettings settings, AppendRules rules, int keysInMemoryMax, DirectoryLock lock, LongSupplier nanoTime)
            throws SQLException {
        this.lock = lock;
        SqliteConnectionFactory connections = new SqliteConnectionFactory(settings);
        connections.createDatabase();
        Schema.migrate(connections.url());
        writer = new SqliteWriter(connections::openWriter);
        writes = new GroupCommit(writer, settings, nanoTime, counters);
        readPool = new SqliteReadPool(connections::openReader, settings, nanoTime, counters);
        Heads heads = new Heads(writer, settings.cachedKeysMax());
        DedupIndex dedupIndex = new DedupIndex(writer, keysInMemoryMax);
        writes.write(() -> {
            dedupIndex.load();
            return null;
        });
        GroupMembers groups = new GroupMembers(writer, heads, settings.cachedKeysMax());
        log = new SqliteMessageLog(writes, heads, groups, dedupIndex, writer, rules, counters);
        fanOut = new SqliteFanOutLog(readPool, writes, writer, heads, groups, counters);
        shared = new SqliteWriteExecutor(writes, writer);
        marks = new SqlMarks(readPool, shared, new SqliteReadEvents(writer, heads));
        checkpoints = new CheckpointDriver(
                new Checkpointer(connections::openCheckpointer, writes, settings, nanoTime, counters), counters);
        counters.gauge("database_bytes", settings.databaseFile().toFile()::length);
    }

    /**
     * Opens the storage in a directory, making it where there is none.
     *
     * @param rules what becomes of drafts; what exists stays as it is
     * @param nanoTime a clock for time-outs and durations, nanoseconds from any origin
     * @throws StorageException the directory is in use by another server or cannot be written, or its database is
     *     damaged or was written by a newer version
     */
    public static SqliteStorage open(SqliteSettings settings, AppendRules rules, LongSupplier nanoTime) {
        return open(settings, rules, KEYS_IN_MEMORY_MAX, nanoTime);
    }

    public static SqliteStorage open(
            SqliteSettings settings, AppendRules rules, int keysInMemoryMax, LongSupplier nanoTime) {
        DirectoryLock lock = DirectoryLock.acquire(settings.lockFile());
        try {
            return new SqliteStorage(settings, rules, keysInMemoryMax, lock, nanoTime);
        } catch (SQLException e) {
            lock.close();
            throw new StorageException(
                    "the database " + settings.databaseFile() + " cannot be opened: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    @Override
    public Storage ports() {
        return new Storage(
                new MessageStorage(
                        log,
                        new SqlHistory(readPool),
                        fanOut,
                        new SqlGroups(readPool),
                        new SqlInbox(readPool),
                        new SqlInboxTrimmer(readPool, shared),
                        new SqlDevices(readPool, shared),
                        new SqlGroupCursors(readPool, shared, RAISE_GROUP_CURSOR),
                        new SqlChangedMessages(readPool)),
                new SqliteUsers(readPool, writes, writer),
                marks,
                new SqlConversationList(readPool),
                new SqlHints(readPool, shared),
                feed(),
                new SqlPushes(readPool, shared, now -> now));
    }

    private FeedStorage feed() {
        EventBodies bodies = new EventBodies();
        return new FeedStorage(
                new SqlEventLog(readPool, shared, bodies),
                new SqlFeed(readPool, bodies),
                new SqlFeedPartitions(shared, now -> now));
    }

    @Override
    public DataEpochs dataEpochs() {
        return new SqlDataEpochs(readPool, shared, false);
    }

    @Override
    public StorageCounters counters() {
        return counters;
    }

    /** The directory is locked: there is no other. */
    @Override
    public void join(String node, boolean meets, String alike, Consumer<String> onConflict) {}

    @Override
    public void watch(ThreadWatch watch) {
        checkpoints.watch(watch);
    }

    @Override
    public List<PeriodicTask> tasks() {
        return List.of();
    }

    @Override
    public void close() {
        checkpoints.close();
        writes.close();
        readPool.close();
        writer.close();
        lock.close();
    }
}
