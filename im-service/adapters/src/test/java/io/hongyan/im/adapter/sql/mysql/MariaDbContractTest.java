package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.starters.MariaDb;
import io.hongyan.starters.SqlServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/**
 * The contract kit on MariaDB, in a database whose default collation takes no notice of case; that of the others, {@link
 * ShardedContractTest} among them, does.
 */
@Tag("servers")
class MariaDbContractTest extends MysqlContracts {
    private static final String DATABASE = "kit_without_case";

    @BeforeAll
    static void makeDatabase() throws SQLException {
        SqlServer server = MariaDb.shared();
        try (Connection connection =
                        DriverManager.getConnection(server.jdbcUrl("mysql"), server.user(), server.password());
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + DATABASE + " COLLATE utf8mb4_general_ci");
        }
    }

    @Override
    SqlServer server() {
        return MariaDb.shared();
    }

    @Override
    String database() {
        return DATABASE;
    }
}
