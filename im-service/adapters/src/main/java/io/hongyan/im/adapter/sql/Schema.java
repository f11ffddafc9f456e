package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.message.StorageException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.sqlite.SQLiteDataSource;

/** Brings the tables of a database to the state this program was written for. */
final class Schema {
    private static final String MIGRATIONS = "classpath:io/hongyan/im/adapter/sql/migration/sqlite";

    /** The newest of the migrations. */
    private static final int NEWEST = 5;

    private Schema() {}

    /** @throws StorageException the file is damaged, or a newer program has written it */
    static void migrate(String url) {
        SQLiteDataSource dataSource = new SQLiteDataSource();
        dataSource.setUrl(url);
        // Flyway takes half a second to find that there is nothing to do.
        if (!isCurrent(dataSource)) {
            migrate(dataSource);
        }
    }

    /** Whether all migrations were made, and no others. */
    static boolean isCurrent(SQLiteDataSource dataSource) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        SELECT COUNT(*), MAX(CAST(version AS INTEGER)), MIN(success) FROM im_schema_history""")) {
            return row.next() && row.getInt(1) == NEWEST && row.getInt(2) == NEWEST && row.getInt(3) == 1;
        } catch (SQLException damagedOrNew) {
            return false;
        }
    }

    private static void migrate(SQLiteDataSource dataSource) {
        FluentConfiguration configuration = Flyway.configure()
                .dataSource(dataSource)
                .locations(MIGRATIONS)
                .table("im_schema_history")
                // The default overlooks migrations this program does not know: those of a newer one.
                .ignoreMigrationPatterns(new String[0]);
        try {
            configuration.load().migrate();
        } catch (FlywayException e) {
            throw new StorageException(
                    "the database " + dataSource.getUrl() + " cannot be used by this version: " + e.getMessage(), e);
        }
    }
}
