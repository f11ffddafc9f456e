package io.hongyan.im.adapter.sql.mysql;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much the tables of a database take, as its server estimates it. Asked for on a connection of its own, so that no message
 * waits for the answer.
 */
final class DatabaseSize {
    static final long LOOK_MILLIS = 60_000;

    private static final Logger log = LoggerFactory.getLogger(DatabaseSize.class);

    /** MySQL 8 would give numbers up to a day old. Both end a statement that takes more than five seconds. */
    private static final String PREPARE = "SET SESSION time_zone = '+00:00'"
            + " /*!80000 , SESSION information_schema_stats_expiry = 0, SESSION max_execution_time = 5000 */"
            + " /*M! , SESSION max_statement_time = 5 */";

    private static final String ASK = "SELECT COALESCE(SUM(data_length + index_length), 0)"
            + " FROM information_schema.tables WHERE table_schema = DATABASE()";

    private final MysqlSettings settings;
    private volatile long bytes;

    DatabaseSize(MysqlSettings settings) {
        this.settings = settings;
    }

    /** Asks the server; without an answer the last one holds. */
    void look() {
        Properties driver = MysqlPools.driver(settings);
        driver.setProperty("user", settings.user());
        driver.setProperty("password", settings.password());
        try (Connection connection = DriverManager.getConnection(settings.url(), driver);
                Statement statement = connection.createStatement()) {
            statement.execute(PREPARE);
            try (ResultSet row = statement.executeQuery(ASK)) {
                row.next();
                bytes = row.getLong(1);
            }
        } catch (SQLException trouble) {
            log.debug("the size of the database {} is not known: {}", settings.server(), trouble.toString());
        }
    }

    /** 0 before the first answer. */
    long bytes() {
        return bytes;
    }
}
