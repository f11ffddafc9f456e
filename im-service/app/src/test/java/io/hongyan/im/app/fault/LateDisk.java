package io.hongyan.im.app.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Behaves like a server that acknowledges before the data is on the disk: the database counts as cache, and only copies
 * of it, made from time to time, survive a crash.
 */
public final class LateDisk {
    private static final long SAVE_MILLIS = 500;
    private static final String[] PARTS = {"", "-wal", "-shm"};

    private final Path database;
    private final Path saved;
    private final Path saving;
    private final ScheduledExecutorService saver = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "late-disk");
        thread.setDaemon(true);
        return thread;
    });

    /** @param database SQLite's file */
    public LateDisk(Path database) {
        this.database = database;
        this.saved = database.resolveSibling("saved.db");
        this.saving = database.resolveSibling("saving.db");
    }

    /** Puts back what was saved last; before the server opens its database. */
    public void crash() {
        try {
            if (Files.exists(saved)) {
                for (String part : PARTS) {
                    Files.deleteIfExists(database.resolveSibling(database.getFileName() + part));
                }
                Files.copy(saved, database);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Saves from now on. */
    public void start() {
        saver.scheduleWithFixedDelay(this::save, SAVE_MILLIS, SAVE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void save() {
        if (!Files.exists(database)) {
            return;
        }
        try {
            Files.deleteIfExists(saving);
            try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                    Statement statement = connection.createStatement()) {
                statement.execute("VACUUM INTO '" + saving + "'");
            }
            Files.move(saving, saved, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | SQLException e) {
            // The next one may do; a crash until then loses more, which is what this is for.
            System.err.println("late disk: " + e.getMessage());
        }
    }
}
