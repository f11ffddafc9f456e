package io.hongyan.im.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.adapter.redis.wire.PeerBatch;
import io.hongyan.im.adapter.redis.wire.PeerEntry;
import io.hongyan.im.core.cluster.PeerNotice;
import io.hongyan.im.core.inbox.Notice;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One node tells, another listens, with the test in between. */
@Timeout(20)
final class RedisPeersTest {
    private final RedisCounters counters = new RedisCounters();
    private final List<byte[]> sent = new ArrayList<>();
    private final List<PeerNotice> taken = new ArrayList<>();
    private long now = 1_000_000;
    private boolean away;
    private int missed;
    private final RedisPeers peers = peers(PeerLimits.DEFAULT);
    private final PeerReceiver receiver =
            new PeerReceiver(taken::addAll, () -> missed++, counters, () -> Instant.ofEpochMilli(now));

    private RedisPeers peers(PeerLimits limits) {
        return new RedisPeers(
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
        List<PeerNotice> notices = List.of(look("a"), new PeerNotice.MarkersLeft(), look("b"));
        notices.forEach(peers::tell);
        peers.tell(new PeerNotice.MarkersLeft());
        assertThat(peers.runOnce(0)).isTrue();
        receiveAll();

        assertThat(counters.sentBatches.sum()).isEqualTo(1);
        assertThat(taken).as("one word about markers is enough").isEqualTo(notices);
        assertThat(peers.runOnce(0)).isFalse();
        assertThat(missed).isZero();
    }

    @Test
    void nodeWithNothingToTellGivesASignOfLifeThatShowsWhatWasLost() throws Exception {
        peers.tell(look("a"));
        peers.runOnce(0);
        receiveAll();
        peers.tell(look("b"));
        peers.runOnce(0);
        sent.clear();
        peers.runOnce(0);
        assertThat(sent).isEmpty();

        now += 1_000;
        peers.runOnce(0);
        assertThat(sent).hasSize(1);
        receiveAll();

        assertThat(missed).isEqualTo(1);
        assertThat(counters.gaps.sum()).isEqualTo(1);
        now += 1_000;
        peers.runOnce(0);
        receiveAll();
        assertThat(missed).as("found once").isEqualTo(1);
    }

    @Test
    void whatDoesNotFitIsLostAndNoticed() throws Exception {
        RedisPeers small = peers(PeerLimits.DEFAULT.withWaitingMax(2));
        small.runOnce(0);
        receiveAll();
        for (int i = 0; i < 5; i++) {
            small.tell(look("u" + i));
        }
        assertThat(small.waiting()).isEqualTo(2);
        assertThat(counters.lostNotices.sum()).isEqualTo(3);
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
        int room = (int) (PeerLimits.DEFAULT.waitingBytesMax() / content);
        for (int i = 0; i < room + 5; i++) {
            peers.tell(new PeerNotice.ToUsers(List.of("ann"), new Notice.Push("p", "c", new byte[content])));
        }
        assertThat(peers.waiting()).isLessThan(room + 1);
        while (peers.runOnce(0)) {
            assertThat(sent.get(sent.size() - 1)).hasSizeLessThan(2 * content);
        }
        peers.tell(look("again"));
        assertThat(peers.waiting()).isEqualTo(1);
    }

    @Test
    void whatIsToldWhileRedisIsAwayIsNoticedAfterwards() throws Exception {
        peers.runOnce(0);
        receiveAll();
        away = true;
        peers.tell(look("a"));
        peers.runOnce(0);
        away = false;
        peers.tell(look("b"));
        peers.runOnce(0);
        receiveAll();

        assertThat(taken).containsExactly(look("b"));
        assertThat(missed).isEqualTo(1);
    }

    @Test
    void afterASubscriptionTheFirstBatchIsTheBeginning() throws Exception {
        peers.tell(look("a"));
        peers.runOnce(0);
        sent.clear();
        receiver.subscribed();
        assertThat(missed).isEqualTo(1);
        peers.tell(look("b"));
        peers.runOnce(0);
        receiveAll();

        assertThat(taken).containsExactly(look("b"));
        assertThat(missed).isEqualTo(1);
    }

    @Test
    void whatIsNotUnderstoodIsLookedFor() {
        receiver.received(new byte[] {1, 2, 3});
        assertThat(missed).isEqualTo(1);
        receiver.received(PeerBatch.newBuilder()
                .setVersion(RedisPeers.VERSION + 1)
                .setFirst(1)
                .addNotices(PeerCodec.encode(look("a")))
                .build()
                .toByteArray());
        assertThat(missed).isEqualTo(2);
        assertThat(taken).isEmpty();
        receiver.received(PeerBatch.newBuilder()
                .setVersion(RedisPeers.VERSION)
                .setFirst(2)
                .addNotices(PeerEntry.getDefaultInstance())
                .addNotices(PeerCodec.encode(look("b")))
                .build()
                .toByteArray());
        assertThat(taken).containsExactly(look("b"));
        assertThat(missed).isEqualTo(3);
    }

    @Test
    void circuitLetsOneTryAfterAPause() {
        long[] nanos = {0};
        Circuit circuit = new Circuit(() -> nanos[0], 500);
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

    private static PeerNotice look(String uid) {
        return new PeerNotice.LookAtInbox(uid);
    }
}
