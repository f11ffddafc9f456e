package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.starters.SqlServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/** A database of a real server. */
final class MysqlFixture {
    private MysqlFixture() {}

    static MysqlSettings settings(SqlServer server, String database) {
        return MysqlSettings.defaults(server.jdbcUrl(database), server.user(), server.password());
    }

    /** A list of it alone. */
    static ShardedSettings alone(MysqlSettings settings) {
        return new ShardedSettings(Map.of("one", settings));
    }

    /** The storage on it alone, with what is there. */
    static ShardedStorage open(MysqlSettings settings, GroupLimits groups) {
        return ShardedFixture.open(alone(settings), groups);
    }

    /** All in one transaction. */
    static void execute(MysqlSettings settings, String... statements) {
        try {
            tryToExecute(settings, statements);
        } catch (SQLException e) {
            throw new AssertionError(String.join("; ", statements), e);
        }
    }

    /** As {@link #execute}, where the connection may be killed. */
    static void tryToExecute(MysqlSettings settings, String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(settings.url(), settings.user(), settings.password());
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (String sql : statements) {
                statement.execute(sql);
            }
            connection.commit();
        }
    }
}
