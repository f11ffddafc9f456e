package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.message.StorageException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.sqlite.SQLiteDataSource;

/** Brings the tables of a database to the state this program was written for. */
public final class Schema {
    private static final String MIGRATIONS = "classpath:io/hongyan/im/adapter/sql/migration/";

    /** The newest of the migrations of SQLite. */
    private static final int NEWEST_OF_SQLITE = 9;

    /** The newest of the migrations of MySQL. */
    private static final int NEWEST_OF_MYSQL = 8;

    private Schema() {}

    /** @throws StorageException the file is damaged, or a newer program has written it */
    public static void migrate(String url) {
        SQLiteDataSource dataSource = new SQLiteDataSource();
        dataSource.setUrl(url);
        // Flyway takes half a second to find that there is nothing to do.
        if (!isCurrent(dataSource)) {
            String file = url.substring("jdbc:sqlite:".length());
            refuseNewer(dataSource, file, NEWEST_OF_SQLITE, "INTEGER");
            migrate(dataSource, "sqlite", file);
        }
    }

    /**
     * @param name of the database, for messages
     * @throws StorageException a newer program has written it, or the user may not make tables
     */
    public static void migrateMysql(DataSource dataSource, String name) {
        if (!isCurrent(dataSource, NEWEST_OF_MYSQL, "SIGNED")) {
            refuseNewer(dataSource, name, NEWEST_OF_MYSQL, "SIGNED");
            migrate(dataSource, "mysql", name, new PatientMigrations());
        }
    }

    /** Whether all migrations of SQLite were made, and no others. */
    public static boolean isCurrent(SQLiteDataSource dataSource) {
        return isCurrent(dataSource, NEWEST_OF_SQLITE, "INTEGER");
    }

    /** Says so in a sentence: what Flyway says of it is for those who write migrations. */
    private static void refuseNewer(DataSource dataSource, String name, int newest, String integer) {
        int found = newestIn(dataSource, integer);
        if (found > newest) {
            throw new StorageException(
                    "the database " + name
                            + " was written by a newer version of this program: its tables are of version "
                            + found + ", this program knows them up to " + newest
                            + "; start the newer version, or restore a backup from before the upgrade",
                    null);
        }
    }

    /** 0 where there are no tables, or the file is damaged. */
    private static int newestIn(DataSource dataSource, String integer) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT MAX(CAST(version AS " + integer + ")) FROM im_schema_history")) {
            return row.next() ? row.getInt(1) : 0;
        } catch (SQLException damagedOrNew) {
            return 0;
        }
    }

    private static boolean isCurrent(DataSource dataSource, int newest, String integer) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT COUNT(*), MAX(CAST(version AS " + integer
                        + ")), MIN(success) FROM im_schema_history")) {
            return row.next() && row.getInt(1) == newest && row.getInt(2) == newest && row.getInt(3) == 1;
        } catch (SQLException damagedOrNew) {
            return false;
        }
    }

    private static void migrate(DataSource dataSource, String engine, String name, Callback... callbacks) {
        FluentConfiguration configuration = Flyway.configure()
                .dataSource(dataSource)
                .locations(MIGRATIONS + engine)
                .table("im_schema_history")
                .callbacks(callbacks)
                // The default overlooks migrations this program does not know: those of a newer one.
                .ignoreMigrationPatterns(new String[0]);
        try {
            configuration.load().migrate();
        } catch (FlywayException e) {
            throw new StorageException(
                    "the database " + name + " cannot be used by this version: " + e.getMessage(), e);
        }
    }
}
