package io.hongyan.im.adapter.sql.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.contract.ChangedMessagesContract;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.MessageState;
import io.hongyan.im.core.message.ReactionCount;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Appended.Stored;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.send.MessageChange;
import io.hongyan.im.core.send.MessageChange.Edited;
import io.hongyan.im.core.send.MessageChange.Reacted;
import io.hongyan.im.core.send.MessageChange.Recalled;
import io.hongyan.im.core.simulation.PlainContents;
import io.hongyan.starters.MariaDb;
import io.hongyan.starters.SqlServer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two nodes on one database change the same message at the same moment: the log says what came first, and limits hold. */
@Tag("servers")
@Timeout(240)
class ChangesAtTwoNodesTest {
    private static final int ROUNDS = 40;
    private static final int EDITS_MAX = ChangedMessagesContract.RULES.limits().editsMax();
    private static final long NOW = 1_800_000_000_000L;
    private static final Conversation PAIR = Conversation.direct("alice", "bob");
    private static final PlainContents CONTENTS = new PlainContents();

    private final SqlServer server = MariaDb.shared();
    private final List<ShardedStorage> nodes = new ArrayList<>();
    private final CyclicBarrier together = new CyclicBarrier(2);
    private final ExecutorService threads = Executors.newFixedThreadPool(2);

    @BeforeEach
    void openNodes() {
        MysqlSettings settings = MysqlFixture.settings(server, "changes_at_two_nodes");
        ShardedFixture.drop(server, "changes_at_two_nodes");
        nodes.add(MysqlFixture.open(settings, GroupLimits.DEFAULT));
        nodes.add(MysqlFixture.open(settings, GroupLimits.DEFAULT));
        nodes.get(0).ports().users().ensure("alice");
        nodes.get(0).ports().users().ensure("bob");
    }

    @AfterEach
    void closeNodes() {
        threads.shutdownNow();
        nodes.forEach(ShardedStorage::close);
    }

    @Test
    void theLaterOfTwoEditsIsLastAndTheLimitHolds() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            long seq = sent(round);
            List<List<Draft>> drafts = new ArrayList<>();
            for (int node = 0; node < 2; node++) {
                List<Draft> ofNode = new ArrayList<>();
                for (int i = 0; i < EDITS_MAX; i++) {
                    String text = "edit " + i + " at node " + node;
                    ofNode.add(change("alice", "e-" + node + "-" + i, new Edited(seq, bytes(text), 0), round));
                }
                drafts.add(ofNode);
            }

            List<Appended> results = atOnce(drafts);

            List<StoredMessage> edits = results.stream()
                    .filter(Stored.class::isInstance)
                    .map(result -> ((Stored) result).message())
                    .sorted(Comparator.comparingLong(StoredMessage::seq))
                    .toList();
            assertThat(edits)
                    .extracting(StoredMessage::seq)
                    .containsExactlyElementsOf(numbers(seq + 1, seq + EDITS_MAX));
            assertThat(results)
                    .filteredOn(result -> !(result instanceof Stored))
                    .hasSize(EDITS_MAX)
                    .containsOnly(new Appended.Refused(Refusal.LIMIT_REACHED));
            StoredMessage last = edits.get(EDITS_MAX - 1);
            StoredMessage message = read(seq);
            assertThat(text(last)).isEqualTo("!Edited " + seq + " " + text(message));
            assertThat(message.state())
                    .isEqualTo(new MessageState(last.seq(), EDITS_MAX, NOW, false, false, List.of(), 0, false));
        }
    }

    @Test
    void aRecallBesideAnEditErasesItOrRefusesIt() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            long seq = sent(round);
            List<Appended> results = atOnce(List.of(
                    List.of(change("alice", "e", new Edited(seq, bytes("better"), 0), round)),
                    List.of(change("alice", "c", new Recalled(seq), round))));

            StoredMessage message = read(seq);
            assertThat(message.content()).isEmpty();
            assertThat(message.state().recalled()).isTrue();
            assertThat(message.state().stateSeq())
                    .isEqualTo(((Stored) results.get(1)).message().seq());
            if (results.get(0) instanceof Stored edit) {
                assertThat(edit.message().seq()).isLessThan(message.state().stateSeq());
                assertThat(text(read(edit.message().seq()))).isEqualTo("!Edited " + seq + " ");
            } else {
                assertThat(results.get(0)).isEqualTo(new Appended.Refused(Refusal.UNKNOWN_MESSAGE));
            }
        }
    }

    @Test
    void reactionsOfTwoAreBothCounted() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            long seq = sent(round);
            List<Appended> results = atOnce(List.of(
                    List.of(change("alice", "r1", new Reacted(seq, "a", false), round)),
                    List.of(change("bob", "r2", new Reacted(seq, "a", false), round))));

            assertThat(results).allMatch(Stored.class::isInstance);
            assertThat(read(seq).state())
                    .isEqualTo(new MessageState(
                            seq + 2, 0, 0, false, false, List.of(new ReactionCount("a", 2)), 0, false));
        }
    }

    /** Each node appends its drafts one after the other. */
    private List<Appended> atOnce(List<List<Draft>> drafts) throws Exception {
        List<Future<List<Appended>>> running = new ArrayList<>();
        for (int node = 0; node < 2; node++) {
            running.add(threads.submit(appendAll(nodes.get(node), drafts.get(node))));
        }
        List<Appended> results = new ArrayList<>();
        for (Future<List<Appended>> one : running) {
            results.addAll(one.get());
        }
        return results;
    }

    private Callable<List<Appended>> appendAll(ShardedStorage node, List<Draft> drafts) {
        return () -> {
            together.await();
            List<Appended> results = new ArrayList<>();
            for (Draft draft : drafts) {
                results.addAll(node.ports().log().append(List.of(draft), NOW));
            }
            return results;
        };
    }

    private long sent(int round) {
        Draft draft = new Draft(PAIR, "alice", "android:phone", "m-" + round, bytes("text of " + round));
        Appended result = nodes.get(0).ports().log().append(List.of(draft), NOW).get(0);
        return ((Stored) result).message().seq();
    }

    private static Draft change(String actor, String id, MessageChange change, int round) {
        return new Draft(PAIR, actor, "android:phone", id + "-" + round, CONTENTS.encode(change), null, change, 0);
    }

    private StoredMessage read(long seq) {
        return nodes.get(1)
                .ports()
                .history()
                .read(PAIR, seq - 1, seq + 1, false, 1, 1_000_000)
                .get(0);
    }

    private static List<Long> numbers(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }

    private static String text(StoredMessage message) {
        return new String(message.content(), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
