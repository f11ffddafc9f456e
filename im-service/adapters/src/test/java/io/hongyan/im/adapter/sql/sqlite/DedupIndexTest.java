package io.hongyan.im.adapter.sql.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.hongyan.im.core.contract.StorageContract;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Draft;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A message is known by its key whether that is a row, waits in memory, was read at the start, or collides. */
@Timeout(120)
class DedupIndexTest {
    private static final int IN_MEMORY = 40;
    private static final Conversation CONVERSATION = Conversation.direct("alice", "bob");

    @TempDir
    Path directory;

    @Test
    void everyMessageIsKnownInEachGeneration() throws SQLException {
        try (SqliteStorage storage = open()) {
            appendBatches(storage, 0, 30);
            assertAllKnown(storage, 300);
        }
        assertThat(count("SELECT COUNT(*) FROM im_message_key")).isBetween(300L - IN_MEMORY, 299L);
    }

    @Test
    void everyMessageIsKnownAfterAStart() {
        for (int batches = 0; batches < 12; batches++) {
            try (SqliteStorage storage = open()) {
                assertAllKnown(storage, 10 * batches);
                appendBatches(storage, batches, batches + 1);
            }
        }
    }

    @Test
    void everyMessageIsKnownAfterAFailure() {
        try (SqliteStorage storage = open()) {
            for (int batches = 0; batches < 12; batches++) {
                appendBatches(storage, batches, batches + 1);
                List<Draft> batchThatFails = drafts(batches + 1);
                batchThatFails.add(null);
                assertThat(catchThrowable(() -> storage.ports().log().append(batchThatFails, 1)))
                        .isNotNull();
                assertAllKnown(storage, 10 * batches + 10);
            }
        }
    }

    @Test
    void keysThatCollideTakeTheNextSlots() throws SQLException {
        try (SqliteStorage storage = open()) {
            appendBatches(storage, 0, 1);
        }
        // Every later key that would be alone meets a stranger's: slots around the conversation are filled by hand.
        long moved = occupyEverySlotOf(drafts(1));
        assertThat(moved).isEqualTo(10);
        try (SqliteStorage storage = open()) {
            appendBatches(storage, 1, 9);
            assertAllKnown(storage, 90);
        }
        try (SqliteStorage storage = open()) {
            assertAllKnown(storage, 90);
        }
    }

    @Test
    void hashDependsOnSecretSenderAndEveryCharacter() {
        byte[] secret = new byte[16];
        DedupHash hash = new DedupHash(secret);
        Set<Long> seen = new HashSet<>();
        Random random = new Random(7);
        for (int length = 0; length <= 64; length++) {
            String id = "x".repeat(length);
            assertThat(seen.add(hash.hash(1, id))).isTrue();
            assertThat(seen.add(hash.hash(2, id))).isTrue();
            if (length > 0) {
                int changed = random.nextInt(length);
                assertThat(seen.add(hash.hash(1, id.substring(0, changed) + "y" + id.substring(changed + 1))))
                        .isTrue();
            }
            assertThat(hash.hash(1, id)).isEqualTo(new DedupHash(secret).hash(1, id));
        }
        secret[15] = 1;
        assertThat(seen.add(new DedupHash(secret).hash(1, "x"))).isTrue();
    }

    private SqliteStorage open() {
        SqliteStorage storage = SqliteStorage.open(
                SqliteSettings.defaults(directory), StorageContract.rules(), IN_MEMORY, System::nanoTime);
        storage.ports().users().ensure("alice");
        storage.ports().users().ensure("bob");
        return storage;
    }

    private static void appendBatches(SqliteStorage storage, int from, int to) {
        for (int batch = from; batch < to; batch++) {
            assertThat(storage.ports().log().append(drafts(batch), 1)).hasOnlyElementsOfType(Appended.Stored.class);
        }
    }

    private static List<Draft> drafts(int batch) {
        List<Draft> drafts = new ArrayList<>();
        for (int i = 10 * batch; i < 10 * batch + 10; i++) {
            drafts.add(new Draft(CONVERSATION, i % 2 == 0 ? "alice" : "bob", "a:b", "id" + i, new byte[1]));
        }
        return drafts;
    }

    private static void assertAllKnown(SqliteStorage storage, int messages) {
        for (int batch = 0; batch < messages / 10; batch++) {
            List<Appended> results = storage.ports().log().append(drafts(batch), 2);
            for (int i = 0; i < 10; i++) {
                long seq = 10L * batch + i + 1;
                assertThat(results.get(i)).isEqualTo(new Appended.Repeated(seq, seq, 1, seq));
            }
        }
    }

    /** Lets other messages hold the slots where the keys of these drafts would go, and the ones after them. */
    private long occupyEverySlotOf(List<Draft> drafts) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            byte[] secret;
            try (ResultSet row = statement.executeQuery("SELECT secret FROM im_message_key_state")) {
                row.next();
                secret = row.getBytes(1);
            }
            DedupHash hash = new DedupHash(secret);
            long occupied = 0;
            for (Draft draft : drafts) {
                long sender = count("SELECT id FROM im_user WHERE uid = '" + draft.sender() + "'");
                long slot = 1L << 32 | hash.hash(sender, draft.clientMessageId()) >>> 32;
                for (long next = slot; next < slot + 3; next++) {
                    statement.executeUpdate("INSERT INTO im_message_key (slot, message_id) VALUES (" + next + ", 1)");
                }
                occupied++;
            }
            return occupied;
        }
    }

    private long count(String query) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("hongyan.db"));
    }
}
