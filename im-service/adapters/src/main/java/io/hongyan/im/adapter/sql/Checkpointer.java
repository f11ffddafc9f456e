package io.hongyan.im.adapter.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.LongSupplier;

/**
 * Moves pages from the write-ahead log into the database, off the path of commits. The log is used again from its start
 * once everything in it has been moved; under steady writing that moment must be made, by a short pause of the writer.
 * Called by one thread.
 */
final class Checkpointer implements AutoCloseable {
    /** Rounds beside the writer before it is paused: each leaves only what was written during the one before. */
    private static final int ROUNDS_MAX = 3;

    /** So little left is moved during the pause at once. */
    private static final int LEFT_FOR_PAUSE_MAX = 1_000;

    private final Connection connection;
    private final PreparedStatement look;
    private final PreparedStatement move;
    private final GroupCommit writes;
    private final int checkpointPages;
    private final LongSupplier nanoTime;
    private final StorageCounters counters;

    Checkpointer(
            Connection connection,
            GroupCommit writes,
            SqliteSettings settings,
            LongSupplier nanoTime,
            StorageCounters counters)
            throws SQLException {
        this.connection = connection;
        this.look = connection.prepareStatement("PRAGMA wal_checkpoint(NOOP)");
        this.move = connection.prepareStatement("PRAGMA wal_checkpoint(PASSIVE)");
        this.writes = writes;
        this.checkpointPages = settings.checkpointPages();
        this.nanoTime = nanoTime;
        this.counters = counters;
    }

    /** One look, and a checkpoint where the log has grown enough. */
    void runOnce() throws SQLException {
        WalState state = run(look);
        if (state.pages() < checkpointPages) {
            return;
        }
        long start = nanoTime.getAsLong();
        for (int round = 0; round < ROUNDS_MAX && (round == 0 || state.left() > LEFT_FOR_PAUSE_MAX); round++) {
            state = run(move);
        }
        if (state.left() > 0) {
            counters.writerPauses.increment();
            writes.exclusively(() -> run(move));
        }
        counters.checkpoints.increment();
        counters.checkpointNanos.add(nanoTime.getAsLong() - start);
    }

    private WalState run(PreparedStatement pragma) throws SQLException {
        try (ResultSet row = pragma.executeQuery()) {
            row.next();
            WalState state = new WalState(row.getInt(2), row.getInt(3));
            counters.walPages.set(state.pages());
            return state;
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    /** Pages in the log, and how many of them are in the database already. */
    private record WalState(int pages, int moved) {
        int left() {
            return pages - moved;
        }
    }
}
