package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.Storage;
import io.hongyan.im.core.cluster.Standstill;
import io.hongyan.im.core.feed.FeedStorage;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.inbox.InboxTrimmer;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.send.MessageStorage;
import io.hongyan.im.core.work.PeriodicTask;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.ibatis.session.ExecutorType;
import org.apache.ibatis.session.SqlSessionFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All storage ports on a MySQL or MariaDB server, which other nodes use at the same time. Nothing that changes is held in
 * memory from one transaction to the next, but memberships by their version.
 */
public final class MysqlStorage implements OpenStorage {
    private static final Logger log = LoggerFactory.getLogger(MysqlStorage.class);
    private static final long NUMBER_FEED_MILLIS = 1_000;
    private static final long COMPARE_CLOCKS_MILLIS = 30_000;

    private final StorageCounters counters = new StorageCounters();
    private final MysqlSettings settings;
    private final MysqlPools pools;
    private final Reads readers;
    private final MysqlWrites writes;
    private final ServerClock serverClock;
    private final FeedSequencer sequencer;
    private final MysqlNodes nodes;
    private final MysqlLease trimming;
    private final Storage ports;

    private MysqlStorage(
            MysqlSettings settings,
            GroupLimits limits,
            MysqlPools pools,
            InstantSource clock,
            LongSupplier nanoTime,
            Standstill standstill) {
        this.settings = settings;
        this.pools = pools;
        SqlSessionFactory sessions =
                Mappers.sessions(Mappers.MYSQL, pools.readers(), ExecutorType.SIMPLE, MysqlSession.ROW_BY_ROW);
        readers = new MysqlReads(pools.readers(), sessions, nanoTime, counters);
        writes = new MysqlWrites(pools.writers(), sessions, settings.attemptsMax(), nanoTime, counters, standstill);
        serverClock = new ServerClock(writes, clock);
        sequencer = new FeedSequencer(readers, writes);
        nodes = new MysqlNodes(writes, settings.server());
        trimming = new MysqlLease(writes, nanoTime, "trimming");
        ports = ports(settings, limits);
        counters.gauge("connections_active", pools::active);
        counters.gauge("connections_awaited", pools::waiting);
        counters.gauge("clock_difference_millis", serverClock::differenceMillis);
        serverClock.compare();
    }

    /**
     * Connects, and makes the tables where there are none.
     *
     * @param groups what groups may be; those that exist stay as they are
     * @param clock of this node, compared with the server's
     * @param nanoTime a clock for durations, nanoseconds from any origin
     * @param standstill a transaction within which the process stood still is undone
     * @throws StorageException the server cannot be reached, does not let the user in or takes no writes, or its tables
     *     were made by a newer version
     */
    public static MysqlStorage open(
            MysqlSettings settings,
            GroupLimits groups,
            InstantSource clock,
            LongSupplier nanoTime,
            Standstill standstill) {
        MysqlPools pools = MysqlPools.open(settings);
        try {
            prepare(settings, pools);
            checkUnsharded(settings, pools);
            return new MysqlStorage(settings, groups, pools, clock, nanoTime, standstill);
        } catch (SQLException e) {
            pools.close();
            throw new StorageException("the server " + settings.server() + " cannot be used: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            pools.close();
            throw e;
        }
    }

    /** Sees to it that the database can be used and has all tables. */
    static void prepare(MysqlSettings settings, MysqlPools pools) throws SQLException {
        check(settings, pools);
        Schema.migrateMysql(pools.writers(), settings.server());
    }

    private static void checkUnsharded(MysqlSettings settings, MysqlPools pools) throws SQLException {
        try (Connection connection = pools.writers().getConnection()) {
            SlotRows.Identity identity = SlotRows.identity(connection);
            if (identity != null) {
                throw new StorageException(
                        "the database " + settings.server() + " is one of several, named " + identity.name()
                                + ": storage.mysql.databases must list them",
                        null);
            }
        }
    }

    private static void check(MysqlSettings settings, MysqlPools pools) throws SQLException {
        try (Connection connection = pools.writers().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT @@GLOBAL.read_only, @@innodb_flush_log_at_trx_commit")) {
            row.next();
            if (row.getBoolean(1)) {
                throw new StorageException("the server " + settings.server() + " is read-only", null);
            }
            if (row.getInt(2) != 1) {
                log.warn(
                        "innodb_flush_log_at_trx_commit of {} is {}: a power cut loses messages that were acknowledged;"
                                + " 1 is safe",
                        settings.server(),
                        row.getInt(2));
            }
        }
    }

    private Storage ports(MysqlSettings settings, GroupLimits limits) {
        MysqlIds ids = new MysqlIds(settings.cachedKeysMax());
        LockedGroups groups = new LockedGroups(new MemberCache(settings.cachedKeysMax()));
        EventBodies bodies = new EventBodies();
        return new Storage(
                new MessageStorage(
                        new MysqlMessageLog(writes, ids, groups, limits, settings.messagesInFeed(), counters),
                        new SqlHistory(readers),
                        new MysqlFanOutLog(readers, writes, ids, groups, serverClock, counters),
                        new SqlGroups(readers),
                        new SqlInbox(readers),
                        leased(new SqlInboxTrimmer(readers, writes)),
                        new SqlDevices(readers, writes),
                        new SqlGroupCursors(readers, writes)),
                new MysqlUsers(readers, writes, ids),
                new SqlMarks(readers, writes, new MysqlReadEvents(ids)),
                new SqlConversationList(readers),
                new SqlHints(readers, writes),
                new FeedStorage(
                        new MysqlEventLog(
                                readers, writes, bodies, new SqlEventLog(readers, writes, bodies), sequencer, trimming),
                        new MysqlFeed(new SqlFeed(readers, bodies), sequencer),
                        new SqlFeedPartitions(writes, serverClock)),
                new SqlPushes(readers, writes, serverClock));
    }

    /** Of all nodes one goes through the inboxes. */
    private InboxTrimmer leased(InboxTrimmer trimmer) {
        return (afterUser, olderThanMillis, entriesMax, usersMax) -> trimming.held()
                ? trimmer.trim(afterUser, olderThanMillis, entriesMax, usersMax)
                : new InboxTrimmer.Slice(afterUser, 0);
    }

    @Override
    public Storage ports() {
        return ports;
    }

    @Override
    public StorageCounters counters() {
        return counters;
    }

    @Override
    public void join(String node, boolean meets, String alike, Consumer<String> onConflict) {
        nodes.join(node, meets, alike, onConflict);
        try {
            // Who gives the data slots has waited for this server, or is seen by it.
            checkUnsharded(settings, pools);
        } catch (SQLException e) {
            throw new StorageException("the server " + settings.server() + " cannot be used: " + e.getMessage(), e);
        }
    }

    /** Without readers of the feed somebody must number it, or the first reader would have to. */
    @Override
    public List<PeriodicTask> tasks() {
        return List.of(
                new PeriodicTask("number the feed", NUMBER_FEED_MILLIS, sequencer::run),
                new PeriodicTask("say that this server uses the database", MysqlNodes.RENEW_MILLIS, nodes::renew),
                new PeriodicTask("compare the clock with the database's", COMPARE_CLOCKS_MILLIS, serverClock::compare));
    }

    @Override
    public void close() {
        try {
            nodes.leave();
            trimming.release();
        } catch (StorageException away) {
            log.debug("the leases of this node end by themselves");
        }
        pools.close();
    }
}
