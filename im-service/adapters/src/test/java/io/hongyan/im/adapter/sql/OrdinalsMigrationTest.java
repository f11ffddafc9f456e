package io.hongyan.im.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.starters.MariaDb;
import io.hongyan.starters.MySql8;
import io.hongyan.starters.SqlServer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
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
        List<String> statements = new ArrayList<>(DataWithoutOrdinals.WITHOUT_COLUMNS);
        statements.add("ALTER TABLE im_conversation DROP COLUMN head_ordinal");
        statements.add("DELETE FROM im_schema_history WHERE version = '6'");
        settings.databases()
                .values()
                .forEach(database -> MysqlFixture.execute(database, statements.toArray(String[]::new)));

        try (ShardedStorage storage = ShardedFixture.open(settings, GroupLimits.DEFAULT)) {
            assertThat(DataWithoutOrdinals.told(storage.ports())).isEqualTo(told);
            assertThat(DataWithoutOrdinals.next(storage.ports())).containsExactly(4L, 3L);
        }
    }
}
