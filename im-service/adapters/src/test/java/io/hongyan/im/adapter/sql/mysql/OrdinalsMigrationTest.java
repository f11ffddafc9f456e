package io.hongyan.im.adapter.sql.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.im.adapter.sql.DataWithoutOrdinals;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.starters.MariaDb;
import io.hongyan.starters.MySql8;
import io.hongyan.starters.SqlServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two databases of the version before get ordinals; marks and conversations are in different ones. */
@Tag("servers")
@Timeout(180)
class OrdinalsMigrationTest {
    private static final String[] DATABASES = {"ordinals_one", "ordinals_two"};

    static Stream<SqlServer> servers() {
        return Stream.of(MariaDb.shared(), MySql8.shared());
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void dataOfTheVersionBeforeGetsOrdinals(SqlServer server) {
        ShardedFixture.drop(server, DATABASES);
        ShardedSettings settings = ShardedFixture.settings(server, DATABASES);
        List<String> told;
        try (ShardedStorage storage = ShardedFixture.open(settings, GroupLimits.DEFAULT)) {
            DataWithoutOrdinals.fill(storage.ports());
            told = DataWithoutOrdinals.told(storage.ports());
        }
        takeOrdinals(settings);

        try (ShardedStorage storage = ShardedFixture.open(settings, GroupLimits.DEFAULT)) {
            assertThat(DataWithoutOrdinals.told(storage.ports())).isEqualTo(told);
            assertThat(DataWithoutOrdinals.next(storage.ports())).containsExactly(4L, 3L);
            assertThat(storage.dataEpochs().current().id()).matches("[0-9a-f]{16}");
            assertThat(storage.dataEpochs().current().sinceMillis()).isZero();
        }
    }

    private static void takeOrdinals(ShardedSettings settings) {
        List<String> statements = new ArrayList<>(DataWithoutOrdinals.WITHOUT_COLUMNS);
        statements.add("ALTER TABLE im_conversation DROP COLUMN head_ordinal");
        statements.add("DELETE FROM im_schema_history WHERE version > 5");
        settings.databases()
                .values()
                .forEach(database -> MysqlFixture.execute(database, statements.toArray(String[]::new)));
    }

    @Test
    void migrationMayBeSilentForLongerThanOtherStatements() throws Exception {
        SqlServer server = MariaDb.shared();
        ShardedFixture.drop(server, DATABASES);
        ShardedSettings usual = ShardedFixture.settings(server, DATABASES[0]);
        MysqlSettings one = usual.databases().get("one");
        // A statement is given up after five seconds.
        MysqlSettings impatient = new MysqlSettings(
                one.url(), one.user(), one.password(), 4, 4, 10_000, 5_000, 5_000, 60, 5, 1_000, true);
        try (ShardedStorage storage = ShardedFixture.open(usual, GroupLimits.DEFAULT)) {
            DataWithoutOrdinals.fill(storage.ports());
        }
        takeOrdinals(usual);
        try (Connection other = DriverManager.getConnection(one.url(), one.user(), one.password());
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SELECT * FROM im_mark FOR UPDATE");
            CompletableFuture<ShardedStorage> opening = CompletableFuture.supplyAsync(
                    () -> ShardedFixture.open(new ShardedSettings(Map.of("one", impatient)), GroupLimits.DEFAULT));
            await().atMost(Duration.ofSeconds(60)).until(() -> waitsForLonger(statement) || opening.isDone());
            assertThat(opening).isNotDone();
            other.rollback();
            opening.get(60, TimeUnit.SECONDS).close();
        }
    }

    private static boolean waitsForLonger(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM information_schema.processlist"
                + " WHERE TIME >= 8 AND INFO LIKE '%ALTER TABLE im_mark%' AND INFO NOT LIKE '%processlist%'")) {
            row.next();
            return row.getInt(1) > 0;
        }
    }
}
