package io.hongyan.im.adapter.sql.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.adapter.sql.StorageCounter;
import io.hongyan.im.adapter.sql.mysql.ConnectionKiller.Killed;
import io.hongyan.im.core.group.GroupChange.Created;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.send.FanOutLog.Marker;
import io.hongyan.starters.MariaDb;
import io.hongyan.starters.Seeds;
import io.hongyan.starters.SqlServer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two nodes on one database write to the same conversations and inboxes at once, while connections are killed, also in the
 * middle of commits, and rows are kept locked for too long. What fails is sent again, mostly to the other node. Then
 * nothing that was acknowledged is missing, doubled or out of order.
 */
@Tag("servers")
@Timeout(240)
class TwoNodesTest {
    private static final int WRITERS = 4;
    private static final int BATCHES = 120;
    private static final int MEMBERS = 7;
    private static final long NOW = 1_800_000_000_000L;
    private static final String DATABASE = "two_nodes";
    private static final Conversation PAIR = Conversation.direct("alice", "bob");
    private static final Conversation SMALL = Conversation.group("small");
    private static final Conversation BIG = Conversation.group("big");

    /** Three recipients get an entry inline. */
    private static final GroupLimits LIMITS = new GroupLimits(100, 50, 50, 3, 4, 500, 64, 2_000);

    private final SqlServer server = MariaDb.shared();
    private final MysqlSettings settings = impatient(MysqlFixture.settings(server, DATABASE));
    private final List<ShardedStorage> nodes = new ArrayList<>();
    private final Map<MessageName, Long> acknowledged = new ConcurrentHashMap<>();
    private final AtomicBoolean writing = new AtomicBoolean(true);
    private ExecutorService threads;
    private ShardedFixture first;

    /** @param number rises with each message of a writer */
    private record MessageName(Conversation conversation, String clientMessageId) {}

    @BeforeEach
    void openNodes() {
        first = new ShardedFixture(MysqlFixture.alone(settings), LIMITS);
        nodes.add(MysqlFixture.open(settings, LIMITS));
        nodes.add(MysqlFixture.open(settings, LIMITS));
        threads = Executors.newCachedThreadPool();
    }

    @AfterEach
    void closeNodes() {
        threads.shutdownNow();
        nodes.forEach(ShardedStorage::close);
        first.close();
    }

    /** Gives up waiting for rows soon, and tries often. */
    private static MysqlSettings impatient(MysqlSettings usual) {
        return new MysqlSettings(
                usual.url(), usual.user(), usual.password(), 8, 8, 10_000, 5_000, 10_000, 1, 2, 10_000, true);
    }

    static List<Long> seeds() {
        return Seeds.of(TwoNodesTest.class);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void nothingIsLostDoubledOrOutOfOrderWhateverHappensToConnections(long seed) throws Exception {
        makeUsersAndGroups();
        List<Future<?>> writers = new ArrayList<>();
        List<Future<?>> others = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            writers.add(threads.submit(writer(writer, new Random(seed + writer))));
        }
        for (int node = 0; node < nodes.size(); node++) {
            others.add(threads.submit(fanOut(node)));
        }
        Future<Killed> killer = threads.submit(new ConnectionKiller(settings, DATABASE, writing, seed));
        others.add(threads.submit(this::keepRowsLocked));
        for (Future<?> done : writers) {
            done.get();
        }
        writing.set(false);
        for (Future<?> done : others) {
            done.get();
        }

        System.out.println(killer.get());
        assertThat(killer.get().all()).as("killed connections").isPositive();
        assertThat(sum(StorageCounter.COMMIT_FAILURES)).isPositive();
        assertThat(sum(StorageCounter.LOCK_TIMEOUTS)).isPositive();
        assertThat(acknowledged).hasSize(WRITERS * BATCHES * 4);
        // The pools of the two may still have connections that were killed.
        try (ShardedStorage another = MysqlFixture.open(settings, LIMITS)) {
            new TwoNodesCheck(another.ports()).check(acknowledgedByConversation());
        }
    }

    private Map<Conversation, Map<String, Long>> acknowledgedByConversation() {
        Map<Conversation, Map<String, Long>> all = new ConcurrentHashMap<>();
        acknowledged.forEach((name, seq) -> all.computeIfAbsent(name.conversation(), any -> new ConcurrentHashMap<>())
                .put(name.clientMessageId(), seq));
        return all;
    }

    private long sum(StorageCounter counter) {
        return nodes.stream().mapToLong(node -> node.counters().value(counter)).sum();
    }

    private void makeUsersAndGroups() {
        List<String> members = new ArrayList<>();
        for (String uid : List.of("alice", "bob")) {
            nodes.get(0).ports().users().ensure(uid);
        }
        for (int i = 0; i < MEMBERS; i++) {
            members.add("member" + i);
            nodes.get(i % 2).ports().users().ensure("member" + i);
        }
        for (int writer = 0; writer < WRITERS; writer++) {
            nodes.get(0).ports().users().ensure("writer" + writer);
        }
        nodes.get(0).ports().log().append(List.of(creation(SMALL, List.of("bob")), creation(BIG, members)), NOW);
    }

    private static Draft creation(Conversation group, List<String> members) {
        Created created = new Created("alice", "name", false, 0, members);
        return new Draft(group, "alice", "android:phone", "creation", new byte[0], created);
    }

    /** Sends batches to all conversations, each until it is acknowledged. */
    private Callable<Void> writer(int writer, Random random) {
        return () -> {
            for (int batch = 0; batch < BATCHES; batch++) {
                String id = "w" + writer + "-" + batch;
                List<Draft> drafts = new ArrayList<>(List.of(
                        draft(PAIR, writer % 2 == 0 ? "alice" : "bob", id),
                        draft(Conversation.direct("writer" + writer, "bob"), "writer" + writer, id),
                        draft(SMALL, "bob", id),
                        draft(BIG, "alice", id)));
                int node = writer % 2;
                boolean done = false;
                while (!done) {
                    done = send(node, drafts);
                    node = random.nextInt(4) == 0 ? node : 1 - node;
                }
            }
            return null;
        };
    }

    private static Draft draft(Conversation conversation, String sender, String id) {
        return new Draft(conversation, sender, "android:phone", id, id.getBytes(StandardCharsets.US_ASCII));
    }

    private boolean send(int node, List<Draft> drafts) {
        List<Appended> results;
        try {
            results = nodes.get(node).ports().log().append(drafts, NOW);
        } catch (StorageException sendAgain) {
            return false;
        }
        if (results.stream().anyMatch(Appended.NotStored.class::isInstance)) {
            // A connection was killed while one part of the batch was looked for or stored: those are sent again.
            return false;
        }
        for (int i = 0; i < drafts.size(); i++) {
            Draft draft = drafts.get(i);
            Appended result = results.get(i);
            assertThat(result).isNotInstanceOf(Appended.Refused.class);
            long seq = result instanceof Appended.Stored stored
                    ? stored.message().seq()
                    : ((Appended.Repeated) result).seq();
            Long before = acknowledged.put(new MessageName(draft.conversation(), draft.clientMessageId()), seq);
            assertThat(before).isNull();
        }
        return true;
    }

    /** Works on markers beside the other node, and ends when nobody writes and none is left. */
    private Callable<Void> fanOut(int node) {
        return () -> {
            ShardedStorage storage = nodes.get(node);
            boolean last;
            List<Marker> open = List.of();
            do {
                last = !writing.get();
                try {
                    open = storage.ports().fanOut().open("worker-" + node, 10, System.currentTimeMillis());
                    if (!open.isEmpty()) {
                        // A lease that is over at once: the two take the work from each other all the time.
                        storage.ports().fanOut().advance(open, "worker-" + node, 20, System.currentTimeMillis(), 0);
                    }
                } catch (StorageException takenAgain) {
                    last = false;
                }
            } while (!last || !open.isEmpty());
            return null;
        };
    }

    /** Holds a row that every batch needs for longer than anybody waits, a few times. */
    private Void keepRowsLocked() {
        int times = 0;
        while (times < 3 && writing.get()) {
            try {
                MysqlFixture.tryToExecute(
                        settings,
                        "SELECT head FROM im_conversation WHERE kind = 2 AND name = 'small' FOR UPDATE",
                        "SELECT SLEEP(2.5)");
                times++;
            } catch (SQLException killedToo) {
                // Whoever kills connections may meet this one before it sleeps.
            }
        }
        return null;
    }
}
