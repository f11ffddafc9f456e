package io.hongyan.im.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hongyan.im.core.Storage;
import io.hongyan.im.core.feed.Feed;
import io.hongyan.im.core.feed.FeedBody.Reported;
import io.hongyan.im.core.feed.FeedPosition;
import io.hongyan.im.core.feed.Occurrence;
import io.hongyan.im.core.feed.Partitions;
import io.hongyan.im.core.group.GroupChange.Created;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.inbox.GroupCursors.GroupCursorMove;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.message.SystemUser;
import io.hongyan.im.core.push.Push;
import io.hongyan.im.core.push.PushCounts;
import io.hongyan.im.core.push.PushJob;
import io.hongyan.im.core.push.PushMode;
import io.hongyan.im.core.receipt.Marks.Mark;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.send.FanOutLog.Marker;
import io.hongyan.starters.MariaDb;
import io.hongyan.starters.SqlServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A database that was used without slots gets them at a start with a list, keeps all it has, and can be left by slots. */
@Tag("servers")
@Timeout(180)
class UnsplitDatabaseTest {
    private static final long NOW = 1_800_000_000_000L;
    private static final String ONE = "unsplit_one";
    private static final String TWO = "unsplit_two";
    private static final String DEVICE = "android:phone";
    private static final List<String> USERS =
            IntStream.range(0, 12).mapToObj(i -> "u" + i).toList();
    private static final Conversation PAIR = Conversation.direct("u0", "u1");
    private static final Conversation SMALL = Conversation.group("small");
    private static final Conversation BIG = Conversation.group("big");
    private static final Conversation LARGE = Conversation.group("large");
    private static final Conversation SYSTEM = Conversation.system("orders", "u2");
    private static final List<Conversation> ALL = List.of(PAIR, SMALL, BIG, LARGE, SYSTEM);

    /** Four recipients get an entry at once; above eight members a group is large. */
    private static final GroupLimits LIMITS = new GroupLimits(100, 50, 50, 4, 8, 500, 64, 2_000);

    private final SqlServer server = MariaDb.shared();
    private int sent;

    @BeforeEach
    void fill() {
        ShardedFixture.drop(server, ONE, TWO);
        try (MysqlStorage before = unsharded()) {
            Storage ports = before.ports();
            USERS.forEach(ports.users()::ensure);
            append(ports, new Draft(SMALL, "u0", DEVICE, "small", new byte[0], created("u0", 1, 3)));
            append(ports, new Draft(BIG, "u1", DEVICE, "big", new byte[0], created("u1", 2, 8)));
            append(ports, new Draft(LARGE, "u3", DEVICE, "large", new byte[0], created("u3", 4, 12)));
            fanOut(ports);
            ALL.forEach(conversation -> send(ports, conversation));
            fanOut(ports);
            before.tasks().get(0).work().run();
            marksAndDevices(ports);
            // What has no number in the feed yet, and a marker whose recipients are half served.
            ALL.forEach(conversation -> send(ports, conversation));
            List<Marker> open = ports.fanOut().open("worker", 10, NOW);
            ports.fanOut().advance(open, "worker", 3, NOW, 0);
        }
    }

    private static Created created(String owner, int from, int to) {
        return new Created(
                owner,
                "name",
                false,
                0,
                USERS.subList(from, to).stream()
                        .filter(uid -> !uid.equals(owner))
                        .toList());
    }

    private static void marksAndDevices(Storage ports) {
        ports.marks().raise(List.of(new Mark("u0", PAIR, 1, 1, 1), new Mark("u4", LARGE, 1, 0, 0)));
        ports.marks().appendReadEvents(List.of(new Mark("u1", SMALL, 1, 1, 1)));
        DeviceKey device = new DeviceKey("u4", DEVICE);
        ports.devices().register(device, 8, NOW);
        ports.groupCursors().move(List.of(new GroupCursorMove(device, "large", 1)));
        ports.feed().events().append(List.of(new Occurrence(NOW, new Reported("u1", DEVICE, "seen", new byte[] {1}))));
        ports.pushes().submit(new Push("p", "news", null, PushMode.STORE, new byte[] {1}), new byte[] {1}, NOW, 10);
        PushJob job = ports.pushes().take("worker", NOW, 1).orElseThrow();
        ports.pushes()
                .advance(
                        new PushJob(job.push(), 5, new PushCounts(5, 5, 0, 0, 0, List.of(), List.of())),
                        "worker",
                        NOW,
                        1);
        ports.pushes().release("worker");
    }

    private MysqlStorage unsharded() {
        return MysqlFixture.open(MysqlFixture.settings(server, ONE), LIMITS);
    }

    private ShardedStorage sharded(String... databases) {
        return ShardedFixture.open(ShardedFixture.settings(server, databases), LIMITS);
    }

    private static void append(Storage ports, Draft draft) {
        assertThat(ports.log().append(List.of(draft), NOW).get(0)).isInstanceOf(Appended.Stored.class);
    }

    private static Draft draft(Conversation conversation, String id) {
        String sender = conversation.equals(SYSTEM)
                ? SystemUser.UID
                : conversation.equals(LARGE) ? "u3" : conversation.equals(SMALL) ? "u0" : "u1";
        return new Draft(conversation, sender, DEVICE, id, new byte[] {1, 2});
    }

    private void send(Storage ports, Conversation conversation) {
        append(ports, draft(conversation, "m" + sent++));
    }

    private static void fanOut(Storage ports) {
        List<Marker> open = ports.fanOut().open("worker", 10, NOW);
        while (!open.isEmpty()) {
            ports.fanOut().advance(open, "worker", 3, NOW, 0);
            open = ports.fanOut().open("worker", 10, NOW);
        }
    }

    /** What clients and readers of the feed see. */
    private static Map<String, Object> seen(Storage ports) {
        Map<String, Object> seen = new TreeMap<>();
        for (String uid : USERS) {
            seen.put(
                    "inbox of " + uid,
                    ports.inbox().read(uid, 0, 1_000, 1_000_000).entries().stream()
                            .map(Object::toString)
                            .map(UnsplitDatabaseTest::withoutHash)
                            .toList());
            seen.put("head of " + uid, ports.inbox().head(uid));
            seen.put("device of " + uid, ports.devices().find(new DeviceKey(uid, DEVICE)));
            seen.put("cursors of " + uid, ports.groupCursors().find(new DeviceKey(uid, DEVICE)));
            seen.put(
                    "conversations of " + uid,
                    ports.conversations().list(uid, 0, null, 100, 1_000_000).items().stream()
                            .map(item -> item.conversation() + " " + item.headSeq() + " " + item.unread() + " "
                                    + item.mine() + item.peer() + item.joinedOrdinal())
                            .sorted()
                            .toList());
            seen.put("groups of " + uid, ports.groups().groupsOf(uid, "", false, 100));
        }
        for (Conversation conversation : ALL) {
            seen.put("head of " + conversation, ports.history().head(conversation));
            seen.put("members of " + conversation, ports.groups().members(conversation.id(), "", 100));
            seen.put(
                    "log of " + conversation,
                    ports.history().read(conversation, 0, 100, false, 100, 1_000_000).stream()
                            .map(Object::toString)
                            .map(UnsplitDatabaseTest::withoutHash)
                            .toList());
        }
        Feed.FeedPage page =
                ports.feed().feed().read(FeedPosition.START, FeedPosition.END, Partitions.all(), 1_000, 1_000_000);
        seen.put(
                "feed",
                page.items().stream()
                        .map(item -> item.partition() + " " + item.position() + " "
                                + item.event().key() + " " + item.event().keySeq())
                        .sorted()
                        .toList());
        return seen;
    }

    private static String withoutHash(String record) {
        return record.replaceAll("\\[B@[0-9a-f]+", "bytes");
    }

    private void assertGoesOn(Storage ports) {
        for (Conversation conversation : ALL) {
            assertThat(ports.log()
                            .append(List.of(draft(conversation, "m0")), NOW)
                            .get(0))
                    .isInstanceOf(conversation.equals(PAIR) ? Appended.Repeated.class : Appended.Stored.class);
            send(ports, conversation);
        }
        fanOut(ports);
        ports.users().ensure("somebody");
        for (String uid : USERS) {
            List<Long> seqs = ports.inbox().read(uid, 0, 1_000, 1_000_000).entries().stream()
                    .map(entry -> entry.seq())
                    .toList();
            assertThat(seqs)
                    .as(uid)
                    .containsExactlyElementsOf(IntStream.rangeClosed(1, seqs.size())
                            .mapToObj(Long::valueOf)
                            .toList());
        }
        // Creation, four messages of before but m0 of the pair, and the one just sent: each once in each inbox.
        for (String uid : List.of("u1", "u2", "u7")) {
            assertThat(ports.inbox().read(uid, 0, 1_000, 1_000_000).entries().stream()
                            .map(Object::toString)
                            .filter(entry -> entry.contains("id=big]"))
                            .count())
                    .as("entries of %s", BIG)
                    .isEqualTo(ports.history().head(BIG));
        }
    }

    @Test
    void whatThereWasIsThereAndTheRestGoesOn() {
        Map<String, Object> before;
        try (MysqlStorage unsharded = unsharded()) {
            before = seen(unsharded.ports());
        }
        try (ShardedStorage alone = sharded(ONE)) {
            assertThat(seen(alone.ports())).isEqualTo(before);
            assertThat(alone.counters().values()).containsEntry("slots{database=\"one\"}", 1024L);
            assertGoesOn(alone.ports());
        }
        assertThatThrownBy(this::unsharded)
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("is one of several, named one");
    }

    @Test
    void slotsMoveOutOfIt() {
        Map<String, Object> before;
        try (MysqlStorage unsharded = unsharded()) {
            before = seen(unsharded.ports());
        }
        ShardedSettings both = ShardedFixture.settings(server, ONE, TWO);
        try (ShardedStorage node = ShardedFixture.open(both, LIMITS)) {
            assertThat(node.counters().values())
                    .containsEntry("slots{database=\"one\"}", 1024L)
                    .containsEntry("slots{database=\"two\"}", 0L);
            try (SlotMover mover = SlotMover.open(both, 5_000, System::nanoTime)) {
                mover.move(0, 511, "two");
                assertThat(seen(node.ports())).isEqualTo(before);
                mover.move(512, 1023, "two");
            }
            assertThat(seen(node.ports())).isEqualTo(before);
            assertGoesOn(node.ports());
        }
        for (String table : List.of("im_message", "im_inbox", "im_mark", "im_device", "im_group_member")) {
            assertThat(count("SELECT COUNT(*) FROM " + table)).as(table).isZero();
        }
    }

    @Test
    void aStartThatDiedAnywhereIsFinishedByTheNext() throws SQLException {
        Map<String, Object> before;
        try (MysqlStorage unsharded = unsharded()) {
            before = seen(unsharded.ports());
        }
        MysqlFixture.execute(
                MysqlFixture.settings(server, ONE),
                "INSERT INTO im_shard (id, installation, name, home, unsplit) VALUES (1, 'x', 'one', 1, 1)");
        assertThatThrownBy(this::unsharded).hasMessageContaining("is one of several");
        int steps = 0;
        boolean done = false;
        while (!done) {
            int last = ++steps;
            int[] step = {0};
            try (Connection connection = connect()) {
                new SlotIds(connection, () -> {
                            if (++step[0] == last) {
                                throw new IllegalStateException("dead");
                            }
                        })
                        .giveOut();
                done = true;
            } catch (IllegalStateException dead) {
                assertThat(count("SELECT unsplit FROM im_shard")).isEqualTo(1);
            }
        }
        assertThat(steps).isGreaterThan(12);
        assertThat(count("SELECT COUNT(*) FROM im_slot WHERE state = 0")).isEqualTo(1024);
        // Late, as one that has slept.
        MysqlFixture.execute(MysqlFixture.settings(server, ONE), "DELETE FROM im_slot WHERE slot = 5");
        try (Connection connection = connect()) {
            new SlotIds(connection, () -> {}).giveOut();
        }
        assertThat(count("SELECT COUNT(*) FROM im_slot WHERE slot = 5")).isZero();
        MysqlFixture.execute(MysqlFixture.settings(server, ONE), "INSERT INTO im_slot (slot, state) VALUES (5, 0)");
        try (ShardedStorage alone = sharded(ONE)) {
            assertThat(seen(alone.ports())).isEqualTo(before);
            assertGoesOn(alone.ports());
        }
    }

    @Test
    void aPushToEverybodyBeginsAgain() {
        try (ShardedStorage alone = sharded(ONE)) {
            PushJob job = alone.ports().pushes().take("worker", NOW, 1_000).orElseThrow();
            assertThat(job.place()).isZero();
            assertThat(job.counts()).isEqualTo(PushCounts.NOTHING);
            assertThat(alone.ports().pushes().users(0, 100).uids()).containsExactlyInAnyOrderElementsOf(USERS);
        }
    }

    @Test
    void whileAServerUsesItItGetsNone() {
        try (MysqlStorage living = unsharded()) {
            living.join("living", true, "", conflict -> {});
            Thread renewing = new Thread(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    living.tasks().get(1).work().run();
                }
            });
            renewing.start();
            try {
                assertThatThrownBy(() -> sharded(ONE).close())
                        .isInstanceOf(StorageException.class)
                        .hasMessageContaining("the server living uses the database");
            } finally {
                renewing.interrupt();
                join(renewing);
            }
            assertThat(count("SELECT COUNT(*) FROM im_shard")).isZero();
        }
        sharded(ONE).close();
    }

    @Test
    void aServerThatCameWhileItGotSlotsDoesNotStayIn() {
        try (MysqlStorage late = unsharded()) {
            sharded(ONE).close();
            assertThatThrownBy(() -> late.join("late", true, "", conflict -> {}))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("is one of several");
        }
    }

    @Test
    void onlyTheFirstOfAListMayHaveBeenUsed() {
        ShardedFixture.drop(server, TWO);
        assertThatThrownBy(() -> sharded(TWO, ONE).close())
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("it must be the first that is configured");
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(server.jdbcUrl(ONE), server.user(), server.password());
    }

    private long count(String query) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new AssertionError(query, e);
        }
    }
}
