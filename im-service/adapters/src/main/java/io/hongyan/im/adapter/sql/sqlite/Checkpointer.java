package io.hongyan.im.adapter.sql.sqlite;

import io.hongyan.im.adapter.sql.StorageCounter;
import io.hongyan.im.adapter.sql.StorageCounters;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.LongSupplier;

/**
 * Moves pages from the write-ahead log into the database, off the path of commits. The log is used again from its start
 * once everything in it has been moved; under steady writing that moment must be made, by a short pause of the writer.
 * Called by one thread.
 */
final class Checkpointer implements AutoCloseable {
    /** Rounds beside the writer before it is paused: each leaves only what was written meanwhile. */
    private static final int ROUNDS_MAX = 3;

    /** So little left is moved during the pause at once. */
    private static final int LEFT_FOR_PAUSE_MAX = 1_000;

    private final Opener opener;
    private final GroupCommit writes;
    private final int checkpointPages;
    private final LongSupplier nanoTime;
    private final StorageCounters counters;

    /** Null before the first look and after a failure: an SQL error ends the driver's statements. */
    private Session session;

    Checkpointer(
            Opener opener,
            GroupCommit writes,
            SqliteSettings settings,
            LongSupplier nanoTime,
            StorageCounters counters) {
        this.opener = opener;
        this.writes = writes;
        this.checkpointPages = settings.checkpointPages();
        this.nanoTime = nanoTime;
        this.counters = counters;
    }

    /** One look, and a checkpoint where the log has grown enough. */
    void runOnce() throws SQLException {
        if (session == null) {
            session = new Session(opener.open());
        }
        try {
            checkpoint();
        } catch (SQLException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void checkpoint() throws SQLException {
        WalState state = session.look();
        counters.walBytes.set((long) state.pages() * session.pageBytes());
        if (state.pages() < checkpointPages || state.left() == 0) {
            return;
        }
        long start = nanoTime.getAsLong();
        for (int round = 0; round < ROUNDS_MAX && (round == 0 || state.left() > LEFT_FOR_PAUSE_MAX); round++) {
            session.move();
            state = session.look();
        }
        if (state.left() > 0) {
            counters.increment(StorageCounter.WRITER_PAUSES);
            writes.exclusively(session::move);
        }
        counters.increment(StorageCounter.CHECKPOINTS);
        counters.add(StorageCounter.CHECKPOINT_NANOS, nanoTime.getAsLong() - start);
    }

    @Override
    public void close() throws SQLException {
        if (session != null) {
            Session closing = session;
            session = null;
            closing.connection().close();
        }
    }

    @FunctionalInterface
    interface Opener {
        Connection open() throws SQLException;
    }

    /** A connection with its two statements. */
    private record Session(
            Connection connection, PreparedStatement lookPragma, PreparedStatement movePragma, int pageBytes) {
        Session(Connection connection) throws SQLException {
            this(
                    connection,
                    connection.prepareStatement("PRAGMA wal_checkpoint(NOOP)"),
                    connection.prepareStatement("PRAGMA wal_checkpoint(PASSIVE)"),
                    pageBytes(connection));
        }

        private static int pageBytes(Connection connection) throws SQLException {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("PRAGMA page_size")) {
                row.next();
                return row.getInt(1);
            }
        }

        WalState look() throws SQLException {
            return run(lookPragma);
        }

        WalState move() throws SQLException {
            return run(movePragma);
        }

        private static WalState run(PreparedStatement pragma) throws SQLException {
            try (ResultSet row = pragma.executeQuery()) {
                row.next();
                return new WalState(row.getInt(2), row.getInt(3));
            }
        }
    }

    /** Pages in the log, and how many of them are in the database already. */
    private record WalState(int pages, int moved) {
        int left() {
            return pages - moved;
        }
    }
}
