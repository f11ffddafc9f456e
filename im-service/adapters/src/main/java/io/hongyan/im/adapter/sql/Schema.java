package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.message.StorageException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.sqlite.SQLiteDataSource;

/** Brings the tables of a database to the state this program was written for. */
final class Schema {
    private static final String MIGRATIONS = "classpath:io/hongyan/im/adapter/sql/migration/sqlite";

    private Schema() {}

    /** @throws StorageException the file is damaged, or a newer program has written it */
    static void migrate(String url) {
        SQLiteDataSource dataSource = new SQLiteDataSource();
        dataSource.setUrl(url);
        FluentConfiguration configuration = Flyway.configure()
                .dataSource(dataSource)
                .locations(MIGRATIONS)
                .table("im_schema_history")
                // The default overlooks migrations this program does not know: those of a newer one.
                .ignoreMigrationPatterns(new String[0]);
        try {
            configuration.load().migrate();
        } catch (FlywayException e) {
            throw new StorageException("the database " + url + " cannot be used by this version: " + e.getMessage(), e);
        }
    }
}
