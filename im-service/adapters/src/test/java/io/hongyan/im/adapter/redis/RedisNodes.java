package io.hongyan.im.adapter.redis;

import static io.hongyan.im.adapter.redis.RedisProcesses.await;

import io.hongyan.im.adapter.redis.RedisNoticePublisher.Publisher;
import io.hongyan.im.adapter.redis.RedisOptions.Mode;
import io.hongyan.im.adapter.sql.sqlite.SqliteSettings;
import io.hongyan.im.adapter.sql.sqlite.SqliteStorage;
import io.hongyan.im.core.contract.StorageContract;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.session.OnlineSession;
import io.hongyan.im.core.session.Platform;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes over one storage that meet in a real Redis. */
@Tag("servers")
@Timeout(120)
abstract class RedisNodes {
    static final Conversation DIRECT = Conversation.direct("ann", "bob");
    static final NodeNoticeLimits SHORT_LEASE =
            new NodeNoticeLimits(50_000, 32L << 20, 500, 256 << 10, 300, 2_000, 300, 1_500, 2_000);

    /** Not over while a machine is slow, soon after a node died. */
    private static final NodeNoticeLimits LONG_LEASE =
            new NodeNoticeLimits(50_000, 32L << 20, 500, 256 << 10, 300, 2_000, 300, 10_000, 2_000);

    static final DeviceKey PHONE = new DeviceKey("ann", "android:phone");
    static final DeviceKey TABLET = new DeviceKey("ann", "ios:tablet");

    /** When the token of both was issued, in seconds. */
    static final long TOKEN = 100;

    static final long DISPLACED_AT = 1_700_000_000_000L;
    private static final AtomicLong CONNECTIONS = new AtomicLong();

    @TempDir
    Path directory;

    RedisProcesses redis;
    SqliteStorage storage;
    final List<TestNode> nodes = new ArrayList<>();
    TestNode one;
    TestNode two;

    @BeforeEach
    void openStorage() throws Exception {
        Files.createDirectories(directory.resolve("storage"));
        storage = SqliteStorage.open(
                SqliteSettings.defaults(directory.resolve("storage")),
                StorageContract.rules(TestNode.GROUPS),
                System::nanoTime);
        List.of("ann", "bob", "cid").forEach(storage.ports().users()::ensure);
    }

    @AfterEach
    void endAll() throws Exception {
        for (TestNode node : nodes) {
            node.close();
        }
        storage.close();
        if (redis != null) {
            redis.close();
        }
    }

    /** A login at that time. */
    static void claim(TestNode node, DeviceKey device, Platform platform, long atMillis) {
        ConnectionKey connection = new ConnectionKey(node.name, CONNECTIONS.incrementAndGet());
        node.cluster.sessions().claim(new OnlineSession(connection, device, platform, atMillis, atMillis, TOKEN), 1);
    }

    static boolean holds(byte[] batch, String text) {
        return new String(batch, StandardCharsets.ISO_8859_1).contains(text);
    }

    void startTwo(Mode mode) {
        redis = RedisProcesses.start(mode);
        one = node("one");
        two = node("two");
        meet();
    }

    TestNode node(String id) {
        return node(id, NodeNoticeLimits.DEFAULT, UnaryOperator.identity());
    }

    /** A node that waits for so long for Redis before it decides a login alone. */
    TestNode patient(String id) {
        TestNode node = new TestNode(id, redis.options("test", 5_000), storage.ports());
        nodes.add(node);
        return node;
    }

    TestNode node(String id, Clock clock) {
        TestNode node = new TestNode(
                id, redis.options("test"), storage.ports(), NodeNoticeLimits.DEFAULT, UnaryOperator.identity(), clock);
        nodes.add(node);
        return node;
    }

    TestNode node(String id, Duration ahead) {
        Clock clock = Clock.offset(Clock.systemUTC(), ahead);
        TestNode node =
                new TestNode(id, redis.options("test"), storage.ports(), LONG_LEASE, UnaryOperator.identity(), clock);
        nodes.add(node);
        return node;
    }

    TestNode node(String id, NodeNoticeLimits limits, UnaryOperator<Publisher> decorator) {
        TestNode node = new TestNode(id, redis.options("test"), storage.ports(), limits, decorator);
        nodes.add(node);
        return node;
    }

    /** Until all know of each other, and listen. */
    void meet() {
        for (TestNode node : nodes) {
            await(() -> node.cluster.nodes().size() == nodes.size());
            await(() -> node.cluster.counters().value(RedisCounter.SUBSCRIPTIONS) >= nodes.size() - 1);
        }
    }

    List<String> users(int count) {
        List<String> uids =
                IntStream.range(0, count).mapToObj("user-%04d"::formatted).toList();
        uids.forEach(storage.ports().users()::ensure);
        return uids;
    }

    static List<ConnectionKey> connectionsOf(TestNode node, String uid) {
        return node.cluster.sessions().of(uid).stream()
                .map(OnlineSession::connection)
                .toList();
    }
}
