package io.hongyan.im.adapter.sql.mysql;

import com.zaxxer.hikari.HikariDataSource;
import io.hongyan.im.adapter.sql.ReadConnection;
import io.hongyan.im.adapter.sql.ReadExecutor;
import io.hongyan.im.adapter.sql.StorageCounter;
import io.hongyan.im.adapter.sql.StorageCounters;
import io.hongyan.im.adapter.sql.Work;
import io.hongyan.im.core.message.StorageException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.util.function.LongSupplier;
import org.apache.ibatis.session.SqlSessionFactory;

/** Reads on connections of their own, each work as of one moment. */
final class MysqlReadExecutor implements ReadExecutor {
    private final HikariDataSource pool;
    private final SqlSessionFactory sessions;
    private final LongSupplier nanoTime;
    private final StorageCounters counters;

    MysqlReadExecutor(
            HikariDataSource pool, SqlSessionFactory sessions, LongSupplier nanoTime, StorageCounters counters) {
        this.pool = pool;
        this.sessions = sessions;
        this.nanoTime = nanoTime;
        this.counters = counters;
    }

    @Override
    public <T> T read(Work<ReadConnection, T> work) {
        return with(connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("START TRANSACTION");
                T result = work.run(new MysqlSession(connection, sessions));
                statement.execute("COMMIT");
                return result;
            } catch (SQLException | RuntimeException e) {
                end(connection, e);
                throw e;
            }
        });
    }

    /** Saves the two round trips that begin and end a transaction. */
    @Override
    public <T> T readOne(Work<ReadConnection, T> work) {
        return with(connection -> work.run(new MysqlSession(connection, sessions)));
    }

    private <T> T with(Work<Connection, T> work) {
        try (Connection connection = borrowed()) {
            return work.run(connection);
        } catch (StorageException | IllegalArgumentException told) {
            throw told;
        } catch (SQLException | RuntimeException e) {
            throw new StorageException("reading failed: " + e.getMessage(), e);
        }
    }

    private Connection borrowed() throws SQLException {
        long start = nanoTime.getAsLong();
        try {
            Connection connection = pool.getConnection();
            counters.increment(StorageCounter.READS);
            counters.add(StorageCounter.READ_WAIT_NANOS, nanoTime.getAsLong() - start);
            return connection;
        } catch (SQLTransientConnectionException e) {
            counters.increment(StorageCounter.READS_REFUSED);
            throw new StorageException("no connection for reading: " + e.getMessage(), e);
        }
    }

    /** One that still may be within a transaction is not used again. */
    private void end(Connection connection, Exception why) {
        try (Statement statement = connection.createStatement()) {
            statement.execute("ROLLBACK");
        } catch (SQLException e) {
            why.addSuppressed(e);
            pool.evictConnection(connection);
        }
    }
}
