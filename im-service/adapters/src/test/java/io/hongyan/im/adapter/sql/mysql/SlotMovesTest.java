package io.hongyan.im.adapter.sql.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hongyan.im.adapter.sql.StorageCounters;
import io.hongyan.im.adapter.sql.mysql.SlotMover.Step;
import io.hongyan.im.core.cluster.ProcessStall;
import io.hongyan.im.core.feed.Feed;
import io.hongyan.im.core.feed.FeedPosition;
import io.hongyan.im.core.group.GroupChange.Created;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.session.UserStanding;
import io.hongyan.im.core.session.UserStanding.State;
import io.hongyan.starters.MariaDb;
import io.hongyan.starters.SqlServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a slot has, it has after a move too, whatever else went on meanwhile; and nodes see all of it at any moment. */
@Tag("servers")
@Timeout(180)
class SlotMovesTest {
    private static final long NOW = 1_800_000_000_000L;
    private static final String ONE = "moves_one";
    private static final String TWO = "moves_two";

    /** Of database one, by the first plan. */
    private static final Conversation GROUP = groupOfOne();

    private static final int SLOT = Slots.of(GROUP);

    private final SqlServer server = MariaDb.shared();
    private ShardedStorage node;
    private int sent;

    private static Conversation groupOfOne() {
        int number = 1;
        while (Slots.of(Conversation.group("g" + number)) >= Slots.COUNT / 2) {
            number++;
        }
        return Conversation.group("g" + number);
    }

    @BeforeEach
    void openNode() {
        ShardedFixture.drop(server, ONE, TWO);
        // Large from the third member on.
        node = ShardedFixture.open(
                ShardedFixture.settings(server, ONE, TWO), new GroupLimits(100, 50, 50, 2, 3, 500, 64, 2_000));
        List.of("alice", "bob", "carol", "dave").forEach(node.ports().users()::ensure);
        Created created = new Created("alice", "name", false, 0, List.of("bob", "carol", "dave"));
        append(new Draft(GROUP, "alice", "android:phone", "creation", new byte[0], created));
        send();
    }

    @AfterEach
    void closeNode() {
        node.close();
    }

    private void append(Draft draft) {
        assertThat(node.ports().log().append(List.of(draft), NOW).get(0)).isInstanceOf(Appended.Stored.class);
        sent++;
    }

    private void send() {
        append(new Draft(GROUP, "alice", "android:phone", "m" + sent, new byte[] {1}));
    }

    private void execute(String database, String... statements) {
        MysqlFixture.execute(MysqlFixture.settings(server, database), statements);
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

    private SlotMover mover(LongSupplier nanoTime, Consumer<Step> before) {
        return mover(60_000, nanoTime, before);
    }

    private SlotMover mover(long frozenMillisMax, LongSupplier nanoTime, Consumer<Step> before) {
        List<Shard> shards = ShardedStorage.connect(
                ShardedFixture.settings(server, ONE, TWO), nanoTime, new StorageCounters(), ProcessStall.never());
        return new SlotMover(new Shards(shards, nanoTime), frozenMillisMax, before);
    }

    private void move(int from, int to, String database, Consumer<Step> before) {
        try (SlotMover mover = mover(System::nanoTime, before)) {
            mover.move(from, to, database);
        }
    }

    private static Consumer<Step> at(Step wanted, Runnable work) {
        return step -> {
            if (step == wanted) {
                work.run();
            }
        };
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void assertAllThere() {
        assertThat(node.ports().history().head(GROUP)).isEqualTo(sent);
        assertThat(node.ports().history().read(GROUP, 0, sent + 1, false, 100, 1_000_000))
                .hasSize(sent);
    }

    @Test
    void aMoverThatFellAsleepWhileItBeganTakesNothingFromTheOneThatGoesOn() throws Exception {
        CountDownLatch lateIsOver = new CountDownLatch(1);
        CountDownLatch copied = new CountDownLatch(1);
        List<CompletableFuture<Void>> fast = new ArrayList<>();
        Runnable sleep = () -> {
            fast.add(CompletableFuture.runAsync(() -> move(SLOT, SLOT, "two", at(Step.SWITCH, () -> {
                copied.countDown();
                awaitLatch(lateIsOver);
            }))));
            awaitLatch(copied);
        };

        assertThatThrownBy(() -> move(SLOT, SLOT, "two", at(Step.CLAIM, sleep))).isInstanceOf(StorageException.class);
        lateIsOver.countDown();
        fast.get(0).get(60, TimeUnit.SECONDS);

        assertThat(count(TWO, "SELECT COUNT(*) FROM im_message WHERE conversation_id >> 53 = " + SLOT))
                .isEqualTo(sent);
        send();
        assertAllThere();
    }

    @Test
    void nothingIsDeletedBeforeTheSlotIsOpenElsewhere() {
        Runnable steal = () -> execute(TWO, "UPDATE im_slot SET mover = 'thief' WHERE slot = " + SLOT);
        assertThatThrownBy(() -> move(SLOT, SLOT, "two", at(Step.OPEN, steal)))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("is not open in two");
        assertThat(count(ONE, "SELECT COUNT(*) FROM im_message")).isEqualTo(sent);
    }

    @Test
    void howAUserStandsGoesAlongWithTheSlot() {
        UserStanding standing = new UserStanding(State.DISABLED, 70, Map.of("ios:pad", 80L));
        node.ports().users().change("bob", before -> standing, NOW);
        moveAll(true);
        assertThat(node.ports().users().standing("bob")).contains(standing);
        assertThat(node.ports().users().changedSince(NOW, 10)).contains("bob");
        node.ports().users().change("bob", before -> before.with(State.ACTIVE), NOW + 1);
        moveAll(false);
        assertThat(node.ports().users().ensure("bob").state()).isEqualTo(State.ACTIVE);
    }

    @Test
    void whoReadsWholeTablesWithAnOldMapMissesNobody() {
        execute(
                ONE,
                "INSERT IGNORE INTO im_fanout (conversation_id, seq) SELECT conversation_id, MAX(seq)"
                        + " FROM im_message GROUP BY conversation_id");
        append(new Draft(Conversation.direct("alice", "bob"), "alice", "android:phone", "direct", new byte[] {1}));
        // Not known to the node, which has them where they were.
        moveAll(true);
        assertThat(node.ports().pushes().users(0, 100).uids())
                .containsExactlyInAnyOrder("alice", "bob", "carol", "dave");
        moveAll(false);
        node.tasks().forEach(task -> task.work().run());
        moveAll(true);
        assertThat(node.ports().groups().groupsOf("bob", "", false, 100)).hasSize(1);
        moveAll(false);
        node.tasks().forEach(task -> task.work().run());
        moveAll(true);
        assertThat(node.ports().fanOut().open("worker", 10, NOW)).hasSize(1);
        assertThat(node.ports()
                        .conversations()
                        .list("bob", 0, null, 10, Integer.MAX_VALUE)
                        .items())
                .hasSize(1);
    }

    private void moveAll(boolean away) {
        Set<Integer> slots = new TreeSet<>(Set.of(SLOT));
        List.of("alice", "bob", "carol", "dave").forEach(uid -> slots.add(Slots.ofUser(uid)));
        slots.forEach(slot -> move(slot, slot, away == slot < Slots.COUNT / 2 ? "two" : "one", step -> {}));
    }

    @Test
    void whoTurnsThePagesOfAllUsersIsNotStoppedByLeftoversOfAMove() {
        // Of slot 0, which is not there.
        execute(
                TWO,
                "INSERT INTO im_user (id, uid) VALUES (1, 'left1'), (2, 'left2'), (3, 'left3')",
                "INSERT INTO im_inbox_head (user_id) VALUES (1), (2), (3)");
        assertThat(node.ports().pushes().users(0, 3).uids()).hasSize(3);
    }

    @Test
    void aMapIsReadAgainFromTimeToTime() {
        move(SLOT, SLOT, "two", step -> {});
        assertThat(node.counters().gauges()).containsEntry("slots{database=\"two\"}", 512L);
        node.tasks().forEach(task -> task.work().run());
        assertThat(node.counters().gauges())
                .containsEntry("slots{database=\"two\"}", 513L)
                .containsEntry("slot_searches_total", 0L);
    }

    @Test
    void theFeedKeepsItsOrderWhileALargeSlotIsDeleted() throws Exception {
        Runnable sequencer = node.tasks().get(0).work();
        sequencer.run();
        int rows = 2_500;
        long conversation = count(ONE, "SELECT MAX(id) FROM im_conversation");
        execute(ONE, SlotData.insert("im_feed (conversation_id, seq)", rows, i -> conversation + "," + (100 + i)));
        try (Connection other = connect(ONE);
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            // The deletion stands still at the row that is locked, with some of its pages done.
            long row = count(ONE, "SELECT id FROM im_feed WHERE seq = 1300");
            Runnable lock = () -> query(statement, "SELECT id FROM im_feed WHERE id = " + row + " FOR UPDATE");
            CompletableFuture<Void> moving =
                    CompletableFuture.runAsync(() -> move(SLOT, SLOT, "two", at(Step.DELETE, lock)));
            await().atMost(Duration.ofSeconds(60)).until(() -> count(ONE, "SELECT COUNT(*) FROM im_feed") < rows);
            CompletableFuture<Void> numbering = CompletableFuture.runAsync(sequencer);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> count(ONE, "SELECT COUNT(*) FROM im_shard_feed WHERE seq >= 100") > 0);
            other.rollback();
            numbering.get(60, TimeUnit.SECONDS);
            moving.get(60, TimeUnit.SECONDS);
        }
        assertThat(count(ONE, "SELECT COUNT(*) FROM im_shard_feed WHERE seq >= 100"))
                .isEqualTo(rows);
        assertThat(count(
                        ONE,
                        "SELECT COUNT(*) FROM (SELECT seq - LAG(seq) OVER (ORDER BY feed_seq) AS step"
                                + " FROM im_shard_feed WHERE conversation_id = " + conversation + ") s WHERE step < 0"))
                .isZero();
    }

    @Test
    void aSendersNumberThatIsNotedAfterTheCopyIsCopiedToo() {
        execute(
                ONE,
                "INSERT IGNORE INTO im_fanout (conversation_id, seq) SELECT conversation_id, seq FROM im_message",
                "UPDATE im_message SET sender_inbox_seq = 0");
        Runnable note =
                () -> execute(ONE, "UPDATE im_message SET sender_inbox_seq = 7 WHERE seq = 2", "DELETE FROM im_fanout");
        move(SLOT, SLOT, "two", at(Step.FREEZE, note));
        assertThat(count(TWO, "SELECT sender_inbox_seq FROM im_message WHERE seq = 2"))
                .isEqualTo(7);
    }

    @Test
    void mostOfALargeSlotIsCopiedBeforeItIsFrozen() {
        int size = 20_000;
        SlotData data = new SlotData(server, SLOT);
        data.fill(ONE, size);
        List<Long> sums = new ArrayList<>();
        Consumer<Step> before = step -> {
            if (step == Step.FREEZE) {
                data.change(ONE);
            } else if (step == Step.COPY_REST) {
                for (String table : List.of("im_mark", "im_message", "im_group_member", "im_device", "im_inbox")) {
                    assertThat(count(TWO, "SELECT COUNT(*) FROM " + table))
                            .as(table)
                            .isGreaterThanOrEqualTo(size);
                }
            } else if (step == Step.OPEN) {
                sums.addAll(data.sums(ONE));
            }
        };
        try (SlotMover patient = mover(60_000, System::nanoTime, before)) {
            patient.move(SLOT, SLOT, "two");
        }
        assertThat(data.sums(TWO)).isEqualTo(sums);
        assertThat(count(TWO, "SELECT COUNT(*) FROM im_group_cursor")).isEqualTo(1);
    }

    @Test
    void endsOfFreezesAreNotTheTimeOfAPlace() {
        execute(ONE, "SET GLOBAL time_zone = '+05:00'");
        try {
            move(
                    SLOT,
                    SLOT,
                    "two",
                    at(
                            Step.SWITCH,
                            () -> assertThat(count(
                                            ONE,
                                            "SELECT ABS(TIMESTAMPDIFF(SECOND, frozen_until, UTC_TIMESTAMP())) FROM im_slot"
                                                    + " WHERE slot = " + SLOT))
                                    .isLessThan(120)));
        } finally {
            execute(ONE, "SET GLOBAL time_zone = 'SYSTEM'");
        }
        assertAllThere();
    }

    @Test
    void aFreezeThatIsOverByTheClockOfTheMoverIsOver() {
        AtomicLong slept = new AtomicLong();
        try (SlotMover mover = mover(
                5_000, () -> System.nanoTime() + slept.get(), at(Step.SWITCH, () -> slept.addAndGet(6_000_000_000L)))) {
            assertThatThrownBy(() -> mover.move(SLOT, SLOT, "two"))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("within 5000 ms");
        }
        send();
        assertAllThere();
    }

    @Test
    void aNodeThatStartsWhileASlotMovesLooksAgain() throws Exception {
        int empty = Slots.COUNT / 2 + 1;
        try (Connection other = connect(TWO);
                Statement statement = other.createStatement()) {
            statement.execute("LOCK TABLES im_slot WRITE");
            // It has seen the slots of one, and waits for those of two, while a slot goes from two to one and back.
            execute(ONE, "INSERT INTO im_slot (slot, state) VALUES (" + empty + ", 0)");
            CompletableFuture<Void> starting = CompletableFuture.runAsync(
                    () -> ShardedFixture.open(ShardedFixture.settings(server, ONE, TWO), GroupLimits.DEFAULT)
                            .close());
            awaitBlocked(TWO);
            execute(ONE, "DELETE FROM im_slot WHERE slot = " + empty);
            statement.execute("UNLOCK TABLES");
            starting.get(60, TimeUnit.SECONDS);
        }
        assertThat(count(TWO, "SELECT COUNT(*) FROM im_slot WHERE slot = " + empty))
                .isEqualTo(1);
    }

    @Test
    void aPageOfTheFeedNeedsOneConnectionAtATime() {
        MysqlSettings all = MysqlFixture.settings(server, ONE);
        MysqlSettings narrow =
                new MysqlSettings(all.url(), all.user(), all.password(), 2, 1, 1_000, 5_000, 15_000, 3, 5, 1_000, true);
        Map<String, MysqlSettings> databases = new LinkedHashMap<>();
        databases.put("one", narrow);
        databases.put("two", MysqlFixture.settings(server, TWO));
        BitSet partitions = new BitSet();
        partitions.set(0, 16);
        try (ShardedStorage second = ShardedFixture.open(new ShardedSettings(databases), GroupLimits.DEFAULT)) {
            Feed feed = second.ports().feed().feed();
            assertThat(feed.read(FeedPosition.START, FeedPosition.END, partitions, 100, 1_000_000)
                            .events())
                    .hasSize(sent);
            assertThat(feed.lag(FeedPosition.START)).isEqualTo(new Feed.Lag(sent, NOW));
        }
    }

    @Test
    void theFeedsOrderIsNotHeldWhileAnotherDatabaseIsAsked() throws Exception {
        try (Connection other = connect(TWO);
                Statement statement = other.createStatement();
                Connection home = connect(ONE);
                Statement locking = home.createStatement()) {
            statement.execute("LOCK TABLES im_feed WRITE");
            CompletableFuture<Void> numbering =
                    CompletableFuture.runAsync(node.tasks().get(0).work());
            awaitBlocked(TWO);
            home.setAutoCommit(false);
            locking.execute("SET SESSION innodb_lock_wait_timeout = 1");
            query(locking, "SELECT last_message FROM im_feed_sequence WHERE id = 1 FOR UPDATE");
            home.rollback();
            statement.execute("UNLOCK TABLES");
            numbering.get(60, TimeUnit.SECONDS);
        }
        assertThat(count(ONE, "SELECT COUNT(*) FROM im_shard_feed")).isEqualTo(sent);
    }

    @Test
    void howOftenSlotsWereSearchedIsToldWhileTheyAre() throws Exception {
        try (Shards shards = new Shards(
                ShardedStorage.connect(
                        ShardedFixture.settings(server, ONE, TWO),
                        System::nanoTime,
                        new StorageCounters(),
                        ProcessStall.never()),
                System::nanoTime)) {
            synchronized (shards) {
                assertThat(CompletableFuture.supplyAsync(shards::searches).get(60, TimeUnit.SECONDS))
                        .isZero();
            }
        }
    }

    private Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(server.jdbcUrl(database), server.user(), server.password());
    }

    private static void query(Statement statement, String sql) {
        try {
            statement.executeQuery(sql).close();
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    private void awaitBlocked(String database) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> count(
                                ONE,
                                "SELECT COUNT(*) FROM information_schema.processlist WHERE db = '" + database
                                        + "' AND state LIKE '%metadata lock%'")
                        > 0);
    }
}
