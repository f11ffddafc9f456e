package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.adapter.sql.EventBodies;
import io.hongyan.im.adapter.sql.Mappers;
import io.hongyan.im.adapter.sql.OpenStorage;
import io.hongyan.im.adapter.sql.Schema;
import io.hongyan.im.adapter.sql.SqlDataEpochs;
import io.hongyan.im.adapter.sql.SqlFeedPartitions;
import io.hongyan.im.adapter.sql.SqlPushes;
import io.hongyan.im.adapter.sql.StorageCounters;
import io.hongyan.im.core.Storage;
import io.hongyan.im.core.cluster.ProcessStall;
import io.hongyan.im.core.data.DataEpochs;
import io.hongyan.im.core.feed.FeedStorage;
import io.hongyan.im.core.inbox.InboxTrimmer;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.send.AppendRules;
import io.hongyan.im.core.send.MessageStorage;
import io.hongyan.im.core.work.PeriodicTask;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.ibatis.session.ExecutorType;
import org.apache.ibatis.session.SqlSessionFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All storage ports on MySQL or MariaDB databases, of which there may be one, and which other nodes use at the same time: logs
 * by conversation, inboxes by user, the rest in the first one. No transaction concerns two of them. Nothing that changes is
 * held in memory from one transaction to the next, but memberships by their version.
 */
public final class ShardedStorage implements OpenStorage {
    private static final Logger log = LoggerFactory.getLogger(ShardedStorage.class);
    private static final long NUMBER_FEED_MILLIS = 1_000;
    private static final long COMPARE_CLOCKS_MILLIS = 30_000;
    private static final long LOOK_MILLIS = 1_000;
    private static final long READ_SLOTS_MILLIS = 5_000;

    private final StorageCounters counters;
    private final Shards shards;
    private final ServerClock serverClock;
    private final ShardedSequencer sequencer;
    private final MysqlNodes nodes;
    private final MysqlLease trimming;
    private final Storage ports;

    private ShardedStorage(
            ShardedSettings settings,
            AppendRules rules,
            Shards shards,
            InstantSource clock,
            LongSupplier nanoTime,
            StorageCounters counters,
            ProcessStall processStall) {
        this.shards = shards;
        this.counters = counters;
        this.serverClock = new ServerClock(shards.home().writes(), clock);
        this.sequencer = new ShardedSequencer(shards);
        this.nodes = new MysqlNodes(shards.home().writes(), settings.home().server());
        this.trimming = new MysqlLease(shards.home().writes(), nanoTime, "trimming");
        this.ports = ports(settings.home(), rules, new Slots(clock), processStall);
        for (Shard shard : shards.all()) {
            String label = "{database=\"" + shard.name() + "\"}";
            counters.gauge("connections_active" + label, shard.pools()::active);
            counters.gauge("connections_awaited" + label, shard.pools()::waiting);
            counters.gauge("away" + label, () -> shard.isAway() ? 1 : 0);
            counters.gauge("slots" + label, () -> shards.slotsOf(shard));
            counters.gauge("database_bytes" + label, shard::bytes);
        }
        counters.gauge("slot_searches_total", shards::searches);
        counters.gauge("clock_difference_millis", serverClock::differenceMillis);
        serverClock.compare();
        measure();
    }

    /**
     * Connects to all databases, makes the tables where there are none, and gives out the slots where nobody has any.
     *
     * @param rules what becomes of drafts; what exists stays as it is
     * @param clock of this node, compared with home's
     * @param nanoTime a clock for durations, nanoseconds from any origin
     * @param processStall a transaction within which the process stalled is undone
     * @throws StorageException a database cannot be used, or they do not belong together as they are configured
     */
    public static ShardedStorage open(
            ShardedSettings settings,
            AppendRules rules,
            InstantSource clock,
            LongSupplier nanoTime,
            ProcessStall processStall) {
        StorageCounters counters = new StorageCounters();
        Shards shards = new Shards(connect(settings, nanoTime, counters, processStall), nanoTime);
        try {
            ShardPlan.check(shards);
            shards.read();
            return new ShardedStorage(settings, rules, shards, clock, nanoTime, counters, processStall);
        } catch (RuntimeException e) {
            shards.close();
            throw e;
        }
    }

    /** The databases as they are, checked and with all tables. */
    static List<Shard> connect(
            ShardedSettings settings, LongSupplier nanoTime, StorageCounters counters, ProcessStall processStall) {
        List<Shard> all = new ArrayList<>();
        SqlSessionFactory sessions = null;
        try {
            for (Map.Entry<String, MysqlSettings> one : settings.databases().entrySet()) {
                MysqlPools pools = MysqlPools.open(one.getValue());
                if (sessions == null) {
                    // Sessions are opened on given connections.
                    sessions = Mappers.sessions(
                            Mappers.MYSQL, pools.readers(), ExecutorType.SIMPLE, MysqlSession.ROW_BY_ROW);
                }
                all.add(new Shard(one.getKey(), one.getValue(), pools, sessions, nanoTime, counters, processStall));
                prepare(one.getValue(), pools);
            }
            return all;
        } catch (SQLException e) {
            all.forEach(Shard::close);
            throw new StorageException("a database cannot be used: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            all.forEach(Shard::close);
            throw e;
        }
    }

    /** Ensures that the database can be used and has all tables. */
    private static void prepare(MysqlSettings settings, MysqlPools pools) throws SQLException {
        check(settings, pools);
        Schema.migrateMysql(pools.writers(), settings.server());
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

    private Storage ports(MysqlSettings home, AppendRules rules, Slots slots, ProcessStall processStall) {
        ShardedIds ids = new ShardedIds(shards, home.cachedKeysMax());
        LockedGroups groups = new LockedGroups(new MemberCache(home.cachedKeysMax()));
        ShardedBodies bodies = new ShardedBodies(shards);
        MarkRows marks = new MarkRows(shards, bodies);
        OwnedUsers users = new OwnedUsers(shards);
        EventBodies eventBodies = new EventBodies();
        SlotSession atHome = shards.home().whole();
        ShardedFeed feed = new ShardedFeed(shards.home(), bodies, eventBodies, sequencer);
        return new Storage(
                new MessageStorage(
                        new ShardedMessageLog(
                                shards, ids, slots, groups, rules, home.messagesInFeed(), counters, processStall),
                        new ShardedHistory(shards),
                        new ShardedFanOutLog(shards, ids, groups, serverClock, counters),
                        new ShardedGroups(shards),
                        new ShardedInbox(shards, bodies),
                        leased(new ShardedTrimmer(shards, users, bodies)),
                        new ShardedDevices(shards),
                        new ShardedGroupCursors(shards),
                        new ShardedChangedMessages(shards)),
                new ShardedUsers(shards, slots, ids),
                new ShardedMarks(shards, ids, marks),
                new ShardedConversationList(shards, ids, marks),
                new ShardedHints(shards, users, bodies),
                new FeedStorage(
                        new ShardedEventLog(atHome, eventBodies, feed, sequencer, trimming),
                        feed,
                        new SqlFeedPartitions(atHome, serverClock)),
                new ShardedPushes(new SqlPushes(atHome, atHome, serverClock), users));
    }

    private void measure() {
        shards.all().forEach(Shard::measure);
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
    public DataEpochs dataEpochs() {
        SlotSession atHome = shards.home().whole();
        return new SqlDataEpochs(atHome, atHome, true);
    }

    @Override
    public StorageCounters counters() {
        return counters;
    }

    @Override
    public List<PeriodicTask> tasks() {
        return List.of(
                new PeriodicTask("number the feed", NUMBER_FEED_MILLIS, sequencer),
                new PeriodicTask("look for databases that were away", LOOK_MILLIS, shards::look),
                new PeriodicTask(
                        "renew the registration of this node at the database", MysqlNodes.RENEW_MILLIS, nodes::renew),
                new PeriodicTask("compare the clock with the database's", COMPARE_CLOCKS_MILLIS, serverClock::compare),
                new PeriodicTask("read which slots are where", READ_SLOTS_MILLIS, shards::read),
                new PeriodicTask("measure the databases", DatabaseSize.LOOK_MILLIS, this::measure));
    }

    @Override
    public void join(String node, boolean meets, String alike, Consumer<String> onConflict) {
        nodes.join(node, meets, alike, onConflict);
    }

    @Override
    public void close() {
        try {
            nodes.leave();
            trimming.release();
        } catch (StorageException away) {
            log.debug("the leases of this node end by themselves");
        }
        shards.close();
    }
}
