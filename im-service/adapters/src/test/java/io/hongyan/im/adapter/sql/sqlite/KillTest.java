package io.hongyan.im.adapter.sql.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.contract.StorageContract;
import io.hongyan.im.core.group.GroupChange.Created;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.InboxPage;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.send.FanOutLog;
import io.hongyan.starters.Seeds;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A process is killed while it appends; what it was told is stored is there. */
@Tag("long")
@Timeout(120)
class KillTest {
    private static final int KILLS = 3;
    private static final Conversation CONVERSATION = Conversation.direct("alice", "bob");

    @TempDir
    Path directory;

    static List<Long> seeds() {
        return Seeds.of(KillTest.class);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatWasAcknowledgedSurvivesKillingTheProcess(long seed) throws IOException, InterruptedException {
        Random random = new Random(seed);
        List<String> acknowledged = new ArrayList<>();
        for (int kill = 0; kill < KILLS; kill++) {
            acknowledged.addAll(KilledProgram.run(Appender.class, 50 + random.nextInt(400), directory, "run" + kill));
        }

        try (SqliteStorage storage =
                SqliteStorage.open(SqliteSettings.defaults(directory), StorageContract.rules(), System::nanoTime)) {
            List<StoredMessage> log = storage.ports()
                    .history()
                    .read(CONVERSATION, 0, Long.MAX_VALUE, false, 1_000_000, Integer.MAX_VALUE);
            assertThat(log.stream().map(m -> m.seq() + " " + m.clientMessageId()))
                    .as("seed %d", seed)
                    .containsAll(acknowledged)
                    .doesNotHaveDuplicates();
            InboxPage inbox = storage.ports().inbox().read("bob", 0, 1_000_000, Integer.MAX_VALUE);
            assertThat(inbox.headSeq()).isEqualTo(log.size());
            for (int i = 0; i < log.size(); i++) {
                assertThat(log.get(i).seq()).isEqualTo(i + 1L);
                Entry.OfMessage entry = (Entry.OfMessage) inbox.entries().get(i);
                assertThat(entry.seq()).isEqualTo(i + 1L);
                assertThat(entry.message().seq()).isEqualTo(i + 1L);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aFanOutThatWasKilledInTheMiddleLeavesNobodyWithAnEntryTwiceOrMissing(long seed)
            throws IOException, InterruptedException {
        Random random = new Random(seed);
        List<String> acknowledged = new ArrayList<>();
        for (int kill = 0; kill < KILLS; kill++) {
            acknowledged.addAll(
                    KilledProgram.run(FanOutWorker.class, 20 + random.nextInt(60), directory, "run" + kill));
        }

        try (SqliteStorage storage = FanOutWorker.open(directory)) {
            assertThat(storage.ports().fanOut().open(FanOutWorker.NAME, 10, 0))
                    .as("killed in the middle, seed %d", seed)
                    .isNotEmpty();
            while (FanOutWorker.step(storage)) {
                // until nothing is open
            }
            List<StoredMessage> log = storage.ports()
                    .history()
                    .read(FanOutWorker.GROUP, 0, Long.MAX_VALUE, false, 1_000_000, Integer.MAX_VALUE);
            assertThat(log.stream().map(m -> m.seq() + " " + m.clientMessageId()))
                    .as("seed %d", seed)
                    .containsAll(acknowledged);
            List<Long> all = log.stream().map(StoredMessage::seq).toList();
            for (int member = 0; member < FanOutWorker.MEMBERS; member++) {
                InboxPage inbox = storage.ports().inbox().read("u" + member, 0, 1_000_000, Integer.MAX_VALUE);
                assertThat(inbox.entries().stream()
                                .map(entry ->
                                        ((Entry.OfMessage) entry).message().seq()))
                        .as("member %d, seed %d", member, seed)
                        .isEqualTo(all);
            }
        }
    }

    /** The process that is killed: appends for ever and prints what was stored. */
    static final class Appender {
        public static void main(String[] arguments) {
            SqliteStorage storage = SqliteStorage.open(
                    SqliteSettings.defaults(Path.of(arguments[0])), StorageContract.rules(), System::nanoTime);
            storage.ports().users().ensure("alice");
            storage.ports().users().ensure("bob");
            PrintStream out = System.out;
            for (int i = 0; i < 1_000_000; i++) {
                List<Draft> batch = new ArrayList<>();
                for (int j = 0; j <= i % 5; j++) {
                    batch.add(new Draft(
                            CONVERSATION, "alice", "android:phone", arguments[1] + "-" + i + "-" + j, new byte[500]));
                }
                for (Appended result : storage.ports().log().append(batch, i)) {
                    StoredMessage message = ((Appended.Stored) result).message();
                    out.println(message.seq() + " " + message.clientMessageId() + ".");
                }
                out.flush();
            }
        }
    }

    /** Another one: sends to a group by marker, and takes steps of the fan-out that end in the middle of it. */
    static final class FanOutWorker {
        static final String NAME = "worker";
        static final int MEMBERS = 150;
        static final Conversation GROUP = Conversation.group("g");
        private static final int STEP = 100;

        static SqliteStorage open(Path directory) {
            return SqliteStorage.open(SqliteSettings.defaults(directory), StorageContract.rules(), System::nanoTime);
        }

        public static void main(String[] arguments) {
            SqliteStorage storage = open(Path.of(arguments[0]));
            List<String> members = new ArrayList<>();
            for (int member = 0; member < MEMBERS; member++) {
                members.add("u" + member);
            }
            members.parallelStream().forEach(uid -> storage.ports().users().ensure(uid));
            Created created = new Created("u0", "G", false, 0, members.subList(1, MEMBERS));
            append(storage, new Draft(GROUP, "u0", "android:phone", "created", new byte[1], created));
            for (int i = 0; i < 1_000_000; i++) {
                append(storage, new Draft(GROUP, "u1", "android:phone", arguments[1] + "-" + i, new byte[500]));
                // Fewer steps than an entry needs, so that markers pile up, and now and then more; most begin in one
                // entry
                // and end in another.
                for (int steps = i % 3; steps > 0; steps--) {
                    step(storage);
                }
            }
        }

        private static void append(SqliteStorage storage, Draft draft) {
            if (storage.ports().log().append(List.of(draft), 1).get(0) instanceof Appended.Stored stored) {
                System.out.println(
                        stored.message().seq() + " " + stored.message().clientMessageId() + ".");
                System.out.flush();
            }
        }

        /** False where nothing is open. */
        static boolean step(SqliteStorage storage) {
            List<FanOutLog.Marker> open = storage.ports().fanOut().open(NAME, 10, 0);
            if (!open.isEmpty()) {
                storage.ports().fanOut().advance(open, NAME, STEP, 0, 1_000);
            }
            return !open.isEmpty();
        }
    }
}
