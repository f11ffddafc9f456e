package io.hongyan.im.adapter.sql;

import com.zaxxer.hikari.HikariDataSource;
import io.hongyan.im.core.message.StorageException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.function.LongSupplier;
import org.apache.ibatis.session.SqlSessionFactory;

/** Reads on connections of their own, each work as of one moment. */
final class MysqlReads implements Reads {
    private final HikariDataSource pool;
    private final SqlSessionFactory sessions;
    private final LongSupplier nanoTime;
    private final StorageCounters counters;

    MysqlReads(HikariDataSource pool, SqlSessionFactory sessions, LongSupplier nanoTime, StorageCounters counters) {
        this.pool = pool;
        this.sessions = sessions;
        this.nanoTime = nanoTime;
        this.counters = counters;
    }

    @Override
    public <T> T read(ReadWork<T> work) {
        long start = nanoTime.getAsLong();
        try (Connection connection = pool.getConnection()) {
            counters.reads.increment();
            counters.readWaitNanos.add(nanoTime.getAsLong() - start);
            return read(work, connection);
        } catch (SQLTransientConnectionException e) {
            counters.readsRefused.increment();
            throw new StorageException("no connection for reading: " + e.getMessage(), e);
        } catch (SQLException e) {
            throw new StorageException("reading failed: " + e.getMessage(), e);
        }
    }

    private <T> T read(ReadWork<T> work, Connection connection) throws SQLException {
        try {
            T result = work.run(new MysqlSession(connection, sessions));
            connection.commit();
            return result;
        } catch (SQLException | RuntimeException e) {
            MysqlPools.rollback(pool, connection, e);
            if (e instanceof IllegalArgumentException illegal) {
                throw illegal;
            }
            throw new StorageException("reading failed: " + e.getMessage(), e);
        }
    }
}
