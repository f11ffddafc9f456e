package io.hongyan.im.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.adapter.redis.wire.PeerBatch;
import io.hongyan.im.adapter.redis.wire.PeerEntry;
import io.hongyan.im.core.cluster.NodeNotice;
import io.hongyan.im.core.inbox.Notice;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One node tells, another listens, with the test in between. */
@Timeout(20)
final class RedisNoticePublisherTest {
    private final RedisCounters counters = new RedisCounters();
    private final List<byte[]> sent = new ArrayList<>();
    private final List<NodeNotice> taken = new ArrayList<>();
    private long now = 1_000_000;
    private boolean away;
    private int missed;
    private final RedisNoticePublisher otherNodes = otherNodes(NodeNoticeLimits.DEFAULT);
    private final NodeNoticeReceiver receiver =
            new NodeNoticeReceiver(taken::addAll, () -> missed++, counters, () -> Instant.ofEpochMilli(now));

    private RedisNoticePublisher otherNodes(NodeNoticeLimits limits) {
        return new RedisNoticePublisher(
                batch -> {
                    if (away) {
                        throw new RedisAwayException("as the test wants", null);
                    }
                    sent.add(batch);
                },
                limits,
                counters,
                () -> Instant.ofEpochMilli(now));
    }

    @Test
    void whatWaitsGoesTogetherInOrder() throws Exception {
        List<NodeNotice> notices = List.of(look("a"), new NodeNotice.MarkersLeft(), look("b"));
        notices.forEach(otherNodes::tell);
        otherNodes.tell(new NodeNotice.MarkersLeft());
        assertThat(otherNodes.runOnce(0)).isTrue();
        receiveAll();

        assertThat(counters.value(RedisCounter.SENT_BATCHES)).isEqualTo(1);
        assertThat(taken).as("one word about markers is enough").isEqualTo(notices);
        assertThat(otherNodes.runOnce(0)).isFalse();
        assertThat(missed).isZero();
    }

    @Test
    void nodeWithNothingToTellGivesASignOfLifeThatShowsWhatWasLost() throws Exception {
        otherNodes.tell(look("a"));
        otherNodes.runOnce(0);
        receiveAll();
        otherNodes.tell(look("b"));
        otherNodes.runOnce(0);
        sent.clear();
        otherNodes.runOnce(0);
        assertThat(sent).isEmpty();

        now += 1_000;
        otherNodes.runOnce(0);
        assertThat(sent).hasSize(1);
        receiveAll();

        assertThat(missed).isEqualTo(1);
        assertThat(counters.value(RedisCounter.GAPS)).isEqualTo(1);
        now += 1_000;
        otherNodes.runOnce(0);
        receiveAll();
        assertThat(missed).as("found once").isEqualTo(1);
    }

    @Test
    void whatDoesNotFitIsLostAndNoticed() throws Exception {
        RedisNoticePublisher small = otherNodes(NodeNoticeLimits.DEFAULT.withWaitingMax(2));
        small.runOnce(0);
        receiveAll();
        for (int i = 0; i < 5; i++) {
            small.tell(look("u" + i));
        }
        assertThat(small.waiting()).isEqualTo(2);
        assertThat(counters.value(RedisCounter.LOST_NOTICES)).isEqualTo(3);
        small.runOnce(0);
        receiveAll();

        assertThat(taken).containsExactly(look("u0"), look("u1"));
        assertThat(missed).isEqualTo(1);
        small.tell(look("after"));
        small.runOnce(0);
        receiveAll();
        assertThat(taken).endsWith(look("after"));
        assertThat(missed).isEqualTo(1);
    }

    @Test
    void bytesThatWaitAreLimited() throws Exception {
        int content = 1 << 20;
        int room = (int) (NodeNoticeLimits.DEFAULT.waitingBytesMax() / content);
        for (int i = 0; i < room + 5; i++) {
            otherNodes.tell(new NodeNotice.ToUsers(List.of("ann"), new Notice.Push("p", "c", new byte[content])));
        }
        assertThat(otherNodes.waiting()).isLessThan(room + 1);
        while (otherNodes.runOnce(0)) {
            assertThat(sent.get(sent.size() - 1)).hasSizeLessThan(2 * content);
        }
        otherNodes.tell(look("again"));
        assertThat(otherNodes.waiting()).isEqualTo(1);
    }

    @Test
    void whatIsToldWhileRedisIsAwayIsNoticedAfterwards() throws Exception {
        otherNodes.runOnce(0);
        receiveAll();
        away = true;
        otherNodes.tell(look("a"));
        otherNodes.runOnce(0);
        away = false;
        otherNodes.tell(look("b"));
        otherNodes.runOnce(0);
        receiveAll();

        assertThat(taken).containsExactly(look("b"));
        assertThat(missed).isEqualTo(1);
    }

    @Test
    void afterASubscriptionTheFirstBatchIsTheBeginning() throws Exception {
        otherNodes.tell(look("a"));
        otherNodes.runOnce(0);
        sent.clear();
        receiver.subscribed();
        assertThat(missed).isEqualTo(1);
        otherNodes.tell(look("b"));
        otherNodes.runOnce(0);
        receiveAll();

        assertThat(taken).containsExactly(look("b"));
        assertThat(missed).isEqualTo(1);
    }

    @Test
    void whatIsNotUnderstoodIsLookedFor() {
        receiver.received(new byte[] {1, 2, 3});
        assertThat(missed).isEqualTo(1);
        receiver.received(PeerBatch.newBuilder()
                .setVersion(RedisNoticePublisher.VERSION + 1)
                .setFirst(1)
                .addNotices(NodeNoticeCodec.encode(look("a")))
                .build()
                .toByteArray());
        assertThat(missed).isEqualTo(2);
        assertThat(taken).isEmpty();
        receiver.received(PeerBatch.newBuilder()
                .setVersion(RedisNoticePublisher.VERSION)
                .setFirst(2)
                .addNotices(PeerEntry.getDefaultInstance())
                .addNotices(NodeNoticeCodec.encode(look("b")))
                .build()
                .toByteArray());
        assertThat(taken).containsExactly(look("b"));
        assertThat(missed).isEqualTo(3);
    }

    @Test
    void circuitLetsOneTryAfterAPause() {
        long[] nanos = {0};
        RedisCircuitBreaker circuit = new RedisCircuitBreaker(() -> nanos[0], 500);
        assertThat(circuit.allows()).isTrue();
        assertThat(circuit.failed()).isTrue();
        assertThat(circuit.failed()).isFalse();
        assertThat(circuit.allows()).isFalse();
        nanos[0] += 500_000_000;
        assertThat(circuit.allows()).isTrue();
        assertThat(circuit.allows()).as("one at a time").isFalse();
        assertThat(circuit.isOpen()).isTrue();
        circuit.succeeded();
        assertThat(circuit.isOpen()).isFalse();
        assertThat(circuit.recoveries()).isEqualTo(1);
        assertThat(circuit.allows()).isTrue();
    }

    private void receiveAll() {
        sent.forEach(receiver::received);
        sent.clear();
    }

    private static NodeNotice look(String uid) {
        return new NodeNotice.LookAtInbox(uid);
    }
}
