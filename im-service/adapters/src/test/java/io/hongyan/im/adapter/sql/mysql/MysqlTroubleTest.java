package io.hongyan.im.adapter.sql.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hongyan.im.core.cluster.ProcessStall;
import io.hongyan.im.core.contract.StorageContract;
import io.hongyan.im.core.feed.FeedPartitions.Held;
import io.hongyan.im.core.feed.Partitions;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.push.Push;
import io.hongyan.im.core.push.PushMode;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Draft;
import io.hongyan.starters.MariaDb;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What comes of a server that cannot be used, or not for a while, and of clocks that differ. */
@Tag("servers")
@Timeout(120)
class MysqlTroubleTest {
    private static final String DATABASE = "trouble";
    private static final long MINUTES = 5 * 60_000;

    private static MariaDb server;

    private MysqlSettings settings;
    private int messages;

    @BeforeAll
    static void startServer() {
        server = MariaDb.started();
    }

    @AfterAll
    static void endServer() {
        server.close();
    }

    @BeforeEach
    void emptyDatabase() {
        settings = impatient(server.user(), server.password());
        new ShardedFixture(MysqlFixture.alone(settings), GroupLimits.DEFAULT).close();
    }

    private static MysqlSettings impatient(String user, String password) {
        return new MysqlSettings(
                server.jdbcUrl(DATABASE), user, password, 4, 4, 2_000, 1_000, 2_000, 1, 3, 1_000, true);
    }

    @Test
    void aServerThatCannotBeReachedIsSaidAtTheStart() {
        MysqlSettings nowhere = new MysqlSettings(
                "jdbc:mysql://127.0.0.1:1/hongyan", "root", "", 4, 4, 2_000, 1_000, 2_000, 1, 3, 1_000, true);

        assertThatThrownBy(() -> open(nowhere))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("jdbc:mysql://127.0.0.1:1/hongyan");
    }

    @Test
    void aWrongPasswordIsSaidAtTheStart() {
        MysqlFixture.execute(settings, "CREATE OR REPLACE USER 'im'@'%' IDENTIFIED BY 'right'");

        assertThatThrownBy(() -> open(impatient("im", "wrong")))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("Access denied")
                .hasMessageNotContaining("wrong");
    }

    @Test
    void theRightsThatAreDocumentedAreEnough() {
        MysqlFixture.execute(
                settings,
                "DROP DATABASE IF EXISTS rights",
                "CREATE DATABASE rights CHARACTER SET utf8mb4",
                "CREATE OR REPLACE USER 'hongyan'@'%' IDENTIFIED BY 'secret'",
                "GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX, DROP, REFERENCES ON rights.* TO 'hongyan'@'%'");
        String url = server.jdbcUrl("rights").replace("createDatabaseIfNotExist=true", "");
        MysqlSettings least = new MysqlSettings(url, "hongyan", "secret", 4, 4, 2_000, 1_000, 5_000, 1, 3, 1_000, true);
        try (ShardedStorage storage = open(least)) {
            send(storage);
            assertWhole(storage);
        }
    }

    @Test
    void tablesOfANewerVersionAreNotTouched() {
        MysqlFixture.execute(
                settings,
                "INSERT INTO im_schema_history (installed_rank, version, description, type, script, installed_by,"
                        + " execution_time, success) VALUES (99, '99', 'later', 'SQL', 'V99__later.sql', 'x', 1, 1)");
        try {
            assertThatThrownBy(() -> open(settings))
                    .isInstanceOf(StorageException.class)
                    .hasMessage("the database " + settings.server()
                            + " was written by a newer version of this program: its tables are of version 99, this"
                            + " program knows them up to 8; start the newer version, or restore a backup from before the"
                            + " upgrade");
        } finally {
            MysqlFixture.execute(settings, "DELETE FROM im_schema_history WHERE version = '99'");
        }
    }

    @Test
    void aReadOnlyServerIsRefusedAtTheStartAndLaterUntilItTakesWritesAgain() {
        MysqlFixture.execute(
                settings,
                "CREATE OR REPLACE USER 'plain'@'%' IDENTIFIED BY 'secret'",
                "GRANT ALL ON " + DATABASE + ".* TO 'plain'@'%'");
        MysqlSettings plain = impatient("plain", "secret");
        try (ShardedStorage storage = open(plain)) {
            send(storage);
            MysqlFixture.execute(settings, "SET GLOBAL read_only = 1");
            assertThatThrownBy(() -> send(storage)).isInstanceOf(StorageException.class);
            assertThatThrownBy(() -> open(plain))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("read-only");
            MysqlFixture.execute(settings, "SET GLOBAL read_only = 0");
            sendUntilStored(storage);
            assertWhole(storage);
        } finally {
            MysqlFixture.execute(settings, "SET GLOBAL read_only = 0");
        }
    }

    @Test
    void aServerThatWasKilledIsUsedAgainWhenItIsBack() {
        try (ShardedStorage storage = open(settings)) {
            send(storage);
            server.kill();
            assertThatThrownBy(() -> send(storage)).isInstanceOf(StorageException.class);
            assertThatThrownBy(() -> storage.ports().inbox().head("alice")).isInstanceOf(StorageException.class);
            server.start();
            sendUntilStored(storage);
            assertWhole(storage);
        }
    }

    @Test
    void aServerThatSaysNothingIsGivenUpAfterAWhile() {
        try (ShardedStorage storage = open(settings)) {
            send(storage);
            server.pause();
            try {
                assertThatThrownBy(() -> send(storage)).isInstanceOf(StorageException.class);
            } finally {
                server.resume();
            }
            sendUntilStored(storage);
            assertWhole(storage);
        }
    }

    @Test
    void aNodeThatStallsWithinATransactionDoesNotKeepItsRows() throws Exception {
        try (ShardedStorage storage = open(settings);
                MysqlPools stalled = MysqlPools.open(settings);
                Connection connection = stalled.writers().getConnection();
                Statement statement = connection.createStatement()) {
            send(storage);
            statement.execute("SELECT head FROM im_conversation FOR UPDATE");
            sendUntilStored(storage);

            assertThatThrownBy(() -> {
                        statement.execute("UPDATE im_conversation SET head = head + 1");
                        connection.commit();
                    })
                    .as("what it had begun is undone")
                    .isInstanceOf(SQLException.class);
            assertWhole(storage);
        }
    }

    @Test
    void whatIsTooLongIsRefusedAndNotShortened() {
        try (ShardedStorage storage = open(settings)) {
            send(storage);
            Draft tooLong = new Draft(
                    Conversation.direct("alice", "bob"), "alice", "android:phone", "x".repeat(65), new byte[0]);
            assertThatThrownBy(() -> storage.ports().log().append(List.of(tooLong), 1))
                    .isInstanceOf(IllegalArgumentException.class);
            send(storage);
            assertWhole(storage);
        }
    }

    @Test
    void leasesGoByTheClockOfTheDatabaseWhateverThatOfANode() {
        InstantSource ahead = () -> InstantSource.system().instant().plusMillis(MINUTES);
        InstantSource behind = () -> InstantSource.system().instant().minusMillis(MINUTES);
        try (ShardedStorage right = open(settings);
                ShardedStorage fast = open(settings, ahead);
                ShardedStorage slow = open(settings, behind)) {
            long now = InstantSource.system().millis();
            assertThat(claim(right, "right", now, 10_000)).hasSize(Partitions.COUNT);
            assertThat(claim(fast, "fast", now + MINUTES, 10_000)).isEmpty();
            assertThat(claim(slow, "slow", now - MINUTES, 10_000)).isEmpty();
            assertThat(claim(slow, "slow", now - MINUTES + 14_000, 10_000)).hasSize(Partitions.COUNT);
            assertThat(claim(right, "right", now + 20_000, 10_000)).isEmpty();
            assertThat(claim(fast, "fast", now + MINUTES + 28_000, 10_000)).hasSize(Partitions.COUNT);

            Push push = new Push("p", "news", List.of("alice"), PushMode.STORE, new byte[0]);
            right.ports().pushes().submit(push, new byte[] {1}, now, 10);
            assertThat(right.ports().pushes().take("right", now, 10_000)).isPresent();
            assertThat(fast.ports().pushes().take("fast", now + MINUTES, 10_000))
                    .isEmpty();
            assertThat(slow.ports().pushes().take("slow", now - MINUTES + 14_000, 10_000))
                    .isPresent();
            assertThat(fast.counters().gauges().get("clock_difference_millis")).isLessThan(-MINUTES + 10_000);
        }
    }

    @Test
    void aTransactionWithinWhichTheProcessStoodStillIsNotCommitted() {
        Sleeper sleeper = new Sleeper();
        try (ShardedStorage storage = ShardedStorage.open(
                MysqlFixture.alone(settings),
                StorageContract.rules(),
                InstantSource.system(),
                System::nanoTime,
                sleeper.processStall())) {
            send(storage);
            sleeper.whileSleepy(() -> assertThatThrownBy(() -> append(storage))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("stalled"));
            assertWhole(storage);
            send(storage);
            assertWhole(storage);
        }
    }

    private static List<Held> claim(ShardedStorage storage, String holder, long now, long lease) {
        return storage.ports().feed().partitions().claim(holder, Partitions.all(), now, now + lease);
    }

    private static ShardedStorage open(MysqlSettings settings) {
        return open(settings, InstantSource.system());
    }

    private static ShardedStorage open(MysqlSettings settings, InstantSource clock) {
        return ShardedStorage.open(
                MysqlFixture.alone(settings), StorageContract.rules(), clock, System::nanoTime, ProcessStall.never());
    }

    private void sendUntilStored(ShardedStorage storage) {
        await().atMost(Duration.ofSeconds(60))
                .ignoreException(StorageException.class)
                .until(() -> {
                    storage.tasks().get(1).work().run();
                    send(storage);
                    return true;
                });
    }

    /** A message with the next number; one that failed is sent again under its name. */
    private void send(ShardedStorage storage) {
        storage.ports().users().ensure("alice");
        storage.ports().users().ensure("bob");
        Appended result = append(storage);
        messages++;
        long seq =
                result instanceof Appended.Stored stored ? stored.message().seq() : ((Appended.Repeated) result).seq();
        assertThat(seq).isEqualTo(messages);
    }

    private Appended append(ShardedStorage storage) {
        Draft draft = new Draft(
                Conversation.direct("alice", "bob"), "alice", "android:phone", "m" + (messages + 1), new byte[0]);
        Appended result =
                storage.ports().log().append(List.of(draft), 1_800_000_000_000L).get(0);
        if (result instanceof Appended.NotStored away) {
            throw away.why();
        }
        return result;
    }

    private void assertWhole(ShardedStorage storage) {
        assertThat(storage.ports().inbox().read("bob", 0, 1_000, 1_000).entries())
                .hasSize(messages);
    }
}
