package io.hongyan.im.adapter.sql.sqlite;

import io.hongyan.im.adapter.sql.ReadConnection;
import io.hongyan.im.adapter.sql.ReadExecutor;
import io.hongyan.im.adapter.sql.StorageCounter;
import io.hongyan.im.adapter.sql.StorageCounters;
import io.hongyan.im.adapter.sql.Work;
import io.hongyan.im.core.message.StorageException;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** A bounded set of reading connections. They are made when first needed; the one used last is used next. */
final class SqliteReadPool implements ReadExecutor, AutoCloseable {
    private final Opener opener;
    private final Semaphore permits;
    private final int readersMax;
    private final long timeoutMillis;
    private final LongSupplier nanoTime;
    private final StorageCounters counters;
    private final Deque<SqliteReadConnection> idle = new ArrayDeque<>();

    SqliteReadPool(Opener opener, SqliteSettings settings, LongSupplier nanoTime, StorageCounters counters) {
        this.opener = opener;
        this.readersMax = settings.readersMax();
        this.permits = new Semaphore(readersMax, true);
        this.timeoutMillis = settings.timeoutMillis();
        this.nanoTime = nanoTime;
        this.counters = counters;
    }

    @Override
    public <T> T read(Work<ReadConnection, T> work) {
        awaitPermit();
        try {
            return readWithPermit(work);
        } finally {
            permits.release();
        }
    }

    private void awaitPermit() {
        long start = nanoTime.getAsLong();
        try {
            if (!permits.tryAcquire(timeoutMillis, TimeUnit.MILLISECONDS)) {
                counters.increment(StorageCounter.READS_REFUSED);
                throw new StorageException("no reading connection became free", null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException("interrupted while waiting to read", e);
        }
        counters.increment(StorageCounter.READS);
        counters.add(StorageCounter.READ_WAIT_NANOS, nanoTime.getAsLong() - start);
    }

    private <T> T readWithPermit(Work<ReadConnection, T> work) {
        SqliteReadConnection connection = null;
        try {
            connection = take();
            connection.begin();
            T result = work.run(connection);
            connection.end();
            giveBack(connection);
            return result;
        } catch (SQLException | RuntimeException e) {
            // Its state is not known any more: a new one is cheap.
            discard(connection, e);
            throw e instanceof IllegalArgumentException illegal
                    ? illegal
                    : new StorageException("reading failed: " + e.getMessage(), e);
        }
    }

    private SqliteReadConnection take() throws SQLException {
        synchronized (idle) {
            SqliteReadConnection connection = idle.pollLast();
            if (connection != null) {
                return connection;
            }
        }
        return opener.open();
    }

    private void giveBack(SqliteReadConnection connection) {
        synchronized (idle) {
            idle.addLast(connection);
        }
    }

    private static void discard(SqliteReadConnection connection, Exception why) {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException e) {
            why.addSuppressed(e);
        }
    }

    /** Waits for running reads to end; later ones fail after their time-out. */
    @Override
    public void close() {
        permits.acquireUninterruptibly(readersMax);
        synchronized (idle) {
            for (SqliteReadConnection connection : idle) {
                try {
                    connection.close();
                } catch (SQLException e) {
                    throw new StorageException("a reading connection did not close", e);
                }
            }
            idle.clear();
        }
    }

    @FunctionalInterface
    interface Opener {
        SqliteReadConnection open() throws SQLException;
    }
}
