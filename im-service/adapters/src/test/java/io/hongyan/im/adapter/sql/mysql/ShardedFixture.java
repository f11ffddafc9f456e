package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.core.cluster.ProcessStall;
import io.hongyan.im.core.contract.Storage;
import io.hongyan.im.core.contract.StorageContract;
import io.hongyan.im.core.data.DataEpochs;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.starters.SqlServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The storage on one or several databases, emptied first; slots stay where they are. */
final class ShardedFixture implements Storage {
    private static final List<String> TABLES = List.of(
            "im_inbox",
            "im_inbox_head",
            "im_mark",
            "im_group_cursor",
            "im_device",
            "im_group",
            "im_group_member",
            "im_fanout",
            "im_feed",
            "im_shard_feed",
            "im_event",
            "im_push",
            "im_message",
            "im_message_state",
            "im_message_copy",
            "im_reaction",
            "im_conversation");

    private final ShardedSettings settings;
    private final GroupLimits groups;
    private ShardedStorage open;

    ShardedFixture(ShardedSettings settings, GroupLimits groups) {
        this.settings = settings;
        this.groups = groups;
        this.open = open(settings, groups);
        settings.databases().values().forEach(ShardedFixture::empty);
    }

    /** Named one, two and so on. */
    static ShardedSettings settings(SqlServer server, String... databases) {
        String[] names = {"one", "two", "three"};
        Map<String, MysqlSettings> all = new LinkedHashMap<>();
        for (int i = 0; i < databases.length; i++) {
            all.put(names[i], MysqlFixture.settings(server, databases[i]));
        }
        return new ShardedSettings(all);
    }

    static ShardedStorage open(ShardedSettings settings, GroupLimits groups) {
        return ShardedStorage.open(
                settings,
                StorageContract.rules(groups),
                InstantSource.system(),
                System::nanoTime,
                ProcessStall.never());
    }

    /** New databases, each statement of which goes through a proxy. */
    static ShardedStorage through(LostAnswers proxy, SqlServer server, String... databases) {
        drop(server, databases);
        Map<String, MysqlSettings> all = new LinkedHashMap<>();
        settings(server, databases)
                .databases()
                .forEach((name, one) -> all.put(
                        name,
                        MysqlSettings.defaults(
                                one.url().replace(":" + server.port() + "/", ":" + proxy.port() + "/"),
                                one.user(),
                                one.password())));
        return open(new ShardedSettings(all), GroupLimits.DEFAULT);
    }

    private static void empty(MysqlSettings database) {
        List<String> statements = new ArrayList<>();
        TABLES.forEach(table -> statements.add("DELETE FROM " + table));
        statements.add("DELETE FROM im_node WHERE node <> ''");
        statements.add("DELETE FROM im_lease");
        statements.add("DELETE FROM im_user WHERE id > 0");
        statements.add("INSERT INTO im_inbox_head (user_id) VALUES (0)");
        statements.add("UPDATE im_feed_sequence SET last_message = 0, last_event = 0");
        statements.add(
                "UPDATE im_feed_partition SET message_id = 0, event_id = 0, holder = NULL, lease_until = 0, fence = 0");
        MysqlFixture.execute(database, statements.toArray(String[]::new));
    }

    /** Forgets everything, of which installation the databases are too. */
    static void drop(SqlServer server, String... databases) {
        try (Connection connection =
                        DriverManager.getConnection(server.jdbcUrl("mysql"), server.user(), server.password());
                Statement statement = connection.createStatement()) {
            for (String database : databases) {
                statement.execute("DROP DATABASE IF EXISTS " + database);
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public io.hongyan.im.core.Storage ports() {
        return open.ports();
    }

    @Override
    public DataEpochs dataEpochs() {
        return open.dataEpochs();
    }

    ShardedStorage storage() {
        return open;
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
