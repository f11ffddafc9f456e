package io.hongyan.im.adapter.sql.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hongyan.im.adapter.sql.StorageCounters;
import io.hongyan.im.core.cluster.ProcessStall;
import io.hongyan.im.core.group.GroupChange.Created;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.hint.Hints.Claim;
import io.hongyan.im.core.hint.Hints.Facts;
import io.hongyan.im.core.hint.Hints.Question;
import io.hongyan.im.core.hint.Hints.Undelivered;
import io.hongyan.im.core.hint.Hints.Won;
import io.hongyan.im.core.inbox.Device;
import io.hongyan.im.core.inbox.Devices.CursorMove;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.Inbox;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.receipt.Marks.Mark;
import io.hongyan.im.core.receipt.Marks.ReadEvents;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Appended.InboxPosition;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.send.FanOutLog;
import io.hongyan.im.core.send.FanOutLog.Marker;
import io.hongyan.im.core.send.FanOutLog.Written;
import io.hongyan.starters.MariaDb;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * One of two servers is killed: only what concerns it fails, and when it is back, what waited for it comes and nothing
 * fails any more.
 */
@Tag("servers")
@Timeout(180)
class ShardAwayTest {
    private static final long NOW = 1_800_000_000_000L;

    private static String user(Predicate<String> wanted) {
        return IntStream.range(0, 10_000)
                .mapToObj(i -> "u" + i)
                .filter(wanted)
                .findFirst()
                .orElseThrow();
    }

    private static boolean inOne(String uid) {
        return Slots.ofUser(uid) < 512;
    }

    private static boolean inOne(Conversation conversation) {
        return Slots.of(conversation) < 512;
    }

    private static Draft draft(String from, String to, String id) {
        return new Draft(Conversation.direct(from, to), from, "android:phone", id, new byte[] {1});
    }

    @Test
    void whatConcernsTheOtherDatabaseGoesOn() {
        withTwoServers(ShardAwayTest::goOn);
    }

    @Test
    void membersWhoCanBeReachedHaveAllEntriesAndTheOthersWhenTheirDatabaseIsBack() {
        withTwoServers(ShardAwayTest::entriesOfAGroup);
    }

    @Test
    void whatIsWrittenAndAskedForManyIsWrittenAndAnsweredForTheOthers() {
        withTwoServers(ShardAwayTest::readEvents);
    }

    private static void withTwoServers(BiConsumer<ShardedStorage, MariaDb> test) {
        try (MariaDb second = MariaDb.started()) {
            ShardedFixture.drop(MariaDb.shared(), "away_one");
            Map<String, MysqlSettings> databases = new LinkedHashMap<>();
            databases.put("one", impatient(MariaDb.shared(), "away_one", 2_000));
            databases.put("two", impatient(second, "away_two", 2_000));
            try (ShardedStorage storage = ShardedFixture.open(new ShardedSettings(databases), GroupLimits.DEFAULT)) {
                test.accept(storage, second);
            }
        }
    }

    /** Waits for a connection for less time than a pool pauses for that could not connect. */
    private static MysqlSettings impatient(MariaDb server, String database, long waitMillis) {
        return new MysqlSettings(
                server.jdbcUrl(database),
                server.user(),
                server.password(),
                4,
                4,
                waitMillis,
                5_000,
                15_000,
                3,
                5,
                1_000,
                true);
    }

    private static void kill(ShardedStorage storage, MariaDb second, String askedFor) {
        second.kill();
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            try {
                storage.ports().inbox().head(askedFor);
            } catch (StorageException away) {
                // Wanted.
            }
            return storage.counters().gauges().get("away{database=\"two\"}") == 1;
        });
    }

    private static void startAgain(ShardedStorage storage, MariaDb second) {
        second.start();
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            storage.tasks().get(1).work().run();
            return storage.counters().gauges().get("away{database=\"two\"}") == 0;
        });
    }

    private static void entriesOfAGroup(ShardedStorage storage, MariaDb second) {
        String here = user(ShardAwayTest::inOne);
        String near = user(uid -> inOne(uid) && !uid.equals(here));
        String far = user(uid -> !inOne(uid));
        List.of(here, near, far).forEach(storage.ports().users()::ensure);
        Conversation group = Conversation.group(user(id -> inOne(Conversation.group(id))));
        append(
                storage,
                new Draft(
                        group,
                        here,
                        "android:phone",
                        "creation",
                        new byte[0],
                        new Created(here, "name", false, 0, List.of(near, far))));

        kill(storage, second, far);
        for (int i = 1; i <= 10; i++) {
            assertThat(append(storage, inGroup(group, here, i)).get(0)).isInstanceOf(Appended.Stored.class);
        }
        List<Written> written = new ArrayList<>();
        fanOut(storage, NOW, written);
        assertThat(storage.ports().inbox().head(near)).isEqualTo(11);
        assertThat(written).as("the markers stay").noneMatch(Written::done);
        assertThat(written.stream()
                        .filter(Written::reached)
                        .map(one -> one.message().seq()))
                .as("but nobody has to wait for them")
                .contains(3L, 11L);
        append(storage, inGroup(group, here, 11));
        fanOut(storage, NOW + 500, new ArrayList<>());
        assertThat(storage.ports().inbox().head(near)).isEqualTo(12);
        assertThat(storage.ports().fanOut().isOpen(group, 12)).isTrue();
        assertThat(storage.ports().fanOut().holdsUp(group, 12)).isFalse();

        startAgain(storage, second);
        append(storage, inGroup(group, here, 12));
        List<Written> caughtUp = catchUp(storage, group, 13);
        assertThat(caughtUp.stream().flatMap(one -> one.positions().stream()))
                .filteredOn(position -> position.uid().equals(near))
                .hasSize(1);
        for (String uid : List.of(here, near, far)) {
            assertThat(storage.ports().inbox().read(uid, 0, 100, 1_000_000).entries())
                    .extracting(entry -> ((Entry.OfMessage) entry).message().seq())
                    .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L, 13L);
        }
    }

    private static Draft inGroup(Conversation group, String from, int id) {
        return new Draft(group, from, "android:phone", "m" + id, new byte[] {1});
    }

    /** As far as it goes now, one or two entries in each step. */
    private static void fanOut(ShardedStorage storage, long now, List<Written> written) {
        FanOutLog log = storage.ports().fanOut();
        List<Marker> open = log.open("worker", 10, now);
        for (int step = 0; !open.isEmpty(); step++) {
            assertThat(step).as("steps come to an end").isLessThan(60);
            written.addAll(log.advance(open, "worker", 4, now, 1_000).written());
            open = log.open("worker", 10, now);
        }
    }

    /** Round after round, each above the pause after a failure later, until all entries up to this one have come. */
    private static List<Written> catchUp(ShardedStorage storage, Conversation conversation, long seq) {
        List<Written> written = new ArrayList<>();
        AtomicLong now = new AtomicLong(NOW);
        await().atMost(Duration.ofSeconds(60))
                .ignoreException(StorageException.class)
                .until(() -> {
                    fanOut(storage, now.addAndGet(5_000), written);
                    return !storage.ports().fanOut().isOpen(conversation, seq);
                });
        return written;
    }

    private static void readEvents(ShardedStorage storage, MariaDb second) {
        String here = user(ShardAwayTest::inOne);
        String far = user(uid -> !inOne(uid) && inOne(Conversation.direct(here, uid)));
        List.of(here, far).forEach(storage.ports().users()::ensure);
        append(storage, draft(here, far, "a1"));
        Mark mine = new Mark(here, Conversation.direct(here, far), 1, 1, 1);
        Mark others = new Mark(far, Conversation.direct(here, far), 1, 1, 1);
        kill(storage, second, far);

        ReadEvents first = storage.ports().marks().appendReadEvents(List.of(others, mine));
        assertThat(first.positions()).containsExactly(new InboxPosition(here, 2));
        assertThat(first.left().items()).containsExactly(others);
        assertThat(first.left().why()).isInstanceOf(StorageException.class);
        assertThat(storage.ports().marks().raise(List.of(mine, others)).items()).containsExactly(others);
        String there = user(uid -> inOne(uid) && !uid.equals(here));
        othersGoOn(storage, here, far, there);
        startAgain(storage, second);

        assertThat(storage.ports().marks().appendReadEvents(List.of(others)))
                .isEqualTo(new ReadEvents(List.of(new InboxPosition(far, 2))));
        assertThat(storage.ports().inbox().head(here)).isEqualTo(2);
    }

    private static void goOn(ShardedStorage storage, MariaDb second) {
        String here = user(ShardAwayTest::inOne);
        String near = user(uid -> inOne(uid) && !uid.equals(here) && inOne(Conversation.direct(here, uid)));
        String far = user(uid -> !inOne(uid) && !inOne(Conversation.direct(here, uid)));
        String between = user(uid -> !inOne(uid) && inOne(Conversation.direct(here, uid)));
        List.of(here, near, far, between).forEach(storage.ports().users()::ensure);
        append(storage, draft(here, near, "a1"), draft(here, far, "a2"), draft(here, between, "a3"));

        kill(storage, second, far);
        List<Appended> results =
                append(storage, draft(here, near, "b1"), draft(here, far, "b2"), draft(here, between, "b3"));

        assertThat(results.get(0)).isInstanceOf(Appended.Stored.class);
        assertThat(results.get(1)).isInstanceOf(Appended.NotStored.class);
        Appended.Stored left = (Appended.Stored) results.get(2);
        assertThat(left.fanOut()).isEqualTo(Appended.FanOut.BY_MARKER);
        assertThat(left.positions()).extracting(InboxPosition::uid).containsExactly(here);
        assertThat(storage.ports().inbox().head(near)).isEqualTo(2);
        List<Marker> open = storage.ports().fanOut().open("worker", 10, NOW);
        assertThat(open).hasSize(1);
        assertThat(storage.ports()
                        .fanOut()
                        .advance(open, "worker", 10, NOW, 1_000)
                        .written())
                .allMatch(one -> one.positions().isEmpty() && !one.done());

        startAgain(storage, second);
        assertThat(storage.ports().inbox().head(far)).as("read").isEqualTo(1);
        assertThat(append(storage, draft(here, far, "b2")))
                .as("written")
                .hasExactlyElementsOfTypes(Appended.Stored.class);
        catchUp(storage, Conversation.direct(here, between), 2);
        assertThat(storage.ports().inbox().head(between)).isEqualTo(2);
        assertThat(storage.ports().fanOut().open("worker", 10, NOW + 1_000_000)).isEmpty();
    }

    private static void othersGoOn(ShardedStorage storage, String here, String far, String nobody) {
        assertThat(storage.ports().inbox().heads(List.of(far, here, nobody))).containsExactly(Inbox.UNKNOWN, 2L, 0L);
        CursorMove mine = new CursorMove(new DeviceKey(here, "web:x"), 1);
        CursorMove others = new CursorMove(new DeviceKey(far, "web:x"), 1);
        storage.ports().devices().register(mine.key(), 8, NOW);
        assertThat(storage.ports()
                        .devices()
                        .moveCursors(List.of(others, mine), NOW)
                        .items())
                .containsExactly(others);
        assertThat(storage.ports().devices().find(mine.key()))
                .map(Device::cursor)
                .hasValue(1L);

        Facts facts = storage.ports().hints().undelivered(List.of(new Question(far, 0), new Question(here, 0)), 10);
        assertThat(facts.undelivered()).extracting(Undelivered::uid).containsExactly(here);
        assertThat(facts.left().items()).containsExactly(far);
        Won won = storage.ports().hints().claim(List.of(new Claim(far, 1), new Claim(here, 2)));
        assertThat(won.uids()).containsExactly(here);
        assertThat(won.left().items()).containsExactly(far);
    }

    @Test
    void anInboxIsReadAsFarAsTheEntriesOfTheOther() {
        withTwoServers((storage, second) -> {
            String here = user(ShardAwayTest::inOne);
            String near = user(uid -> inOne(uid) && !uid.equals(here) && inOne(Conversation.direct(here, uid)));
            String over = user(uid -> inOne(uid) && !uid.equals(here) && !inOne(Conversation.direct(here, uid)));
            List.of(here, near, over).forEach(storage.ports().users()::ensure);
            append(storage, draft(near, here, "a1"));
            append(storage, draft(over, here, "a2"));
            append(storage, draft(near, here, "a3"));
            kill(storage, second, user(uid -> !inOne(uid)));

            assertThat(storage.ports().inbox().read(here, 0, 10, 1_000_000).entries())
                    .extracting(Entry::seq)
                    .containsExactly(1L);
            assertThatThrownBy(() -> storage.ports().inbox().read(here, 1, 10, 1_000_000))
                    .isInstanceOf(StorageException.class);
            assertThat(storage.ports()
                            .hints()
                            .undelivered(List.of(new Question(here, 0)), 10)
                            .left()
                            .items())
                    .as("how many and what they are is not known")
                    .containsExactly(here);
        });
    }

    @Test
    void whoHasLeftADatabaseIsServedThoughNobodyKnewItWhenTheDatabaseWentAway() {
        try (MariaDb second = MariaDb.started()) {
            ShardedFixture.drop(MariaDb.shared(), "left_one");
            Map<String, MysqlSettings> databases = new LinkedHashMap<>();
            databases.put("one", MysqlFixture.settings(MariaDb.shared(), "left_one"));
            databases.put("two", MysqlFixture.settings(second, "left_two"));
            ShardedSettings settings = new ShardedSettings(databases);
            String uid = user(name -> !inOne(name));
            try (ShardedStorage storage = ShardedFixture.open(settings, GroupLimits.DEFAULT)) {
                storage.ports().users().ensure(uid);
                try (SlotMover mover = SlotMover.open(settings, 60_000, System::nanoTime)) {
                    mover.move(Slots.ofUser(uid), Slots.ofUser(uid), "one");
                }
                second.kill();
                await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> {
                    storage.tasks().forEach(task -> task.work().run());
                    return storage.ports().inbox().head(uid) == 0;
                });
            }
        }
    }

    /** Asks the server: the driver knows the name itself. */
    private static String database(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT DATABASE()")) {
            rows.next();
            return rows.getString(1);
        }
    }

    @Test
    void whoComesFirstWhenADatabaseIsBackDoesNotWaitForAPoolThatPauses() throws Exception {
        ShardedFixture.drop(MariaDb.shared(), "back");
        try (LostAnswers network = new LostAnswers(MariaDb.shared().port(), false)) {
            MysqlSettings settings = impatient(MariaDb.shared(), "back", 500);
            String url = settings.url().replace(":" + MariaDb.shared().port() + "/", ":" + network.port() + "/");
            List<Shard> shards = ShardedStorage.connect(
                    MysqlFixture.alone(settings.at(url, settings.user(), settings.password(), true)),
                    System::nanoTime,
                    new StorageCounters(),
                    ProcessStall.never());
            try (Shards all = new Shards(shards, System::nanoTime)) {
                Shard shard = all.home();
                network.goAway();
                assertThatThrownBy(() -> Shards.readWholeOne(shard, ShardAwayTest::database))
                        .isInstanceOf(StorageException.class);
                assertThat(shard.isAway()).isTrue();
                // Each pause is twice as long as the one before, from 10 ms.
                await().atMost(Duration.ofSeconds(60)).until(() -> network.refused() >= 9);
                network.comeBack();
                await().atMost(Duration.ofSeconds(60)).until(() -> {
                    shard.look();
                    return !shard.isAway();
                });

                assertThat(Shards.readWholeOne(shard, ShardAwayTest::database)).isEqualTo("back");
                assertThat(shard.whole()
                                .<String>run(session -> session.connection().getCatalog()))
                        .isEqualTo("back");
            }
        }
    }

    @Test
    void aDatabaseThatTakesNoMoreConnectionsIsNotAway() throws Exception {
        try (MariaDb full = MariaDb.started()) {
            List<Shard> shards = ShardedStorage.connect(
                    ShardedFixture.settings(full, "full"),
                    System::nanoTime,
                    new StorageCounters(),
                    ProcessStall.never());
            List<Connection> held = new ArrayList<>();
            try (Shards all = new Shards(shards, System::nanoTime)) {
                MysqlFixture.execute(MysqlFixture.settings(full, "full"), "SET GLOBAL max_connections = 10");
                boolean isFull = false;
                while (!isFull) {
                    try {
                        held.add(DriverManager.getConnection(full.jdbcUrl("full"), full.user(), full.password()));
                    } catch (SQLException tooMany) {
                        isFull = true;
                    }
                }
                Shard shard = all.home();
                assertThatThrownBy(() -> shard.guarded(() -> {
                            throw new StorageException("broken", new SQLNonTransientConnectionException("broken"));
                        }))
                        .hasMessage("broken");
                assertThat(shard.isAway()).isFalse();
            } finally {
                for (Connection one : held) {
                    one.close();
                }
            }
        }
    }

    /** Gives nothing where all of it has failed. */
    private static List<Appended> append(ShardedStorage storage, Draft... drafts) {
        try {
            return storage.ports().log().append(List.of(drafts), NOW);
        } catch (StorageException trouble) {
            return List.of();
        }
    }
}
