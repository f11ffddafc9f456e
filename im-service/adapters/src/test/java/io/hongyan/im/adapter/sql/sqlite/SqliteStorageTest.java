package io.hongyan.im.adapter.sql.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hongyan.im.adapter.sql.DataWithoutOrdinals;
import io.hongyan.im.adapter.sql.Schema;
import io.hongyan.im.adapter.sql.StorageCounter;
import io.hongyan.im.core.contract.StorageContract;
import io.hongyan.im.core.inbox.Devices.CursorMove;
import io.hongyan.im.core.inbox.InboxPage;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Draft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

/** What only this storage has: a file, a limit of its size, a log beside it, and neighbours in one transaction. */
@Timeout(120)
class SqliteStorageTest {
    private static final Conversation ALICE_BOB = Conversation.direct("alice", "bob");
    private static final long NOW = 1_800_000_000_000L;

    @TempDir
    Path directory;

    @Test
    void everyAppendOfOneClientIsOneSyncedCommit() {
        try (SqliteStorage storage = openWithUsers()) {
            long before = storage.counters().value(StorageCounter.COMMITS);

            for (int i = 0; i < 20; i++) {
                append(storage, "m" + i, 10);
            }

            assertThat(storage.counters().value(StorageCounter.COMMITS) - before)
                    .isEqualTo(20);
            assertThat(storage.counters().value(StorageCounter.MESSAGES)).isEqualTo(20);
            assertThat(storage.counters().value(StorageCounter.INBOX_ROWS)).isEqualTo(40);
        }
    }

    @Test
    void fullDatabaseFailsTheAppendAndLeavesNoGap() {
        SqliteSettings small = limitedTo(200);
        try (SqliteStorage storage = SqliteStorage.open(small, StorageContract.rules(), System::nanoTime)) {
            storage.ports().users().ensure("alice");
            storage.ports().users().ensure("bob");
            int stored = appendUntilItFails(storage);
            assertThat(stored).isPositive();

            assertThatThrownBy(() -> append(storage, "m" + stored, 10_000)).isInstanceOf(StorageException.class);
            assertThat(storage.ports().history().head(ALICE_BOB))
                    .as("reading goes on")
                    .isEqualTo(stored);
            assertThat(storage.ports().inbox().head("bob")).isEqualTo(stored);
        }
        try (SqliteStorage storage = open()) {
            int stored = (int) storage.ports().history().head(ALICE_BOB);
            assertThat(append(storage, "m" + (stored - 1), 10)).isInstanceOf(Appended.Repeated.class);

            Appended next = append(storage, "m" + stored, 10_000);

            assertThat(((Appended.Stored) next).message().seq()).isEqualTo(stored + 1);
            assertGapless(storage, stored + 1);
        }
    }

    @Test
    void fullDatabaseTakesMessagesAgainOnceThereIsRoom() {
        SqliteSettings small = limitedTo(200);
        try (SqliteStorage storage = SqliteStorage.open(small, StorageContract.rules(), System::nanoTime)) {
            storage.ports().users().ensure("alice");
            storage.ports().users().ensure("bob");
            List<Draft> batch = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                batch.add(draft("small" + i, new byte[10]));
            }
            storage.ports().log().append(batch, NOW);
            int stored = 500 + appendUntilItFails(storage);

            storage.ports().trimmer().trim(0, NOW + 1, 0, 10);
            Appended next = append(storage, "after", 100);

            assertThat(((Appended.Stored) next).message().seq()).isEqualTo(stored + 1);
            assertThat(((Appended.Stored) next).positions()).allMatch(position -> position.seq() == stored + 1);
        }
    }

    @Test
    void failingWriteDoesNotUndoItsNeighbours() {
        try (SqliteStorage storage = openWithUsers()) {
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                int thread = t;
                storage.ports().users().ensure("user" + t);
                all.add(CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < 50; i++) {
                        Draft draft = new Draft(
                                Conversation.direct("alice", "user" + thread), "alice", "a:b", "m" + i, new byte[10]);
                        assertThat(storage.ports().log().append(List.of(draft), NOW))
                                .hasOnlyElementsOfType(Appended.Stored.class);
                        assertThatThrownBy(
                                        () -> storage.ports().devices().register(new DeviceKey("ghost", "a:b"), 3, NOW))
                                .isInstanceOf(IllegalArgumentException.class);
                        storage.ports()
                                .devices()
                                .moveCursors(List.of(new CursorMove(new DeviceKey("ghost", "a:b"), 3)), NOW);
                    }
                }));
            }

            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();

            InboxPage inbox = storage.ports().inbox().read("alice", 0, 1_000, 1_000_000);
            assertThat(inbox.headSeq()).isEqualTo(200);
            assertThat(inbox.entries()).hasSize(200);
            assertThat(storage.counters().value(StorageCounter.WRITE_FAILURES)).isEqualTo(200);
        }
    }

    @Test
    void writeAheadLogBeginsAnewWhileWritingGoesOn() throws IOException {
        SqliteSettings settings = new SqliteSettings(directory, 1 << 20, 1 << 20, 2, 64, 16, 5_000, 100, 0, 100);
        try (SqliteStorage storage = SqliteStorage.open(settings, StorageContract.rules(), System::nanoTime)) {
            storage.ports().users().ensure("alice");
            storage.ports().users().ensure("bob");
            int[] sent = {0};
            await().atMost(Duration.ofSeconds(90))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> {
                        append(storage, "m" + sent[0]++, 4_000);
                        return storage.counters().value(StorageCounter.CHECKPOINTS) >= 20;
                    });
            long bytes = Files.size(directory.resolve("hongyan.db-wal"));

            // Each checkpoint begins at 100 pages and may come a period late; twenty logs end to end are far more.
            assertThat(bytes).isLessThan(sent[0] * 3L * 4_096);
            assertThat(storage.counters().value(StorageCounter.CHECKPOINT_FAILURES))
                    .isZero();
            assertGapless(storage, sent[0]);
        }
    }

    @Test
    void secondServerOnTheSameDirectoryIsRefused() {
        try (SqliteStorage storage = openWithUsers()) {
            assertThatThrownBy(this::open).isInstanceOf(StorageException.class).hasMessageContaining("another server");
            append(storage, "m1", 10);
        }
        open().close();
    }

    @Test
    void databaseJustMigratedIsSeenToBeCurrent() {
        SQLiteDataSource database = new SQLiteDataSource();
        database.setUrl("jdbc:sqlite:" + directory.resolve("hongyan.db"));
        assertThat(Schema.isCurrent(database)).isFalse();

        open().close();

        assertThat(Schema.isCurrent(database)).isTrue();
    }

    @Test
    void dataOfTheVersionBeforeGetsOrdinals() throws SQLException {
        List<String> told;
        try (SqliteStorage storage = open()) {
            DataWithoutOrdinals.fill(storage.ports());
            told = DataWithoutOrdinals.told(storage.ports());
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("hongyan.db"));
                Statement statement = connection.createStatement()) {
            for (String sql : DataWithoutOrdinals.WITHOUT_COLUMNS) {
                statement.execute(sql);
            }
            statement.execute("DELETE FROM im_schema_history WHERE CAST(version AS INTEGER) > 6");
        }

        try (SqliteStorage storage = open()) {
            assertThat(DataWithoutOrdinals.told(storage.ports()))
                    .isEqualTo(told)
                    .contains("Conversation[kind=GROUP, id=tea] 6: 3");
            assertThat(DataWithoutOrdinals.next(storage.ports())).containsExactly(4L, 3L);
            assertThat(storage.dataEpochs().current().id()).matches("[0-9a-f]{16}");
            assertThat(storage.dataEpochs().current().sinceMillis()).isZero();
        }
    }

    @Test
    void databaseOfANewerVersionIsRefused() throws SQLException {
        open().close();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("hongyan.db"));
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    INSERT INTO im_schema_history (installed_rank, version, description, type, script, checksum,
                        installed_by, execution_time, success)
                    VALUES (99, '99', 'from the future', 'SQL', 'V99__x.sql', 1, 'x', 1, 1)""");
        }

        assertThatThrownBy(this::open)
                .isInstanceOf(StorageException.class)
                .hasMessage("the database " + directory.resolve("hongyan.db")
                        + " was written by a newer version of this program: its tables are of version 99, this program"
                        + " knows them up to 9; start the newer version, or restore a backup from before the upgrade");
    }

    @Test
    void fileThatIsNoDatabaseIsRefused() throws IOException {
        Files.write(
                directory.resolve("hongyan.db"),
                "not a database, but long enough to be one".repeat(100).getBytes());

        assertThatThrownBy(this::open).isInstanceOf(StorageException.class).hasMessageContaining("hongyan.db");
    }

    @Test
    void closedStorageRefuses() {
        SqliteStorage storage = openWithUsers();
        storage.close();

        assertThatThrownBy(() -> append(storage, "m1", 10)).isInstanceOf(StorageException.class);
    }

    private SqliteStorage open() {
        return SqliteStorage.open(SqliteSettings.defaults(directory), StorageContract.rules(), System::nanoTime);
    }

    private SqliteStorage openWithUsers() {
        SqliteStorage storage = open();
        storage.ports().users().ensure("alice");
        storage.ports().users().ensure("bob");
        return storage;
    }

    private SqliteSettings limitedTo(int pages) {
        return new SqliteSettings(directory, 1 << 20, 1 << 20, 2, 64, 16, 5_000, 20_000, pages, 100);
    }

    /** Ids m0, m1 …; gives how many were stored. */
    private static int appendUntilItFails(SqliteStorage storage) {
        int stored = 0;
        try {
            while (stored < 10_000) {
                append(storage, "m" + stored, 10_000);
                stored++;
            }
        } catch (StorageException e) {
            assertThat(e).hasMessageContaining("full");
        }
        return stored;
    }

    private static Appended append(SqliteStorage storage, String id, int bytes) {
        return storage.ports()
                .log()
                .append(List.of(draft(id, new byte[bytes])), NOW)
                .get(0);
    }

    private static Draft draft(String id, byte[] content) {
        return new Draft(ALICE_BOB, "alice", "android:phone", id, content);
    }

    private static void assertGapless(SqliteStorage storage, long head) {
        assertThat(storage.ports().history().read(ALICE_BOB, 0, Long.MAX_VALUE, false, 100_000, Integer.MAX_VALUE))
                .extracting(StoredMessage::seq)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, head).boxed().toList());
    }
}
