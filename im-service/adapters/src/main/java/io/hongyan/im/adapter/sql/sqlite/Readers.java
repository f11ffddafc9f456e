package io.hongyan.im.adapter.sql.sqlite;

import io.hongyan.im.adapter.sql.Reader;
import io.hongyan.im.adapter.sql.Reads;
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
final class Readers implements Reads, AutoCloseable {
    private final Opener opener;
    private final Semaphore permits;
    private final int readersMax;
    private final long timeoutMillis;
    private final LongSupplier nanoTime;
    private final StorageCounters counters;
    private final Deque<SqliteReader> idle = new ArrayDeque<>();

    Readers(Opener opener, SqliteSettings settings, LongSupplier nanoTime, StorageCounters counters) {
        this.opener = opener;
        this.readersMax = settings.readersMax();
        this.permits = new Semaphore(readersMax, true);
        this.timeoutMillis = settings.timeoutMillis();
        this.nanoTime = nanoTime;
        this.counters = counters;
    }

    @Override
    public <T> T read(Work<Reader, T> work) {
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
                counters.readsRefused.increment();
                throw new StorageException("no reading connection became free", null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException("interrupted while waiting to read", e);
        }
        counters.reads.increment();
        counters.readWaitNanos.add(nanoTime.getAsLong() - start);
    }

    private <T> T readWithPermit(Work<Reader, T> work) {
        SqliteReader reader = null;
        try {
            reader = take();
            reader.begin();
            T result = work.run(reader);
            reader.end();
            giveBack(reader);
            return result;
        } catch (SQLException | RuntimeException e) {
            // Its state is not known any more: a new one is cheap.
            discard(reader, e);
            throw e instanceof IllegalArgumentException illegal
                    ? illegal
                    : new StorageException("reading failed: " + e.getMessage(), e);
        }
    }

    private SqliteReader take() throws SQLException {
        synchronized (idle) {
            SqliteReader reader = idle.pollLast();
            if (reader != null) {
                return reader;
            }
        }
        return opener.open();
    }

    private void giveBack(SqliteReader reader) {
        synchronized (idle) {
            idle.addLast(reader);
        }
    }

    private static void discard(SqliteReader reader, Exception why) {
        try {
            if (reader != null) {
                reader.close();
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
            for (SqliteReader reader : idle) {
                try {
                    reader.close();
                } catch (SQLException e) {
                    throw new StorageException("a reading connection did not close", e);
                }
            }
            idle.clear();
        }
    }

    @FunctionalInterface
    interface Opener {
        SqliteReader open() throws SQLException;
    }
}
