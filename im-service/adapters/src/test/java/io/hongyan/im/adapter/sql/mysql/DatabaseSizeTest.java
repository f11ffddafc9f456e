package io.hongyan.im.adapter.sql.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.work.PeriodicTask;
import io.hongyan.starters.MariaDb;
import io.hongyan.starters.MySql8;
import io.hongyan.starters.SqlServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("servers")
@Timeout(180)
class DatabaseSizeTest {
    private static final String ONE = "sizes_one";
    private static final String TWO = "sizes_two";
    private static final int DOUBLINGS = 12;
    private static final long GROWN_BYTES = 1_000L << DOUBLINGS;

    @Test
    void databasesOfMariaDbAreMeasured() {
        databasesAreMeasured(MariaDb.shared());
    }

    @Test
    void databasesOfMySqlAreMeasured() {
        databasesAreMeasured(MySql8.shared());
    }

    private static void databasesAreMeasured(SqlServer server) {
        ShardedFixture.drop(server, ONE, TWO);
        ShardedSettings settings = ShardedFixture.settings(server, ONE, TWO);
        try (ShardedStorage node = ShardedFixture.open(settings, GroupLimits.DEFAULT)) {
            long one = bytes(node, "one");
            long two = bytes(node, "two");
            assertThat(one).as("empty tables take some pages").isPositive();
            assertThat(two).isPositive();
            fill(settings.databases().get("two"));
            PeriodicTask measure = node.tasks().stream()
                    .filter(task -> task.name().equals("measure the databases"))
                    .findFirst()
                    .orElseThrow();
            measure.work().run();
            assertThat(bytes(node, "two") - two).isGreaterThan(GROWN_BYTES);
            assertThat(bytes(node, "one") - one).isLessThan(GROWN_BYTES);
        }
    }

    private static long bytes(ShardedStorage node, String database) {
        Map<String, Long> values = node.counters().gauges();
        return values.get("database_bytes{database=\"" + database + "\"}");
    }

    private static void fill(MysqlSettings database) {
        List<String> statements = new ArrayList<>();
        statements.add("CREATE TABLE filling (id INT AUTO_INCREMENT PRIMARY KEY, text VARCHAR(1000))");
        statements.add("INSERT INTO filling (text) VALUES (REPEAT('x', 1000))");
        for (int i = 0; i < DOUBLINGS; i++) {
            statements.add("INSERT INTO filling (text) SELECT text FROM filling");
        }
        statements.add("ANALYZE TABLE filling");
        MysqlFixture.execute(database, statements.toArray(String[]::new));
    }
}
