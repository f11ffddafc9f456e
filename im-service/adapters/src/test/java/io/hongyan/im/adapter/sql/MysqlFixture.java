package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.cluster.Standstill;
import io.hongyan.im.core.contract.Storage;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.starters.SqlServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** The storage on a database of a real server, emptied first. */
final class MysqlFixture implements Storage {
    private static final List<String> TABLES = List.of(
            "im_inbox",
            "im_mark",
            "im_group_cursor",
            "im_device",
            "im_group",
            "im_group_member",
            "im_fanout",
            "im_feed",
            "im_event",
            "im_push",
            "im_message",
            "im_conversation");

    private final MysqlSettings settings;
    private final GroupLimits groups;
    private MysqlStorage open;

    MysqlFixture(MysqlSettings settings, GroupLimits groups) {
        this.settings = settings;
        this.groups = groups;
        this.open = open(settings, groups);
        empty();
    }

    MysqlFixture(SqlServer server, String database, GroupLimits groups) {
        this(settings(server, database), groups);
    }

    static MysqlSettings settings(SqlServer server, String database) {
        return MysqlSettings.defaults(server.jdbcUrl(database), server.user(), server.password());
    }

    static MysqlStorage open(MysqlSettings settings, GroupLimits groups) {
        return MysqlStorage.open(settings, groups, InstantSource.system(), System::nanoTime, Standstill.ofNoConcern());
    }

    private void empty() {
        List<String> statements = new ArrayList<>();
        TABLES.forEach(table -> statements.add("DELETE FROM " + table));
        statements.add("DELETE FROM im_node WHERE node <> ''");
        statements.add("DELETE FROM im_lease");
        statements.add("DELETE FROM im_user WHERE id > 0");
        statements.add("DELETE FROM im_inbox_head WHERE user_id > 0");
        statements.add("UPDATE im_feed_sequence SET last_message = 0, last_event = 0");
        statements.add(
                "UPDATE im_feed_partition SET message_id = 0, event_id = 0, holder = NULL, lease_until = 0, fence = 0");
        execute(settings, statements.toArray(String[]::new));
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

    @Override
    public io.hongyan.im.core.Storage ports() {
        return open.ports();
    }

    @Override
    public void reopen() {
        open.close();
        open = open(settings, groups);
    }

    @Override
    public void close() {
        open.close();
    }
}
