package io.hongyan.im.core.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.cluster.ProcessStall;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.SendOutcome;
import io.hongyan.im.core.message.StoredMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Of what may wait in a lane, no sender has more than is left for the others. */
@Timeout(60)
final class LaneSharesTest {
    private final ProcessStall processStall = new ProcessStall(() -> 0, 3_000);
    private final SendCounters counters = new SendCounters();
    private final StoringLog log = new StoringLog();

    @Test
    void whoFillsTheLaneWithDraftsIsClosedAndNobodyElse() throws InterruptedException {
        othersAreStoredThoughOneFloods(new LaneLimits(40, 1_000_000, 1_000, 1_000_000, 2, 10));
    }

    @Test
    void whoFillsTheLaneWithBytesIsClosedAndNobodyElse() throws InterruptedException {
        othersAreStoredThoughOneFloods(new LaneLimits(1_000, 400, 1_000, 1_000_000, 2, 10));
    }

    /** Forty drafts of ten bytes fit; twenty of them of one sender. */
    private void othersAreStoredThoughOneFloods(LaneLimits limits) throws InterruptedException {
        Lane lane = lane(limits);
        List<CompletableFuture<SendOutcome>> early = new ArrayList<>();
        for (int device = 0; device < 4; device++) {
            SendOrigin origin = connection(device);
            for (int i = 0; i < 5; i++) {
                early.add(submit(lane, "mallory", "early" + device + "-" + i, origin));
            }
        }
        assertThat(early).noneMatch(CompletableFuture::isDone);
        for (int device = 4; device < 20; device++) {
            SendOrigin origin = connection(device);
            assertThat(submit(lane, "mallory", "more", origin)).isCompletedExceptionally();
            assertThat(origin.full()).isTrue();
        }
        var alice = submit(lane, "alice", "a", connection(100));
        var carol = submit(lane, "carol", "c", connection(101));
        assertThat(lane.waiting()).isEqualTo(22);

        drain(lane);

        assertThat(alice).isCompleted();
        assertThat(carol).isCompleted();
        assertThat(early).allMatch(CompletableFuture::isDone).noneMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(log.stored).hasSize(22).doesNotContain("more").endsWith("a", "c");
        assertThat(counters.value(SendCounter.SENDS_OVER_SHARE)).isEqualTo(16);
        assertThat(counters.value(SendCounter.SENDS_FAILED)).isEqualTo(16);
        SendOrigin again = connection(20);
        for (int i = 0; i < 20; i++) {
            assertThat(submit(lane, "mallory", "again" + i, again))
                    .as("what is stored is no longer counted")
                    .isNotDone();
        }
    }

    @Test
    void draftsOfConnectionsThatBrokeOffAreNotCountedAnyMore() throws InterruptedException {
        Lane lane = lane(new LaneLimits(4, 1_000, 100, 1_000, 2, 10));
        SendOrigin broken = connection(1);
        submit(lane, "alice", "a", broken);
        submit(lane, "alice", "b", broken);
        broken.breakOff();
        assertThat(submit(lane, "alice", "c", connection(2)))
                .as("until they are taken out")
                .isCompletedExceptionally();
        drain(lane);
        assertThat(log.stored).isEmpty();
        SendOrigin again = connection(3);
        assertThat(submit(lane, "alice", "a", again)).isNotDone();
        assertThat(submit(lane, "alice", "b", again)).isNotDone();
    }

    private SendOrigin connection(int number) {
        return SendOrigin.of(new ConnectionKey("g", number), processStall.epoch());
    }

    private Lane lane(LaneLimits limits) {
        return LaneTest.lane(log, limits, millis -> {}, counters, processStall, () -> {});
    }

    private static CompletableFuture<SendOutcome> submit(Lane lane, String sender, String id, SendOrigin origin) {
        return lane.submit(new Draft(Conversation.direct(sender, "bob"), sender, "ios:x", id, new byte[10]), origin)
                .toCompletableFuture();
    }

    private static void drain(Lane lane) throws InterruptedException {
        while (lane.waiting() > 0) {
            lane.runOnce(0);
        }
    }

    private static final class StoringLog implements MessageLog {
        final List<String> stored = new ArrayList<>();

        @Override
        public List<Appended> append(List<Draft> batch, long nowMillis) {
            return batch.stream().map(draft -> stored(draft, nowMillis)).toList();
        }

        private Appended stored(Draft draft, long nowMillis) {
            stored.add(draft.clientMessageId());
            StoredMessage message = new StoredMessage(
                    draft.conversation(),
                    stored.size(),
                    stored.size(),
                    draft.sender(),
                    draft.senderDevice(),
                    draft.clientMessageId(),
                    nowMillis,
                    draft.content());
            return new Appended.Stored(message, List.of());
        }
    }
}
