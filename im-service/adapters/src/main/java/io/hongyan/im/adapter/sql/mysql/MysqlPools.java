package io.hongyan.im.adapter.sql.mysql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import io.hongyan.im.core.message.StorageException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;

/** The connections to one server: some that write and some that read, so that neither waits for the other. */
final class MysqlPools implements AutoCloseable {
    /** Longer statements are not kept prepared. */
    private static final int CACHED_STATEMENT_CHARACTERS_MAX = 32_768;

    private static final int CACHED_STATEMENTS_MAX = 250;

    /**
     * After so long a silence the server ends a connection and rolls its transaction back: a node that has stalled, or
     * whose machine is cut off, must not keep rows locked. MySQL knows one limit, for connections within a transaction
     * and without; idle connections of the pool send something more often. MariaDB has one of its own for those within.
     */
    static final int SILENT_SECONDS_MAX = 90;

    private static final long KEEP_ALIVE_MILLIS = 30_000;
    private static final int SILENT_WITHIN_TRANSACTION_SECONDS_MAX = 5;

    private final HikariDataSource writers;
    private final HikariDataSource readers;

    private MysqlPools(HikariDataSource writers, HikariDataSource readers) {
        this.writers = writers;
        this.readers = readers;
    }

    /** @throws StorageException the server cannot be reached, or refuses the user */
    static MysqlPools open(MysqlSettings settings) {
        HikariDataSource writers = pool(settings, true);
        try {
            return new MysqlPools(writers, pool(settings, false));
        } catch (RuntimeException e) {
            writers.close();
            throw e;
        }
    }

    private static HikariDataSource pool(MysqlSettings settings, boolean writing) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(writing ? "mysql-writers" : "mysql-readers");
        config.setJdbcUrl(settings.url());
        config.setUsername(settings.user());
        config.setPassword(settings.password());
        config.setMaximumPoolSize(writing ? settings.writersMax() : settings.readersMax());
        config.setMinimumIdle(1);
        config.setConnectionTimeout(Math.max(250, settings.waitMillis()));
        config.setValidationTimeout(Math.max(250, Math.min(settings.waitMillis(), settings.connectMillisMax())));
        config.setInitializationFailTimeout(1);
        // Most reads are of one statement, which needs no transaction.
        config.setAutoCommit(!writing);
        config.setReadOnly(!writing);
        // Reads see one moment; writes see what was committed before each statement, and lock no gaps.
        config.setTransactionIsolation(writing ? "TRANSACTION_READ_COMMITTED" : "TRANSACTION_REPEATABLE_READ");
        // Without strictness the server would shorten what is too long.
        config.setConnectionInitSql("SET SESSION innodb_lock_wait_timeout = " + settings.lockWaitSeconds()
                + ", SESSION sql_mode = CONCAT_WS(',', NULLIF(@@SESSION.sql_mode, ''), 'STRICT_ALL_TABLES')"
                // Ends of freezes are compared with the time of the day, which must not go back an hour in autumn.
                + ", SESSION time_zone = '+00:00'"
                + ", SESSION wait_timeout = " + SILENT_SECONDS_MAX
                // MariaDB 10.11 was seen to crash where a connection is killed while it plans a split derived table.
                + " /*M! , SESSION idle_transaction_timeout = " + SILENT_WITHIN_TRANSACTION_SECONDS_MAX
                + ", SESSION optimizer_switch = 'split_materialized=off' */");
        config.setKeepaliveTime(KEEP_ALIVE_MILLIS);
        config.setDataSourceProperties(driver(settings));
        try {
            return new HikariDataSource(config);
        } catch (PoolInitializationException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new StorageException("the server " + settings.server() + " cannot be used: " + cause.getMessage(), e);
        }
    }

    static Properties driver(MysqlSettings settings) {
        Properties driver = new Properties();
        driver.setProperty("connectTimeout", Integer.toString(settings.connectMillisMax()));
        driver.setProperty("socketTimeout", Integer.toString(settings.answerMillisMax()));
        driver.setProperty("tcpKeepAlive", "true");
        driver.setProperty("characterEncoding", "UTF-8");
        driver.setProperty("connectionCollation", "utf8mb4_bin");
        driver.setProperty("rewriteBatchedStatements", "true");
        driver.setProperty("cachePrepStmts", "true");
        driver.setProperty("prepStmtCacheSize", Integer.toString(CACHED_STATEMENTS_MAX));
        driver.setProperty("prepStmtCacheSqlLimit", Integer.toString(CACHED_STATEMENT_CHARACTERS_MAX));
        driver.setProperty("useLocalSessionState", "true");
        driver.setProperty("cacheServerConfiguration", "true");
        driver.setProperty("maintainTimeStats", "false");
        // Matched rows, not changed ones: the same as on SQLite.
        driver.setProperty("useAffectedRows", "false");
        return driver;
    }

    HikariDataSource writers() {
        return writers;
    }

    HikariDataSource readers() {
        return readers;
    }

    /** Threads that wait for a connection. */
    long waiting() {
        return beanOf(writers).getThreadsAwaitingConnection() + beanOf(readers).getThreadsAwaitingConnection();
    }

    /** Connections in use. */
    long active() {
        return beanOf(writers).getActiveConnections() + beanOf(readers).getActiveConnections();
    }

    private static HikariPoolMXBean beanOf(HikariDataSource pool) {
        return pool.getHikariPoolMXBean();
    }

    /**
     * After the server was away: gives up the connections of before, and waits for others. A pool that could not connect
     * pauses for some seconds, for which whoever comes first would have to wait.
     *
     * @throws SQLException there are none yet
     */
    void renew() throws SQLException {
        for (HikariDataSource pool : List.of(writers, readers)) {
            beanOf(pool).softEvictConnections();
            pool.getConnection().close();
        }
    }

    /** Rolls back the transaction of a connection; one that cannot is not used again. */
    static void rollback(HikariDataSource pool, Connection connection, Exception why) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            why.addSuppressed(e);
            pool.evictConnection(connection);
        }
    }

    @Override
    public void close() {
        readers.close();
        writers.close();
    }
}
