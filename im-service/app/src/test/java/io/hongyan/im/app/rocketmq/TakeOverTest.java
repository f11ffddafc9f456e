package io.hongyan.im.app.rocketmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.im.adapter.mqtt.MessageChangeEncoder;
import io.hongyan.im.adapter.sql.mysql.MysqlSettings;
import io.hongyan.im.adapter.sql.mysql.ShardedSettings;
import io.hongyan.im.adapter.sql.mysql.ShardedStorage;
import io.hongyan.im.app.RoleProcess;
import io.hongyan.im.app.client.Payloads;
import io.hongyan.im.app.client.RawClient;
import io.hongyan.im.app.client.RawClient.Packet;
import io.hongyan.im.core.cluster.ProcessStall;
import io.hongyan.im.core.feed.Partitions;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.InboxPage;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.AppendRules;
import io.hongyan.im.core.send.ChangeLimits;
import io.hongyan.im.core.send.MessageRules;
import io.hongyan.protocol.v1.FeedEvent;
import io.hongyan.protocol.v1.InboxEntry;
import io.hongyan.starters.MariaDb;
import io.hongyan.starters.Names;
import io.hongyan.starters.Redis;
import io.hongyan.starters.RocketMq;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two servers as processes over one database. The process of the one that fans out and sends the feed stalls in the
 * middle of it, for longer than its leases; when it runs again, the other one is killed in the middle of the same.
 */
@Tag("servers")
@Timeout(400)
final class TakeOverTest {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final String TOPIC = "feed-take-over";
    private static final Conversation GROUP = Conversation.group("many");
    /** Too many for the transaction of a message, too few for a large group. */
    private static final int MEMBERS = 150;

    private static final int BATCH = 60;
    private static final int BATCHES_MAX = 20;
    private static final int PAUSES_MAX = 5;
    private static final int ALL = 1_000_000;

    private final String name = Names.unused("take_over");
    private final List<String> members =
            IntStream.range(0, MEMBERS).mapToObj("member-%03d"::formatted).toList();
    private final List<RoleProcess> processes = new ArrayList<>();
    private ShardedStorage storage;
    private int sent;

    @TempDir
    Path directory;

    @BeforeEach
    void openStorage() {
        RocketMq.shared().makeTopics(TOPIC + ":4");
        MariaDb server = MariaDb.shared();
        storage = ShardedStorage.open(
                new ShardedSettings(
                        Map.of("main", MysqlSettings.defaults(server.jdbcUrl(name), server.user(), server.password()))),
                new AppendRules(
                        GroupLimits.DEFAULT, new MessageRules(ChangeLimits.DEFAULT, new MessageChangeEncoder())),
                InstantSource.system(),
                System::nanoTime,
                ProcessStall.never());
        members.forEach(storage.ports().users()::ensure);
    }

    @AfterEach
    void endAll() throws IOException {
        Path kept = Files.createDirectories(Path.of("target", "take-over"));
        for (int i = 0; i < processes.size(); i++) {
            processes.get(i).close();
            Files.writeString(kept.resolve(i + ".log"), processes.get(i).text());
        }
        storage.close();
    }

    @Test
    void nothingIsLostOrDoubledWhenTheHolderOfLeasesStallsOrIsKilled() throws Exception {
        RoleProcess one = server("one");
        await().atMost(PATIENCE).until(() -> one.metric("feed_partitions_held") == Partitions.COUNT);
        RoleProcess two = server("two");
        makeGroup(one);
        try (RemotingReader feed = new RemotingReader(RocketMq.shared().nameServer(), TOPIC, TOPIC)) {
            standStill(one, two);
            kill(two, one);
            assertWhole();
            try (RawClient reader = client(one, members.get(1))) {
                readAll(reader, members.get(1));
            }
            await().atMost(PATIENCE).untilAsserted(() -> assertFed(FeedOverRocketMqTest.parsed(feed)));
        }
    }

    private void standStill(RoleProcess one, RoleProcess two) throws Exception {
        try (RawClient writer = client(one, members.get(0))) {
            int before = sent;
            pauseWithinFanOut(one, writer);
            try {
                await().atMost(PATIENCE).until(() -> markers() == 0);
                await().atMost(PATIENCE).until(() -> two.metric("feed_partitions_held") == Partitions.COUNT);
                await().atMost(PATIENCE).until(() -> two.metric("feed_events_behind") == 0);
            } finally {
                one.resume();
            }
            assertThat(two.metric("messaging_fan_out_entries_total")).isPositive();
            await().atMost(PATIENCE).until(() -> one.metric("feed_partitions_lost_total") >= Partitions.COUNT);
            for (int i = before; i < sent; i++) {
                assertThat(writer.read().type()).isEqualTo(RawClient.PUBACK);
            }
            send(writer, BATCH);
            for (int i = 0; i < BATCH; i++) {
                assertThat(writer.read().type()).isEqualTo(RawClient.PUBACK);
            }
        }
        await().atMost(PATIENCE).until(() -> markers() == 0);
    }

    private void kill(RoleProcess two, RoleProcess one) throws Exception {
        int before = sent;
        try (RawClient writer = client(two, members.get(0))) {
            pauseWithinFanOut(two, writer);
            two.kill();
        }
        assertThat(markers()).as("in the middle of it").isPositive();
        try (RawClient writer = client(one, members.get(0))) {
            int all = sent - before;
            sent = before;
            send(writer, all);
            for (int i = 0; i < all; i++) {
                assertThat(writer.read().type()).isEqualTo(RawClient.PUBACK);
            }
        }
        await().atMost(PATIENCE).until(() -> markers() == 0);
        await().atMost(PATIENCE).until(() -> one.metric("feed_partitions_held") == Partitions.COUNT);
    }

    /** It stands still while inboxes wait for it; whether they do is looked at when it can write no more. */
    private void pauseWithinFanOut(RoleProcess server, RawClient writer) throws Exception {
        for (int pause = 0; pause < PAUSES_MAX; pause++) {
            beginFanOut(server, writer);
            server.pause();
            if (markers() > 0) {
                return;
            }
            server.resume();
        }
        throw new AssertionError("the server writes inboxes faster than this test can pause it");
    }

    /** Returns while the server is writing inboxes, or has just done so. */
    private void beginFanOut(RoleProcess server, RawClient writer) throws Exception {
        for (int batch = 0; batch < BATCHES_MAX; batch++) {
            long steps = server.metric("messaging_fan_out_steps_total");
            send(writer, BATCH);
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> server.metric("messaging_fan_out_steps_total") > steps);
            if (markers() > BATCH / 2) {
                return;
            }
        }
        throw new AssertionError("the server writes inboxes faster than this test can look");
    }

    /** Does not wait for answers. */
    private void send(RawClient writer, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            sent++;
            byte[] message = Payloads.sendToGroup("m" + sent, GROUP.id(), "number " + sent)
                    .toByteArray();
            writer.sendPublish(sent, 2, "im/send", new byte[0], message);
        }
    }

    /** Messages whose inboxes are not all written. */
    private long markers() throws Exception {
        MariaDb server = MariaDb.shared();
        try (Connection connection =
                        DriverManager.getConnection(server.jdbcUrl(name), server.user(), server.password());
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("SELECT COUNT(*) FROM im_fanout")) {
            count.next();
            return count.getLong(1);
        }
    }

    /** Every member has every message once, in order, in an inbox without gap. */
    private void assertWhole() {
        List<StoredMessage> log = storage.ports().history().read(GROUP, 0, Long.MAX_VALUE, false, ALL, ALL);
        assertThat(log.stream().skip(1).map(StoredMessage::clientMessageId))
                .isEqualTo(IntStream.rangeClosed(1, sent).mapToObj(i -> "m" + i).toList());
        List<Long> all = log.stream().map(StoredMessage::seq).toList();
        for (String member : members) {
            InboxPage inbox = storage.ports().inbox().read(member, 0, ALL, ALL);
            assertThat(inbox.entries())
                    .extracting(Entry::seq)
                    .as("inbox of %s", member)
                    .isEqualTo(all);
            assertThat(inbox.entries())
                    .extracting(entry -> ((Entry.OfMessage) entry).message().seq())
                    .as("order for %s", member)
                    .isEqualTo(all);
        }
    }

    /** A device of the stalled server gets all of it, in order. */
    private void readAll(RawClient reader, String uid) throws IOException {
        assertThat(reader.subscribe(1, 1, "u/" + uid + "/inbox").reason()).isEqualTo(1);
        long head = storage.ports().inbox().head(uid);
        int packetIdAt = 2 + ("u/" + uid + "/inbox").length();
        for (long last = 0; last < head; ) {
            Packet packet = reader.read();
            assertThat(packet.type()).isEqualTo(RawClient.PUBLISH);
            byte[] body = packet.body();
            reader.sendPuback((body[packetIdAt] & 0xFF) << 8 | body[packetIdAt + 1] & 0xFF);
            // Behind the packet id there is the length of the properties, which is 0.
            long seq = InboxEntry.parseFrom(Arrays.copyOfRange(body, packetIdAt + 3, body.length))
                    .getSeq();
            assertThat(seq).isEqualTo(last + 1);
            last = seq;
        }
    }

    /** Events may come again; without repetitions all of the group are there, in order. */
    private void assertFed(List<FeedEvent> events) {
        List<Long> seen = new ArrayList<>();
        for (FeedEvent event : events) {
            long last = seen.isEmpty() ? 0 : seen.get(seen.size() - 1);
            if (event.getKey().equals("group:" + GROUP.id()) && event.getKeySeq() > last) {
                seen.add(event.getKeySeq());
            }
        }
        assertThat(seen)
                .isEqualTo(IntStream.rangeClosed(1, sent + 1)
                        .mapToObj(Long::valueOf)
                        .toList());
    }

    private void makeGroup(RoleProcess server) throws IOException {
        String others = members.stream().skip(1).map(uid -> '"' + uid + '"').collect(Collectors.joining(","));
        String body = "{\"id\":\"" + GROUP.id() + "\",\"name\":\"n\",\"owner\":\"" + members.get(0) + "\",\"members\":["
                + others + "]}";
        assertThat(server.business("POST", "/v1/groups", body).statusCode()).isEqualTo(201);
    }

    private RoleProcess server(String own) throws IOException {
        MariaDb database = MariaDb.shared();
        Redis redis = Redis.shared();
        Path data = Files.createDirectories(directory.resolve(own));
        if (!processes.isEmpty()) {
            // Nodes of one system share it.
            Files.copy(directory.resolve("one").resolve("token-secret"), data.resolve("token-secret"));
        }
        RoleProcess server = RoleProcess.server(
                directory,
                own,
                "HONGYAN_STORAGE_ENGINE",
                "mysql",
                "HONGYAN_STORAGE_MYSQL_URL",
                database.jdbcUrl(name),
                "HONGYAN_STORAGE_MYSQL_USER",
                database.user(),
                "HONGYAN_REDIS_SERVERS",
                redis.host() + ':' + redis.port(),
                "HONGYAN_REDIS_PREFIX",
                name,
                "HONGYAN_ROCKETMQ_NAME_SERVERS",
                RocketMq.shared().nameServer(),
                "HONGYAN_ROCKETMQ_FEED_TOPIC",
                TOPIC,
                "HONGYAN_FEED_LEASE_MILLIS",
                "3000",
                "HONGYAN_GROUPS_FAN_OUT_STEP_MAX",
                "40");
        processes.add(server);
        return server;
    }

    private static RawClient client(RoleProcess server, String uid) throws IOException {
        RawClient client = new RawClient(server.port("MQTT"), true);
        assertThat(client.connect(uid + ":iot:x", uid, server.token(uid), null).reason())
                .isZero();
        return client;
    }
}
