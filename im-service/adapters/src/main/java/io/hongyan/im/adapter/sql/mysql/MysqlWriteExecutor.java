package io.hongyan.im.adapter.sql.mysql;

import com.zaxxer.hikari.HikariDataSource;
import io.hongyan.im.adapter.sql.StorageCounter;
import io.hongyan.im.adapter.sql.StorageCounters;
import io.hongyan.im.adapter.sql.Transaction;
import io.hongyan.im.adapter.sql.Work;
import io.hongyan.im.adapter.sql.WriteExecutor;
import io.hongyan.im.core.cluster.FencingEpoch;
import io.hongyan.im.core.cluster.ProcessStall;
import io.hongyan.im.core.message.StorageException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.LongSupplier;
import org.apache.ibatis.session.SqlSessionFactory;

/**
 * Transactions at READ COMMITTED, side by side and beside those of other processes. Any error undoes the whole of one:
 * on a lock-wait time-out the server itself undoes the statement only, and going on from there would leave gaps.
 */
final class MysqlWriteExecutor implements WriteExecutor {
    private final HikariDataSource pool;
    private final SqlSessionFactory sessions;
    private final int attemptsMax;
    private final LongSupplier nanoTime;
    private final StorageCounters counters;
    private final ProcessStall processStall;

    MysqlWriteExecutor(
            HikariDataSource pool,
            SqlSessionFactory sessions,
            int attemptsMax,
            LongSupplier nanoTime,
            StorageCounters counters,
            ProcessStall processStall) {
        this.pool = pool;
        this.sessions = sessions;
        this.attemptsMax = attemptsMax;
        this.nanoTime = nanoTime;
        this.counters = counters;
        this.processStall = processStall;
    }

    @Override
    public <T> T write(Work<Transaction, T> work) {
        return run(work::run);
    }

    /** As {@link #write}: the work may run several times, each time from the beginning. */
    <T> T run(Work<MysqlSession, T> work) {
        counters.increment(StorageCounter.WRITES);
        FencingEpoch asked = processStall.epoch();
        for (int attempt = 1; ; attempt++) {
            try {
                return runOnce(work, asked);
            } catch (SQLException | RuntimeException e) {
                SQLException error = MysqlErrors.in(e);
                if (error == null || !MysqlErrors.isPassing(error) || attempt >= attemptsMax) {
                    counters.increment(StorageCounter.WRITE_FAILURES);
                    throw failureOf(e, error);
                }
                countRetry(error);
            }
        }
    }

    private void countRetry(SQLException why) {
        counters.increment(StorageCounter.TRANSACTION_RETRIES);
        if (MysqlErrors.isDeadlock(why)) {
            counters.increment(StorageCounter.DEADLOCKS);
        } else if (MysqlErrors.isLockTimeout(why)) {
            counters.increment(StorageCounter.LOCK_TIMEOUTS);
        }
    }

    private <T> T runOnce(Work<MysqlSession, T> work, FencingEpoch asked) throws SQLException {
        long start = nanoTime.getAsLong();
        try (Connection connection = connect()) {
            long begun = nanoTime.getAsLong();
            counters.add(StorageCounter.WRITE_WAIT_NANOS, begun - start);
            try {
                MysqlSession session = new MysqlSession(connection, sessions);
                T result = work.run(session);
                session.flush();
                // Where this fails, whoever asked does it elsewhere by now. From here on the locks of the transaction
                // hold off what could be in its way.
                processStall.require(asked);
                connection.commit();
                counters.increment(StorageCounter.COMMITS);
                counters.commitTimes.record(nanoTime.getAsLong() - begun);
                return result;
            } catch (SQLException | RuntimeException e) {
                counters.increment(StorageCounter.COMMIT_FAILURES);
                MysqlPools.rollback(pool, connection, e);
                SQLException error = MysqlErrors.in(e);
                if (error != null && MysqlErrors.isOfTheServer(error)) {
                    pool.evictConnection(connection);
                }
                throw e;
            }
        }
    }

    private Connection connect() throws SQLException {
        try {
            return pool.getConnection();
        } catch (SQLException e) {
            counters.increment(StorageCounter.WRITES_REFUSED);
            counters.increment(StorageCounter.COMMIT_FAILURES);
            throw e;
        }
    }

    /** Mistakes of the program keep their type; everything else is trouble of the storage. */
    private static RuntimeException failureOf(Exception failure, SQLException error) {
        if (failure instanceof StorageException || failure instanceof IllegalArgumentException) {
            return (RuntimeException) failure;
        }
        if (error != null && MysqlErrors.isOfTheValues(error)) {
            return new IllegalArgumentException("not storable: " + error.getMessage(), failure);
        }
        return new StorageException("the storage failed: " + failure.getMessage(), failure);
    }
}
