package io.hongyan.im.adapter.sql.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hongyan.im.adapter.sql.StorageCounters;
import io.hongyan.im.adapter.sql.mysql.SlotMover.Step;
import io.hongyan.im.core.cluster.ProcessStall;
import io.hongyan.im.core.contract.StorageContract;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.send.FanOutLog.Marker;
import io.hongyan.im.core.send.FanOutLog.Written;
import io.hongyan.starters.MariaDb;
import io.hongyan.starters.SqlServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which databases go together, who may write where, and what a mover leaves behind that dies or falls asleep. */
@Tag("servers")
@Timeout(180)
class ShardsTest {
    private static final long NOW = 1_800_000_000_000L;
    private static final String ONE = "shards_one";
    private static final String TWO = "shards_two";
    private static final String THREE = "shards_three";
    private static final Conversation PAIR = Conversation.direct("alice", "bob");
    private static final int SLOT = Slots.of(PAIR);

    private final SqlServer server = MariaDb.shared();
    private ShardedStorage node;
    private int sent;

    @BeforeEach
    void openNode() {
        ShardedFixture.drop(server, ONE, TWO, THREE);
        node = open(settings(ONE, TWO));
        List.of("alice", "bob").forEach(node.ports().users()::ensure);
        send();
    }

    @AfterEach
    void closeNode() {
        node.close();
    }

    private ShardedSettings settings(String... databases) {
        return ShardedFixture.settings(server, databases);
    }

    private static ShardedStorage open(ShardedSettings settings) {
        return ShardedFixture.open(settings, GroupLimits.DEFAULT);
    }

    private Appended.Stored send() {
        String id = "m" + ++sent;
        Draft draft = new Draft(PAIR, "alice", "android:phone", id, new byte[] {1});
        Appended result = node.ports().log().append(List.of(draft), NOW).get(0);
        assertThat(result).isInstanceOf(Appended.Stored.class);
        return (Appended.Stored) result;
    }

    private void assertAllThere() {
        for (String uid : List.of("alice", "bob")) {
            List<Long> seqs = node.ports().inbox().read(uid, 0, 1_000, 1_000_000).entries().stream()
                    .map(entry -> ((Entry.OfMessage) entry).message().seq())
                    .toList();
            assertThat(seqs).hasSize(sent).isSorted().doesNotHaveDuplicates();
        }
        assertThat(node.ports().history().head(PAIR)).isEqualTo(sent);
    }

    @Test
    void usersWhoseIdsMeetThoseOfOthersAreMadeAllTheSame() {
        long now = 1_700_000_000_000L;
        String first = "first";
        int slot = Slots.ofUser(first);
        long firstId = new Slots(() -> java.time.Instant.ofEpochMilli(now)).newId(slot) & ~4_095L;
        StringBuilder taken = new StringBuilder("INSERT INTO im_user (id, uid) VALUES ");
        for (int i = 0; i < 4_096; i += 2) {
            taken.append(i == 0 ? "(" : ",(")
                    .append(firstId + i)
                    .append(", 'taken")
                    .append(i)
                    .append("')");
        }
        MysqlFixture.execute(
                settings(ONE, TWO).databases().get(slot < Slots.COUNT / 2 ? "one" : "two"), taken.toString());
        try (ShardedStorage still = ShardedStorage.open(
                settings(ONE, TWO),
                StorageContract.rules(),
                () -> java.time.Instant.ofEpochMilli(now),
                System::nanoTime,
                ProcessStall.never())) {
            List<String> uids = IntStream.range(0, 200_000)
                    .mapToObj(i -> "u" + i)
                    .filter(uid -> Slots.ofUser(uid) == slot)
                    .limit(25)
                    .toList();
            uids.forEach(still.ports().users()::ensure);
            assertThat(uids).hasSize(25).allMatch(still.ports().users()::exists);
        }
    }

    @Test
    void aBatchWithinWhichTheProcessStoodStillIsNotStored() {
        Sleeper sleeper = new Sleeper();
        Draft draft = new Draft(PAIR, "alice", "android:phone", "overslept", new byte[] {1});
        try (ShardedStorage sleepy = ShardedStorage.open(
                settings(ONE, TWO),
                StorageContract.rules(),
                InstantSource.system(),
                System::nanoTime,
                sleeper.processStall())) {
            sleeper.whileSleepy(() -> assertThatThrownBy(
                            () -> sleepy.ports().log().append(List.of(draft), NOW))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("stalled"));
        }
        assertAllThere();
    }

    @Test
    void entryThatAStepHadWrittenWhoseAnswerWasLostIsGivenAsUntold() {
        MysqlFixture.execute(
                settings(ONE, TWO).databases().get(SLOT < Slots.COUNT / 2 ? "one" : "two"),
                "INSERT INTO im_fanout (conversation_id, seq) SELECT id, 1 FROM im_conversation WHERE name = '"
                        + PAIR.id() + "'");
        List<Marker> open = node.ports().fanOut().open("worker", 10, NOW);
        assertThat(open).containsExactly(new Marker(PAIR, 1));

        List<Written> written =
                node.ports().fanOut().advance(open, "worker", 10, NOW, 1_000).written();

        assertThat(written).hasSize(1).allMatch(one -> one.done() && one.untold());
        assertThat(written.get(0).positions()).isEmpty();
        assertAllThere();
    }

    @Test
    void markersThatAMoveHasLeftBehindDoNotHideTheOthers() {
        String peer = IntStream.range(0, 1_000)
                .mapToObj(i -> "peer" + i)
                .filter(uid -> Slots.of(Conversation.direct("alice", uid)) >= Slots.COUNT / 2)
                .findFirst()
                .orElseThrow();
        Conversation pair = Conversation.direct("alice", peer);
        node.ports().users().ensure(peer);
        node.ports().log().append(List.of(new Draft(pair, "alice", "android:phone", "m", new byte[] {1})), NOW);
        StringBuilder conversations = new StringBuilder("INSERT INTO im_conversation (id, kind, name) VALUES ");
        StringBuilder markers = new StringBuilder("INSERT INTO im_fanout (conversation_id, seq) VALUES ");
        for (int i = 0; i < 300; i++) {
            String between = i == 0 ? "(" : ",(";
            conversations
                    .append(between)
                    .append(i + 1)
                    .append(", 2, 'left")
                    .append(i)
                    .append("')");
            markers.append(between).append(i + 1).append(", 1)");
        }
        MysqlFixture.execute(
                settings(ONE, TWO).databases().get("two"),
                conversations.toString(),
                markers.toString(),
                "INSERT INTO im_fanout (conversation_id, seq) SELECT id, 1 FROM im_conversation WHERE name = '"
                        + pair.id() + "'");

        assertThat(node.ports().fanOut().open("worker", 10, NOW)).containsExactly(new Marker(pair, 1));
    }

    private long count(String database, String query) {
        try (Connection connection =
                        DriverManager.getConnection(server.jdbcUrl(database), server.user(), server.password());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new AssertionError(query, e);
        }
    }

    private SlotMover mover(long frozenMillisMax, Consumer<Step> before) {
        List<Shard> shards = ShardedStorage.connect(
                settings(ONE, TWO), System::nanoTime, new StorageCounters(), ProcessStall.never());
        return new SlotMover(new Shards(shards, System::nanoTime), frozenMillisMax, before);
    }

    private static Consumer<Step> dyingBefore(Step step) {
        return now -> {
            if (now == step) {
                throw new IllegalStateException("dead");
            }
        };
    }

    /** The database that the conversation is not in by the first plan. */
    private static String other() {
        return SLOT < Slots.COUNT / 2 ? "two" : "one";
    }

    private static String here() {
        return SLOT < Slots.COUNT / 2 ? ONE : TWO;
    }

    @Test
    void slotsAreWhatTheDatabaseWouldSay() {
        for (String key : List.of("user:alice", "direct:alice|bob", "group:42")) {
            int slot = key.startsWith("user:")
                    ? Slots.ofUser("alice")
                    : Slots.of(key.startsWith("group") ? Conversation.group("42") : PAIR);
            assertThat(count(ONE, "SELECT CRC32('" + key + "') % 1024")).isEqualTo(slot);
        }
        assertThat(count(here(), "SELECT id >> 53 FROM im_conversation")).isEqualTo(SLOT);
    }

    @Test
    void aMarkerThatOutlivedItsInboxRowsChangesNothing() {
        send();
        MysqlFixture.execute(
                MysqlFixture.settings(server, here()),
                "INSERT INTO im_fanout (conversation_id, seq) SELECT conversation_id, seq FROM im_message");
        Appended.Stored third = send();
        assertThat(third.fanOut()).isEqualTo(Appended.FanOut.BY_MARKER);
        assertThat(third.positions()).isEmpty();

        List<Marker> open = node.ports().fanOut().open("worker", 10, NOW);
        List<Written> written =
                node.ports().fanOut().advance(open, "worker", 100, NOW, 1_000).written();

        assertThat(written).extracting(one -> one.positions().size()).containsExactly(0, 0, 2);
        assertThat(written).allMatch(Written::done);
        assertThat(node.ports().fanOut().open("worker", 10, NOW)).isEmpty();
        assertAllThere();
        assertThat(send().fanOut()).isEqualTo(Appended.FanOut.INLINE);
    }

    @Test
    void aRecipientWhoHasLeftTheDatabaseOfTheConversationIsFound() {
        int slot = Slots.ofUser("alice");
        assertThat(slot).as("where the conversation is").isLessThan(512);
        assertThat(SLOT).isLessThan(512);
        try (SlotMover mover = mover(60_000, step -> {})) {
            mover.move(slot, slot, "two");
        }
        send();
        assertAllThere();
        try (SlotMover mover = mover(60_000, step -> {})) {
            mover.move(slot, slot, "one");
        }
        send();
        assertAllThere();
    }

    @Test
    void aNodeWithAnOldMapFindsWhatHasMoved() {
        try (SlotMover mover = mover(60_000, step -> {})) {
            mover.move(0, 1023, other());
            assertThat(mover.plan()).contains(other() + ": 0-1023");
        }
        send();
        assertAllThere();
        for (String table : List.of("im_message", "im_inbox", "im_mark", "im_inbox_head", "im_conversation")) {
            String id = table.equals("im_inbox_head") ? " WHERE user_id > 0" : "";
            assertThat(count(here(), "SELECT COUNT(*) FROM " + table + id))
                    .as(table)
                    .isZero();
        }
    }

    @Test
    void whereverAMoverDiesSendingGoesOnAndTheNextOneFinishes() {
        for (Step step : Step.values()) {
            try (SlotMover dying =
                    mover(step == Step.COPY_REST || step == Step.SWITCH ? 700 : 60_000, dyingBefore(step))) {
                assertThatThrownBy(() -> dying.move(SLOT, SLOT, other())).isInstanceOf(IllegalStateException.class);
            }
            send();
            assertAllThere();
        }
        try (SlotMover last = mover(60_000, now -> {})) {
            last.move(SLOT, SLOT, other());
        }
        send();
        assertAllThere();
    }

    @Test
    void aMoverThatWakesAfterAnotherHasMovedTheSlotDoesNoHarm() {
        try (SlotMover late = mover(1, step -> {
            if (step == Step.COPY_REST) {
                try (SlotMover fast = mover(60_000, now -> {})) {
                    fast.move(SLOT, SLOT, other());
                }
                send();
            }
        })) {
            assertThatThrownBy(() -> late.move(SLOT, SLOT, other())).isInstanceOf(StorageException.class);
        }
        send();
        assertAllThere();
    }

    @Test
    void whatTakesTooLongIsGivenUpAndTheSlotServesOn() {
        try (SlotMover slow = mover(1, now -> {})) {
            assertThatThrownBy(() -> slow.move(SLOT, SLOT, other()))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("within 1 ms");
        }
        send();
        assertAllThere();
    }

    @Test
    void databasesThatDoNotBelongTogetherAreRefused() {
        assertRefused(settings(TWO, ONE), "configured as one is two");
        assertRefused(settings(ONE), "slots 512-1023 are in none");
        assertRefused(settings(ONE, ONE), "configured as two is one");
        open(settings(THREE)).close();
        MysqlFixture.execute(
                MysqlFixture.settings(server, THREE),
                "DELETE FROM im_shard",
                "DELETE FROM im_slot",
                "INSERT INTO im_user (id, uid) VALUES (1, 'carol')");
        assertRefused(settings(ONE, TWO, THREE), "is new here and has data already");
    }

    private static void assertRefused(ShardedSettings settings, String why) {
        assertThatThrownBy(() -> open(settings).close())
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("storage.mysql.databases")
                .hasMessageContaining(why);
    }

    @Test
    void aNewDatabaseHasNothingUntilSlotsAreMovedToIt() {
        node.close();
        node = open(settings(ONE, TWO, THREE));
        assertThat(node.counters().gauges())
                .containsEntry("slots{database=\"three\"}", 0L)
                .containsEntry("slots{database=\"one\"}", 512L);
        List<Shard> shards = ShardedStorage.connect(
                settings(ONE, TWO, THREE), System::nanoTime, new StorageCounters(), ProcessStall.never());
        try (SlotMover mover = new SlotMover(new Shards(shards, System::nanoTime), 60_000, now -> {})) {
            mover.move(SLOT, SLOT, "three");
            assertThatThrownBy(() -> mover.move(SLOT, SLOT, "four")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> mover.move(5, 1024, "two")).isInstanceOf(IllegalArgumentException.class);
        }
        send();
        assertAllThere();
        assertThat(count(THREE, "SELECT COUNT(*) FROM im_message")).isEqualTo(2);
    }

    @Test
    void whatIsTrimmedWhileASlotMovesStaysTrimmed() {
        for (int i = 0; i < 5; i++) {
            send();
        }
        try (SlotMover mover = mover(60_000, step -> {
            if (step == Step.FREEZE) {
                assertThat(node.ports().trimmer().trim(0, 0, 2, 100).trimmed()).isEqualTo(8);
            }
        })) {
            int slot = Slots.ofUser("alice");
            mover.move(slot, slot, slot < Slots.COUNT / 2 ? "two" : "one");
        }
        assertThat(node.ports().inbox().read("alice", 0, 100, 1_000_000).entries())
                .extracting(Entry::seq)
                .containsExactly(5L, 6L);
        assertThat(node.ports().inbox().read("alice", 0, 100, 1_000_000).oldestSeq())
                .isEqualTo(5);
    }

    @Test
    void nodesThatStartAtOnceShareTheSlotsOnce() throws Exception {
        ShardedFixture.drop(server, THREE, "shards_four");
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<ShardedStorage>> both = List.of(
                    threads.submit(() -> open(settings(THREE, "shards_four"))),
                    threads.submit(() -> open(settings(THREE, "shards_four"))));
            for (Future<ShardedStorage> one : both) {
                try (ShardedStorage storage = one.get()) {
                    assertThat(storage.counters().gauges())
                            .containsEntry("slots{database=\"one\"}", 512L)
                            .containsEntry("slots{database=\"two\"}", 512L);
                }
            }
        } finally {
            threads.shutdownNow();
            ShardedFixture.drop(server, "shards_four");
        }
    }

    @Test
    void aListOfOneDatabaseIsAllowedAndCanGrow() {
        Map<String, MysqlSettings> databases = new LinkedHashMap<>();
        databases.put("alone", MysqlFixture.settings(server, THREE));
        try (ShardedStorage alone = open(new ShardedSettings(databases))) {
            alone.ports().users().ensure("carol");
            assertThat(alone.counters().gauges()).containsEntry("slots{database=\"alone\"}", 1024L);
        }
    }
}
