package io.hongyan.im.adapter.sql.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.starters.MariaDb;
import io.hongyan.starters.MySql8;
import io.hongyan.starters.SqlServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One statement holds slots and locks rows. */
@Tag("servers")
@Timeout(180)
class SlotRowsTest {
    private static final String DATABASE = "slot_rows";
    private static final int SLOT = 7;

    static Stream<SqlServer> servers() {
        return Stream.of(MariaDb.shared(), MySql8.shared());
    }

    private static Connection connect(SqlServer server) throws SQLException {
        Connection connection = DriverManager.getConnection(server.jdbcUrl(DATABASE), server.user(), server.password());
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET SESSION innodb_lock_wait_timeout = 1");
        }
        return connection;
    }

    private static Map<Long, Long> lock(Connection connection, int... slots) throws SQLException {
        BitSet all = new BitSet();
        for (int slot : slots) {
            all.set(slot);
        }
        return SlotRows.holdAndLockInboxes(connection, all, "one", List.of(30L, 10L, 20L, 99L));
    }

    private static void assertWaits(Statement statement, String sql) {
        assertThatThrownBy(() -> statement.executeUpdate(sql))
                .isInstanceOfSatisfying(
                        SQLException.class,
                        error -> assertThat(MysqlErrors.isLockTimeout(error)).isTrue());
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void slotsAreHeldAndRowsLockedUntilTheEnd(SqlServer server) throws SQLException {
        ShardedFixture.drop(server, DATABASE);
        ShardedFixture.open(ShardedFixture.settings(server, DATABASE), GroupLimits.DEFAULT)
                .close();
        MysqlFixture.execute(
                MysqlFixture.settings(server, DATABASE),
                "INSERT INTO im_inbox_head (user_id, head) VALUES (10, 1), (20, 2), (30, 3)",
                "UPDATE im_slot SET state = 2 WHERE slot = 8");
        try (Connection one = connect(server);
                Connection other = connect(server);
                Statement statement = other.createStatement()) {
            assertThat(lock(one, SLOT)).isEqualTo(Map.of(10L, 1L, 20L, 2L, 30L, 3L));
            assertWaits(statement, "UPDATE im_slot SET state = 1 WHERE slot = " + SLOT);
            assertWaits(statement, "UPDATE im_inbox_head SET head = 9 WHERE user_id = 20");
            SlotRows.hold(other, bits(SLOT), "one");
            assertThat(statement.executeUpdate("UPDATE im_slot SET state = 0 WHERE slot = 9"))
                    .as("others are free")
                    .isEqualTo(1);
            one.rollback();
            other.rollback();
            assertThatThrownBy(() -> lock(one, SLOT, 8)).isInstanceOf(SlotMovedException.class);
        }
    }

    private static BitSet bits(int slot) {
        BitSet bits = new BitSet();
        bits.set(slot);
        return bits;
    }
}
