package io.hongyan.im.adapter.sql.mysql;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;

/** Kills connections to a database as long as it is told to, most of all those that are about to commit. */
final class ConnectionKiller implements Callable<ConnectionKiller.Killed> {

    private final MysqlSettings settings;
    private final String database;
    private final AtomicBoolean going;
    private final Random random;

    ConnectionKiller(MysqlSettings settings, String database, AtomicBoolean going, long seed) {
        this.settings = settings;
        this.database = database;
        this.going = going;
        this.random = new Random(seed);
    }

    /** @param committing so many of them were committing when they were looked at */
    record Killed(int all, int committing) {}

    @Override
    public Killed call() throws SQLException {
        int killed = 0;
        int whileCommitting = 0;
        String elsewhere = settings.url().replace("/" + database + "?", "/mysql?");
        try (Connection connection = DriverManager.getConnection(elsewhere, settings.user(), settings.password());
                Statement statement = connection.createStatement()) {
            while (going.get()) {
                List<Long> committing = new ArrayList<>();
                List<Long> busy = new ArrayList<>();
                try (ResultSet rows =
                        statement.executeQuery("SELECT id, info FROM information_schema.processlist WHERE db = '"
                                + database + "' AND command = 'Query' AND info NOT LIKE 'SELECT SLEEP%'")) {
                    while (rows.next()) {
                        boolean commit = "COMMIT".equalsIgnoreCase(rows.getString(2));
                        (commit ? committing : busy).add(rows.getLong(1));
                    }
                }
                if (!committing.isEmpty() && random.nextInt(8) == 0) {
                    whileCommitting += kill(statement, committing.get(0));
                } else if (!busy.isEmpty() && random.nextInt(300) == 0) {
                    killed += kill(statement, busy.get(random.nextInt(busy.size())));
                }
            }
        }
        return new Killed(killed + whileCommitting, whileCommitting);
    }

    private static int kill(Statement statement, long connection) {
        try {
            statement.execute("KILL " + connection);
            return 1;
        } catch (SQLException goneAlready) {
            return 0;
        }
    }
}
