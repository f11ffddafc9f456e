package io.hongyan.im.adapter.sql.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.receipt.Marks;
import io.hongyan.im.core.receipt.Marks.Mark;
import io.hongyan.im.core.send.Draft;
import io.hongyan.starters.MariaDb;
import io.hongyan.starters.SqlServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Marks are written in the order of their keys, like those of a fan-out, whatever the order in which they are given: who
 * waits for a row has none behind it, so two such transactions do not wait for each other.
 */
@Tag("servers")
@Timeout(120)
class MarkLocksTest {
    private static final String DATABASE = "mark_locks";
    private static final long NOW = 1_800_000_000_000L;
    private static final List<String> READERS = List.of("bob", "carol", "dave");

    private final SqlServer server = MariaDb.shared();
    private final MysqlSettings settings = MysqlFixture.settings(server, DATABASE);
    private final ShardedFixture storage = new ShardedFixture(MysqlFixture.alone(settings), GroupLimits.DEFAULT);
    private final ExecutorService thread = Executors.newSingleThreadExecutor();

    @AfterEach
    void close() {
        thread.shutdownNow();
        storage.close();
    }

    @Test
    void marksAreRaisedInTheOrderOfTheirRows() throws Exception {
        locksInOrder((marks, all) ->
                assertThat(marks.raise(all).items()).as("not raised").isEmpty());
    }

    @Test
    void marksWithAReadEventAreRaisedInTheOrderOfTheirRows() throws Exception {
        locksInOrder((marks, all) ->
                assertThat(marks.appendReadEvents(all).positions()).hasSize(READERS.size()));
    }

    /** The row of the lowest key is locked elsewhere; while the work waits for it, the others must be free. */
    private void locksInOrder(BiConsumer<Marks, List<Mark>> work) throws Exception {
        List<Mark> all = new ArrayList<>();
        storage.ports().users().ensure("alice");
        for (String reader : READERS) {
            storage.ports().users().ensure(reader);
            Conversation pair = Conversation.direct("alice", reader);
            storage.ports().log().append(List.of(new Draft(pair, "alice", "ios:x", "m", new byte[] {1})), NOW);
            all.add(new Mark(reader, pair, 1, 1, 1));
        }
        try (Connection connection = DriverManager.getConnection(settings.url(), settings.user(), settings.password());
                Statement elsewhere = connection.createStatement()) {
            Map<String, Long> ids = userIds(elsewhere);
            all.sort(
                    Comparator.comparingLong((Mark mark) -> ids.get(mark.uid())).reversed());
            connection.setAutoCommit(false);
            lock(elsewhere, ids.get(all.get(all.size() - 1).uid()));
            Future<?> working = thread.submit(() -> work.accept(storage.ports().marks(), all));
            await().until(this::someoneWaits);
            for (Mark mark : all) {
                lock(elsewhere, ids.get(mark.uid()));
            }
            connection.commit();
            working.get();
        }
        for (Mark mark : all) {
            assertThat(storage.ports().marks().find(mark.uid(), mark.conversation()))
                    .isEqualTo(mark);
        }
    }

    private static Map<String, Long> userIds(Statement statement) throws SQLException {
        Map<String, Long> ids = new HashMap<>();
        try (ResultSet row = statement.executeQuery("SELECT id, uid FROM im_user")) {
            while (row.next()) {
                ids.put(MysqlIds.text(row.getBytes(2)), row.getLong(1));
            }
        }
        return ids;
    }

    /** Fails where another transaction has it. */
    private static void lock(Statement statement, long userId) throws SQLException {
        statement.execute("SELECT read_seq FROM im_mark WHERE user_id = " + userId + " FOR UPDATE NOWAIT");
    }

    private boolean someoneWaits() throws SQLException {
        try (Connection connection = DriverManager.getConnection(settings.url(), settings.user(), settings.password());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM information_schema.innodb_trx t"
                        + " JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id"
                        + " WHERE t.trx_state = 'LOCK WAIT' AND p.db = '" + DATABASE + "'")) {
            row.next();
            return row.getLong(1) > 0;
        }
    }
}
