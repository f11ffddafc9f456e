package io.hongyan.im.adapter.sql.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.adapter.sql.StorageCounters;
import io.hongyan.im.adapter.sql.mysql.SlotMover.Step;
import io.hongyan.im.core.Storage;
import io.hongyan.im.core.cluster.ProcessStall;
import io.hongyan.im.core.group.GroupChange.Created;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.ReactionCount;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.send.FanOutLog.Marker;
import io.hongyan.im.core.send.MessageChange;
import io.hongyan.im.core.simulation.PlainContents;
import io.hongyan.starters.MariaDb;
import io.hongyan.starters.Seeds;
import io.hongyan.starters.SqlServer;
import java.nio.charset.StandardCharsets;
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
 * Two nodes on two databases write to the same conversations and inboxes, while connections to both are killed, most of
 * all in the middle of commits, and slots move between the databases by a mover that dies at any step and is run again.
 * Then nothing that was acknowledged is missing, doubled or out of order, in logs, inboxes and the feed, and each message
 * is as its changes left it.
 */
@Tag("servers")
@Timeout(300)
class ShardedNodesTest {
    private static final int WRITERS = 4;
    private static final int BATCHES = 60;
    private static final int MEMBERS = 7;
    private static final long NOW = 1_800_000_000_000L;
    private static final String[] DATABASES = {"shard_nodes_a", "shard_nodes_b"};
    private static final Conversation PAIR = Conversation.direct("alice", "bob");
    private static final Conversation SMALL = Conversation.group("small");
    private static final Conversation BIG = Conversation.group("big");

    /** Three recipients get an entry at once. */
    private static final GroupLimits LIMITS = new GroupLimits(100, 50, 50, 3, 4, 500, 64, 2_000);

    private final SqlServer server = MariaDb.shared();
    private final List<ShardedStorage> nodes = new ArrayList<>();
    private final Map<Conversation, Map<String, Long>> acknowledged = new ConcurrentHashMap<>();
    private final AtomicBoolean writing = new AtomicBoolean(true);
    private ShardedSettings settings;
    private ExecutorService threads;

    @BeforeEach
    void openNodes() {
        ShardedFixture.drop(server, DATABASES);
        // The first database has all slots when the second one comes.
        ShardedFixture.open(ShardedFixture.settings(server, DATABASES[0]), LIMITS)
                .close();
        settings = ShardedFixture.settings(server, DATABASES);
        nodes.add(ShardedFixture.open(settings, LIMITS));
        nodes.add(ShardedFixture.open(settings, LIMITS));
        threads = Executors.newCachedThreadPool();
    }

    @AfterEach
    void closeNodes() {
        threads.shutdownNow();
        nodes.forEach(ShardedStorage::close);
    }

    static List<Long> seeds() {
        return Seeds.of(ShardedNodesTest.class);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void nothingIsLostDoubledOrOutOfOrderWhileConnectionsDieAndSlotsMove(long seed) throws Exception {
        makeUsersAndGroups();
        List<Future<?>> writers = new ArrayList<>();
        List<Future<?>> others = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            writers.add(threads.submit(writer(writer, new Random(seed + writer))));
        }
        for (int node = 0; node < nodes.size(); node++) {
            others.add(threads.submit(fanOut(node)));
        }
        for (MysqlSettings database : settings.databases().values()) {
            String name = database.server().substring(database.server().lastIndexOf('/') + 1);
            others.add(threads.submit(new ConnectionKiller(database, name, writing, seed)));
        }
        Future<Integer> moves = threads.submit(moves(new Random(seed)));
        for (Future<?> done : writers) {
            done.get();
        }
        writing.set(false);
        for (Future<?> done : others) {
            done.get();
        }
        System.out.println("slots moved: " + moves.get());
        assertThat(moves.get()).isPositive();
        assertThat(acknowledged.values().stream().mapToInt(Map::size).sum())
                .isEqualTo(WRITERS * (BATCHES * 4 + (BATCHES - 1) * 2));
        // The pools of the two may still have connections that were killed.
        try (ShardedStorage another = ShardedFixture.open(settings, LIMITS)) {
            new TwoNodesCheck(another.ports()).check(acknowledged);
            checkChanges(another.ports());
        }
        nodes.get(0).ports().users().ensure("somebody");
    }

    private void makeUsersAndGroups() {
        List<String> members = new ArrayList<>();
        for (int i = 0; i < MEMBERS; i++) {
            members.add("member" + i);
        }
        List<String> all = new ArrayList<>(members);
        all.addAll(List.of("alice", "bob", "writer0", "writer1", "writer2", "writer3"));
        all.forEach(uid -> nodes.get(uid.hashCode() & 1).ports().users().ensure(uid));
        nodes.get(0).ports().log().append(List.of(creation(SMALL, List.of("bob")), creation(BIG, members)), NOW);
    }

    private static Draft creation(Conversation group, List<String> members) {
        Created created = new Created("alice", "name", false, 0, members);
        return new Draft(group, "alice", "android:phone", "creation", new byte[0], created);
    }

    /** Sends batches to all conversations, each draft until it is acknowledged. */
    private Callable<Void> writer(int writer, Random random) {
        return () -> {
            for (int batch = 0; batch < BATCHES; batch++) {
                String id = "w" + writer + "-" + batch;
                List<Draft> left = new ArrayList<>(List.of(
                        draft(PAIR, writer % 2 == 0 ? "alice" : "bob", id),
                        draft(Conversation.direct("writer" + writer, "bob"), "writer" + writer, id),
                        draft(SMALL, "bob", id),
                        draft(BIG, "alice", id)));
                if (batch > 0) {
                    left.addAll(changes(writer, batch - 1));
                }
                int node = writer % 2;
                while (!left.isEmpty()) {
                    left = send(node, left);
                    node = random.nextInt(4) == 0 ? node : 1 - node;
                }
            }
            return null;
        };
    }

    /** Edits or recalls the writer's message of a batch to one conversation, and reacts to that to another. */
    private List<Draft> changes(int writer, int batch) {
        String id = "w" + writer + "-" + batch;
        long seq = acknowledged.get(PAIR).get(id);
        MessageChange change = isRecalled(batch)
                ? new MessageChange.Recalled(seq)
                : new MessageChange.Edited(seq, edited(id).getBytes(StandardCharsets.US_ASCII), 0);
        MessageChange reaction =
                new MessageChange.Reacted(acknowledged.get(SMALL).get(id), "x", false);
        return List.of(change(PAIR, writer % 2 == 0 ? "alice" : "bob", id, change), change(SMALL, "bob", id, reaction));
    }

    private static boolean isRecalled(int batch) {
        return batch % 3 == 0;
    }

    private static String edited(String id) {
        return id + " edited";
    }

    private static Draft change(Conversation conversation, String actor, String id, MessageChange change) {
        byte[] content = new PlainContents().encode(change);
        return new Draft(conversation, actor, "android:phone", "change-" + id, content, null, change, 0);
    }

    private void checkChanges(Storage storage) {
        for (int writer = 0; writer < WRITERS; writer++) {
            for (int batch = 0; batch < BATCHES - 1; batch++) {
                String id = "w" + writer + "-" + batch;
                StoredMessage message = stored(storage, PAIR, id);
                assertThat(message.state().recalled()).as(id).isEqualTo(isRecalled(batch));
                assertThat(new String(message.content(), StandardCharsets.US_ASCII))
                        .isEqualTo(isRecalled(batch) ? "" : edited(id));
                assertThat(stored(storage, SMALL, id).state().reactions())
                        .as(id)
                        .containsExactly(new ReactionCount("x", 1));
            }
        }
    }

    private StoredMessage stored(Storage storage, Conversation conversation, String id) {
        long seq = acknowledged.get(conversation).get(id);
        return storage.history()
                .read(conversation, seq - 1, seq + 1, false, 1, 1_000)
                .get(0);
    }

    private static Draft draft(Conversation conversation, String sender, String id) {
        return new Draft(conversation, sender, "android:phone", id, id.getBytes(StandardCharsets.US_ASCII));
    }

    /** @return those to be sent again */
    private List<Draft> send(int node, List<Draft> drafts) {
        List<Appended> results;
        try {
            results = nodes.get(node).ports().log().append(drafts, NOW);
        } catch (StorageException sendAgain) {
            return drafts;
        }
        List<Draft> again = new ArrayList<>();
        for (int i = 0; i < drafts.size(); i++) {
            Draft draft = drafts.get(i);
            Appended result = results.get(i);
            assertThat(result).isNotInstanceOf(Appended.Refused.class);
            if (result instanceof Appended.NotStored) {
                again.add(draft);
            } else {
                long seq = result instanceof Appended.Stored stored
                        ? stored.message().seq()
                        : ((Appended.Repeated) result).seq();
                Map<String, Long> known =
                        acknowledged.computeIfAbsent(draft.conversation(), any -> new ConcurrentHashMap<>());
                assertThat(known.put(draft.clientMessageId(), seq)).isNull();
            }
        }
        return again;
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
                        storage.ports().fanOut().advance(open, "worker-" + node, 5, System.currentTimeMillis(), 500);
                    }
                    storage.tasks().get(1).work().run();
                    last = last && !anyOpen(storage);
                } catch (StorageException takenAgain) {
                    last = false;
                }
            } while (!last);
            return null;
        };
    }

    private static boolean anyOpen(ShardedStorage storage) {
        return !storage.ports()
                .fanOut()
                .open("nobody", 10, System.currentTimeMillis() + 3_600_000)
                .isEmpty();
    }

    /** Moves the slots in use to and fro, dying now and then. */
    private Callable<Integer> moves(Random random) {
        return () -> {
            List<Integer> slots = new ArrayList<>(List.of(Slots.of(PAIR), Slots.of(SMALL), Slots.of(BIG)));
            List.of("alice", "bob", "member1", "writer0").forEach(uid -> slots.add(Slots.ofUser(uid)));
            int moved = 0;
            while (writing.get()) {
                Step dies = random.nextBoolean() ? Step.values()[random.nextInt(Step.values().length)] : null;
                int slot = slots.get(random.nextInt(slots.size()));
                moved += move(slot, random.nextBoolean() ? "one" : "two", dies) ? 1 : 0;
            }
            boolean whole = false;
            while (!whole) {
                whole = true;
                for (int slot : slots) {
                    whole &= move(slot, "two", null);
                }
            }
            return moved;
        };
    }

    private boolean move(int slot, String to, Step dies) {
        try (SlotMover mover = mover(dies)) {
            mover.move(slot, slot, to);
            return true;
        } catch (IllegalStateException | StorageException diedOrFailed) {
            return false;
        }
    }

    private SlotMover mover(Step dies) {
        List<Shard> shards =
                ShardedStorage.connect(settings, System::nanoTime, new StorageCounters(), ProcessStall.never());
        return new SlotMover(new Shards(shards, System::nanoTime), 2_000, step -> {
            if (step == dies) {
                throw new IllegalStateException("killed before " + step);
            }
        });
    }
}
