package io.hongyan.im.adapter.sql.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Draft;
import io.hongyan.starters.MariaDb;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that has no room left refuses what is stored and goes on when there is room; its files may grow to a size only. */
@Tag("servers")
@Timeout(120)
class MysqlFullDiskTest {
    private static final String DATABASE = "full";
    private static final Conversation ALICE_BOB = Conversation.direct("alice", "bob");
    private static final int CONTENT_BYTES = 20_000;
    private static final int MESSAGES_MAX = 5_000;
    private static final int REFUSALS = 5;

    @TempDir
    Path directory;

    @Test
    void fullServerRefusesAndTakesMessagesAgainOnceThereIsRoom() throws Exception {
        MariaDb small = server(32);
        MysqlSettings settings = MysqlFixture.settings(small, DATABASE);
        try (small;
                ShardedStorage storage = MysqlFixture.open(settings, GroupLimits.DEFAULT)) {
            storage.ports().users().ensure("alice");
            storage.ports().users().ensure("bob");
            fill(settings);
            int stored = appendUntilItFails(storage, small);

            await().atMost(Duration.ofSeconds(60))
                    .ignoreException(StorageException.class)
                    .untilAsserted(() -> {
                        // A server may also end itself at any time when it is full.
                        if (!small.isAlive()) {
                            return;
                        }
                        look(storage);
                        assertThat(storage.ports().history().head(ALICE_BOB))
                                .as("reading goes on")
                                .isEqualTo(stored);
                        assertThat(storage.ports().inbox().head("bob")).isEqualTo(stored);
                    });

            small.close();
            try (MariaDb larger = server(96)) {
                assertThat(larger.port()).isEqualTo(small.port());
                await().atMost(Duration.ofSeconds(60))
                        .ignoreException(StorageException.class)
                        .untilAsserted(() -> {
                            look(storage);
                            assertThat(append(storage, stored))
                                    .isInstanceOfAny(Appended.Stored.class, Appended.Repeated.class);
                        });
                // The pool may still have connections of before the restart.
                await().atMost(Duration.ofSeconds(60))
                        .ignoreException(StorageException.class)
                        .untilAsserted(() -> assertThat(append(storage, stored + 1))
                                .isInstanceOfAny(Appended.Stored.class, Appended.Repeated.class));
                await().atMost(Duration.ofSeconds(60))
                        .ignoreException(StorageException.class)
                        .untilAsserted(() -> assertThat(storage.ports()
                                        .history()
                                        .read(ALICE_BOB, 0, Long.MAX_VALUE, false, 100_000, Integer.MAX_VALUE))
                                .extracting(StoredMessage::seq)
                                .containsExactlyElementsOf(LongStream.rangeClosed(1, stored + 2)
                                        .boxed()
                                        .toList()));
            }
        }
    }

    /** The same data and port each time. */
    private MariaDb server(int megabytes) {
        return MariaDb.started(
                directory,
                "--innodb-file-per-table=0",
                "--innodb-data-file-path=ibdata1:12M:autoextend:max:" + megabytes + "M");
    }

    /** Until nothing of that size fits. */
    private static void fill(MysqlSettings settings) {
        MysqlFixture.execute(settings, "CREATE TABLE filler (content LONGBLOB) ENGINE = InnoDB");
        for (int i = 0; i < MESSAGES_MAX; i++) {
            try {
                MysqlFixture.tryToExecute(settings, "INSERT INTO filler VALUES (REPEAT('x', 1000000))");
            } catch (SQLException full) {
                return;
            }
        }
        throw new AssertionError("it is never full");
    }

    /**
     * Ids m0, m1 …, until none fits: what a refused one had taken may become free a little later. Gives how many were
     * stored.
     */
    private static int appendUntilItFails(ShardedStorage storage, MariaDb server) {
        List<StorageException> refusals = new ArrayList<>();
        for (int stored = 0; stored < MESSAGES_MAX; ) {
            try {
                append(storage, stored);
                stored++;
                refusals.clear();
            } catch (StorageException e) {
                refusals.add(e);
                if (refusals.size() == REFUSALS) {
                    assertThat(refusals)
                            .anySatisfy(refusal -> assertThat(!server.isAlive() || isFull(refusal))
                                    .isTrue());
                    return stored;
                }
            }
        }
        throw new AssertionError("it is never full");
    }

    private static boolean isFull(Throwable refusal) {
        StringWriter trace = new StringWriter();
        refusal.printStackTrace(new PrintWriter(trace));
        return trace.toString().contains("full");
    }

    /** Where a node has a task for it. */
    private static void look(ShardedStorage storage) {
        storage.tasks().get(1).work().run();
    }

    private static Appended append(ShardedStorage storage, int number) {
        Draft draft = new Draft(ALICE_BOB, "alice", "android:phone", "m" + number, new byte[CONTENT_BYTES]);
        Appended result =
                storage.ports().log().append(List.of(draft), 1_800_000_000_000L).get(0);
        if (result instanceof Appended.NotStored refused) {
            throw refused.why();
        }
        return result;
    }
}
