package io.hongyan.im.adapter.sql.mysql;

import com.zaxxer.hikari.HikariDataSource;
import io.hongyan.im.adapter.sql.StorageCounters;
import io.hongyan.im.core.cluster.ProcessStall;
import io.hongyan.im.core.message.StorageException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.ibatis.session.SqlSessionFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One of several databases: its connections with their limits, and whether it is away. Safe for many threads. */
final class Shard implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Shard.class);
    private static final int VALID_SECONDS_MAX = 2;

    private final String name;
    private final MysqlSettings settings;
    private final MysqlPools pools;
    private final MysqlReadExecutor reads;
    private final MysqlWriteExecutor writes;
    private final DatabaseSize size;
    private final ShardCircuitBreaker circuit = new ShardCircuitBreaker();
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile boolean alone;

    Shard(
            String name,
            MysqlSettings settings,
            MysqlPools pools,
            SqlSessionFactory sessions,
            LongSupplier nanoTime,
            StorageCounters counters,
            ProcessStall processStall) {
        this.name = name;
        this.settings = settings;
        this.pools = pools;
        this.size = new DatabaseSize(settings);
        this.reads = new MysqlReadExecutor(pools.readers(), sessions, nanoTime, counters);
        this.writes = new MysqlWriteExecutor(
                pools.writers(), sessions, settings.attemptsMax(), nanoTime, counters, processStall);
    }

    String name() {
        return name;
    }

    String server() {
        return settings.server();
    }

    MysqlPools pools() {
        return pools;
    }

    HikariDataSource writers() {
        return pools.writers();
    }

    /** For rows that belong to no slot. */
    SlotSession whole() {
        return new SlotSession(this, new BitSet());
    }

    SlotSession of(BitSet slots) {
        return new SlotSession(this, slots);
    }

    MysqlReadExecutor reads() {
        return reads;
    }

    MysqlWriteExecutor writes() {
        return writes;
    }

    /** There is no other one. */
    void beAlone() {
        alone = true;
    }

    boolean isAlone() {
        return alone;
    }

    /** What its tables take, by the last {@link #measure}. */
    long bytes() {
        return size.bytes();
    }

    void measure() {
        if (!circuit.isOpen()) {
            size.look();
        }
    }

    boolean isAway() {
        return circuit.isOpen();
    }

    /** Does the work unless the database is away, and notes whether it turns out to be. */
    <T> T guarded(Supplier<T> work) {
        if (circuit.isOpen()) {
            throw new StorageException("the database " + name + " is away", null);
        }
        try {
            return work.get();
        } catch (RuntimeException trouble) {
            if (ShardCircuitBreaker.isOfTheConnection(trouble)) {
                lookNow();
            }
            throw trouble;
        }
    }

    /** Finds out whether a database that was away has come back. */
    void look() {
        if (circuit.isOpen()) {
            lookNow();
        }
    }

    /** A connection that is not of the pools, without a time limit for statements. */
    Connection patientConnection() throws SQLException {
        Properties driver = MysqlPools.driver(settings);
        driver.remove("socketTimeout");
        return connection(driver);
    }

    private Connection connection(Properties driver) throws SQLException {
        driver.setProperty("user", settings.user());
        driver.setProperty("password", settings.password());
        return DriverManager.getConnection(settings.url(), driver);
    }

    /** Not by the pool, where asking may take as long as waiting does. One at a time, who comes meanwhile need not. */
    private void lookNow() {
        if (looking.compareAndSet(false, true)) {
            try (Connection connection = connection(MysqlPools.driver(settings))) {
                boolean reached = connection.isValid(VALID_SECONDS_MAX);
                if (reached && circuit.isOpen()) {
                    pools.renew();
                }
                circuit.found(reached);
            } catch (SQLException away) {
                boolean isFull = MysqlErrors.isFull(away);
                log.warn(
                        "the database {} {}: {}",
                        name,
                        isFull ? "takes no more connections" : "is away",
                        away.toString());
                circuit.found(isFull);
            } finally {
                looking.set(false);
            }
        }
    }

    @Override
    public void close() {
        pools.close();
    }
}
