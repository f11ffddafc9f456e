package io.hongyan.im.adapter.sql.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hongyan.im.adapter.sql.Schema;
import io.hongyan.im.adapter.sql.Seen;
import io.hongyan.im.core.Storage;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.message.SystemUser;
import io.hongyan.im.core.push.PushCounts;
import io.hongyan.im.core.push.PushJob;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.send.FanOutLog.Marker;
import io.hongyan.starters.MariaDb;
import io.hongyan.starters.SqlServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    private int sent = 15;

    @BeforeEach
    void fill() throws IOException {
        fill("unsplit-v6.sql");
    }

    private void fill(String dump) throws IOException {
        ShardedFixture.drop(server, ONE, TWO);
        MysqlFixture.execute(MysqlFixture.settings(server, ONE), resource(dump).split(";\n"));
    }

    /** What the version before has stored, what one without ordinals has, and what clients and readers then see. */
    private static String resource(String name) throws IOException {
        try (InputStream in = UnsplitDatabaseTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
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
    private static String seen(Storage ports) {
        return Seen.by(ports, USERS, ALL);
    }

    private void assertGoesOn(Storage ports) {
        for (Conversation conversation : ALL) {
            assertThat(ports.log()
                            .append(List.of(draft(conversation, "m0")), NOW)
                            .get(0))
                    .isInstanceOf(conversation.equals(PAIR) ? Appended.Repeated.class : Appended.Stored.class);
            send(ports, conversation);
            // Of a group the creation does not count.
            long uncounted = conversation.kind() == Conversation.Kind.GROUP ? 1 : 0;
            assertThat(ports.history().position(conversation, Long.MAX_VALUE).ordinal())
                    .isEqualTo(ports.history().head(conversation) - uncounted);
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

    @ParameterizedTest
    @ValueSource(strings = {"unsplit-v4.sql", "unsplit-v6.sql"})
    void whatThereWasIsThereAndTheRestGoesOn(String dump) throws IOException {
        fill(dump);
        try (ShardedStorage alone = sharded(ONE)) {
            assertThat(seen(alone.ports())).isEqualTo(resource("unsplit-seen.txt"));
            assertThat(alone.counters().gauges()).containsEntry("slots{database=\"one\"}", 1024L);
            assertGoesOn(alone.ports());
        }
    }

    @Test
    void slotsMoveOutOfIt() throws IOException {
        String before = resource("unsplit-seen.txt");
        ShardedSettings both = ShardedFixture.settings(server, ONE, TWO);
        try (ShardedStorage node = ShardedFixture.open(both, LIMITS)) {
            assertThat(node.counters().gauges())
                    .containsEntry("slots{database=\"one\"}", 1024L)
                    .containsEntry("slots{database=\"two\"}", 0L);
            // What has no number yet gets it database by database once it has moved.
            node.tasks().get(0).work().run();
            try (SlotMover mover = SlotMover.open(both, 60_000, System::nanoTime)) {
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
    void aStartThatDiedAnywhereIsFinishedByTheNext() throws SQLException, IOException {
        String before = resource("unsplit-seen.txt");
        try (MysqlPools pools = MysqlPools.open(MysqlFixture.settings(server, ONE))) {
            Schema.migrateMysql(pools.writers(), ONE);
        }
        MysqlFixture.execute(
                MysqlFixture.settings(server, ONE),
                "INSERT INTO im_shard (id, installation, name, home, unsplit) VALUES (1, 'x', 'one', 1, 1)");
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
    void whileAServerUsesItItGetsNone() throws InterruptedException {
        MysqlFixture.execute(
                MysqlFixture.settings(server, ONE),
                "INSERT INTO im_node (node, start, meets, lease_until) VALUES ('living', 's', 1, 9000000000000)");
        Thread renewing = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                MysqlFixture.execute(
                        MysqlFixture.settings(server, ONE),
                        "UPDATE im_node SET lease_until = lease_until + 1 WHERE node = 'living'");
            }
        });
        renewing.start();
        try {
            assertThatThrownBy(() -> sharded(ONE).close())
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("the node living uses the database");
        } finally {
            renewing.interrupt();
            renewing.join();
        }
        assertThat(count("SELECT COUNT(*) FROM im_shard")).isZero();
        MysqlFixture.execute(
                MysqlFixture.settings(server, ONE), "UPDATE im_node SET lease_until = 1 WHERE node = 'living'");
        sharded(ONE).close();
    }

    @Test
    void onlyTheFirstOfAListMayHaveBeenUsed() {
        ShardedFixture.drop(server, TWO);
        assertThatThrownBy(() -> sharded(TWO, ONE).close())
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("it must be the first that is configured");
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
