package io.hongyan.im.core.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.inbox.CloseReason;
import io.hongyan.im.core.inbox.CursorBook;
import io.hongyan.im.core.inbox.Delivery;
import io.hongyan.im.core.inbox.DeliveryLimits;
import io.hongyan.im.core.inbox.DeliveryListener;
import io.hongyan.im.core.inbox.Downlink;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.EntryStream;
import io.hongyan.im.core.inbox.InboxListener;
import io.hongyan.im.core.inbox.Notice;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.metrics.MessagingCounters;
import io.hongyan.im.core.send.Appended.InboxPosition;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
final class LaneTest {
    private static final Conversation CONVERSATION = Conversation.direct("alice", "bob");

    private final ScriptedLog log = new ScriptedLog();
    private final MessagingCounters counters = new MessagingCounters();
    private final List<Long> pauses = new ArrayList<>();
    private final SendOrigin origin = new SendOrigin(new ConnectionKey("g", 1));
    private final SendOrigin other = new SendOrigin(new ConnectionKey("g", 2));

    @Test
    void whatWaitsIsStoredInOneTransactionInOrder() throws InterruptedException {
        Lane lane = lane(LaneLimits.DEFAULT);
        var first = submit(lane, "a", origin);
        var second = submit(lane, "b", other);
        var third = submit(lane, "c", origin);
        assertThat(lane.runOnce(0)).isTrue();
        assertThat(log.batches).containsExactly(List.of("a", "b", "c"));
        assertThat(first).isCompletedWithValue(new SendOutcome.Stored(1, 5, 1));
        assertThat(second).isCompletedWithValue(new SendOutcome.Stored(2, 5, 2));
        assertThat(third).isCompletedWithValue(new SendOutcome.Stored(3, 5, 3));
    }

    @Test
    void nothingWaitingStoresNothing() throws InterruptedException {
        assertThat(lane(LaneLimits.DEFAULT).runOnce(0)).isFalse();
        assertThat(log.batches).isEmpty();
    }

    @Test
    void aBatchEndsAtItsRowLimit() throws InterruptedException {
        Lane lane = lane(new LaneLimits(100, 1_000, 4, 1_000, 3, 10));
        List.of("a", "b", "c", "d", "e").forEach(id -> submit(lane, id, origin));
        drain(lane);
        assertThat(log.batches).containsExactly(List.of("a", "b"), List.of("c", "d"), List.of("e"));
    }

    @Test
    void aBatchEndsAtItsByteLimitAndLosesNothing() throws InterruptedException {
        Lane lane = lane(new LaneLimits(100, 1_000, 100, 25, 3, 10));
        List.of("a", "b", "c", "d", "e").forEach(id -> submit(lane, id, origin));
        drain(lane);
        assertThat(log.batches).containsExactly(List.of("a", "b"), List.of("c", "d"), List.of("e"));
    }

    @Test
    void aFailedBatchIsTriedAgainWholeBeforeAnythingLater() throws InterruptedException {
        Lane lane = lane(LaneLimits.DEFAULT);
        var first = submit(lane, "a", origin);
        log.failures.add(() -> submit(lane, "b", origin));
        lane.runOnce(0);
        lane.runOnce(0);
        assertThat(log.batches).containsExactly(List.of("a"), List.of("a"), List.of("b"));
        assertThat(first).isCompleted();
        assertThat(pauses).containsExactly(LaneLimits.DEFAULT.retryPauseMillis());
    }

    @Test
    void afterTheLastAttemptNothingLaterOfTheConnectionIsStored() throws InterruptedException {
        Lane lane = lane(new LaneLimits(100, 1_000, 2, 1_000, 2, 10));
        var first = submit(lane, "a", origin);
        var second = submit(lane, "b", origin);
        var unharmed = submit(lane, "c", other);
        log.failures.add(() -> {});
        log.failures.add(() -> {});
        drain(lane);
        var late = submit(lane, "d", origin);
        drain(lane);
        assertThat(log.batches).containsExactly(List.of("a"), List.of("a"), List.of("c"));
        assertThat(first).isCompletedExceptionally();
        assertThat(second).isCompletedExceptionally();
        assertThat(late).isCompletedExceptionally();
        assertThat(unharmed).isCompleted();
        assertThat(counters.sendsFailed.sum()).isEqualTo(3);
    }

    @Test
    void aFullLaneTakesNothingMoreOfThatConnection() throws InterruptedException {
        Lane lane = lane(new LaneLimits(2, 1_000, 100, 1_000, 2, 10));
        var unharmed = submit(lane, "a", other);
        var earlier = submit(lane, "b", origin);
        var refused = submit(lane, "c", origin);
        assertThat(refused).isCompletedExceptionally();
        drain(lane);
        assertThat(unharmed).isCompleted();
        assertThat(earlier).isCompletedExceptionally();
        assertThat(log.batches).containsExactly(List.of("a"));
    }

    @Test
    void waitingBytesAreBounded() {
        Lane lane = lane(new LaneLimits(100, 25, 100, 1_000, 2, 10));
        assertThat(submit(lane, "a", other)).isNotDone();
        assertThat(submit(lane, "b", other)).isNotDone();
        assertThat(submit(lane, "c", origin)).isCompletedExceptionally();
    }

    @Test
    void refusalsAndRepeatsAreAnsweredAsSuch() throws InterruptedException {
        Lane lane = lane(LaneLimits.DEFAULT);
        var repeated = submit(lane, "repeat", origin);
        var refused = submit(lane, "refuse", origin);
        lane.runOnce(0);
        assertThat(repeated).isCompletedWithValue(new SendOutcome.Stored(7, 8, 9));
        assertThat(refused).isCompletedWithValue(new SendOutcome.Refused(Refusal.UNKNOWN_CONVERSATION));
    }

    private Lane lane(LaneLimits limits) {
        DeliveryListener listener = new DeliveryListener() {
            @Override
            public void delivered(String uid, Conversation conversation, long seq) {}

            @Override
            public void sent(String uid, Conversation conversation, long seq) {}
        };
        Delivery delivery = new Delivery(
                null,
                null,
                null,
                new SilentDownlink(),
                Runnable::run,
                new CursorBook(null, InstantSource.system(), counters),
                null,
                DeliveryLimits.DEFAULT,
                listener,
                counters,
                InboxListener.NONE);
        InstantSource clock = InstantSource.fixed(java.time.Instant.ofEpochMilli(5));
        return new Lane(log, delivery, limits, clock, pauses::add, counters);
    }

    private static CompletableFuture<SendOutcome> submit(Lane lane, String id, SendOrigin origin) {
        return lane.submit(new Draft(CONVERSATION, "alice", "ios:x", id, new byte[10]), origin)
                .toCompletableFuture();
    }

    private static void drain(Lane lane) throws InterruptedException {
        while (lane.waiting() > 0) {
            lane.runOnce(0);
        }
        lane.runOnce(0);
    }

    /** Stores in a list; fails as often as it is told to. */
    private static final class ScriptedLog implements MessageLog {
        final List<List<String>> batches = new ArrayList<>();
        final Deque<Runnable> failures = new ArrayDeque<>();
        private long seq;

        @Override
        public List<Appended> append(List<Draft> batch, long nowMillis) {
            batches.add(batch.stream().map(Draft::clientMessageId).toList());
            if (!failures.isEmpty()) {
                failures.poll().run();
                throw new StorageException("told to fail", null);
            }
            return batch.stream().map(draft -> appended(draft, nowMillis)).toList();
        }

        private Appended appended(Draft draft, long nowMillis) {
            if (draft.clientMessageId().equals("repeat")) {
                return new Appended.Repeated(7, 8, 9);
            }
            if (draft.clientMessageId().equals("refuse")) {
                return new Appended.Refused(Refusal.UNKNOWN_CONVERSATION);
            }
            StoredMessage message = new StoredMessage(
                    draft.conversation(),
                    ++seq,
                    draft.sender(),
                    draft.senderDevice(),
                    draft.clientMessageId(),
                    nowMillis,
                    draft.content());
            return new Appended.Stored(
                    message, List.of(new InboxPosition("alice", seq), new InboxPosition("bob", seq)));
        }
    }

    private static final class SilentDownlink implements Downlink {
        @Override
        public OutgoingMessage prepare(StoredMessage message) {
            return (connection, inboxSeq) -> {};
        }

        @Override
        public GatheredMessage gather(StoredMessage message) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void push(EntryStream stream, Entry.OfEvent entry) {}

        @Override
        public void notice(ConnectionKey connection, Notice notice) {}

        @Override
        public void close(ConnectionKey connection, CloseReason reason) {}
    }
}
