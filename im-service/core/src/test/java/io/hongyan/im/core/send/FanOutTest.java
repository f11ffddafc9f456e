package io.hongyan.im.core.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.MessagingLimits;
import io.hongyan.im.core.Storage;
import io.hongyan.im.core.group.GroupChange.Created;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.inbox.CursorBook;
import io.hongyan.im.core.inbox.Delivery;
import io.hongyan.im.core.inbox.InboxListener;
import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.metrics.MessagingCounters;
import io.hongyan.im.core.simulation.InMemoryStorage;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
final class FanOutTest {
    private static final FanOutLimits LIMITS = new FanOutLimits(2, 1, 1_000, 500, 10, 35);
    private static final List<String> UIDS = List.of("a", "b", "c");

    private final InMemoryStorage memory = new InMemoryStorage(new GroupLimits(10, 10, 10, 1, 1, 10, 10));
    private final Storage storage = memory.ports();
    private final MessagingCounters counters = new MessagingCounters();
    private final List<Long> pauses = new ArrayList<>();
    private final List<String> calls = new ArrayList<>();
    private final InstantSource clock = this::now;
    private long nowMillis = 5_000;
    private int failures;
    private boolean failsWhenDone;
    private int looksAtMembers;

    @BeforeEach
    void makeUsers() {
        UIDS.forEach(memory::ensure);
    }

    @Test
    void openMarkersOfBeforeTheStartAreFound() throws InterruptedException {
        group("g");
        FanOut fanOut = fanOut("one");

        assertThat(fanOut.runOnce(0)).isTrue();

        assertThat(calls).containsExactly("open", "advance g");
    }

    @Test
    void conversationsTakeTurns() throws InterruptedException {
        group("g");
        group("h");
        FanOut fanOut = fanOut("one");

        fanOut.runOnce(0);
        fanOut.runOnce(0);

        assertThat(calls).containsExactly("open", "advance g", "advance h", "open", "advance g", "advance h");
    }

    @Test
    void everybodyHasItInTheEndAndThenThereIsNothingToDo() throws InterruptedException {
        group("g");
        FanOut fanOut = fanOut("one");
        while (fanOut.runOnce(0)) {
            assertThat(calls).hasSizeLessThan(20);
        }
        assertThat(UIDS).allMatch(uid -> memory.head(uid) == 1);
        assertThat(counters.fanOutRows.sum()).isEqualTo(3);
        calls.clear();

        assertThat(fanOut.runOnce(0)).isFalse();
        assertThat(calls).as("it has looked just before").isEmpty();
    }

    @Test
    void idleWorkerLooksWhenWokenAndNowAndThen() throws InterruptedException {
        FanOut fanOut = fanOut("one");
        fanOut.runOnce(0);
        calls.clear();

        fanOut.runOnce(0);
        assertThat(calls).isEmpty();
        fanOut.wake();
        fanOut.wake();
        fanOut.runOnce(1_000);
        assertThat(calls).containsExactly("open");
        fanOut.runOnce(0);
        assertThat(calls).hasSize(1);
        nowMillis += LIMITS.pollMillis();
        fanOut.runOnce(0);
        assertThat(calls).hasSize(2);
    }

    @Test
    void failedStepIsTakenAgainAfterPausesThatGrow() throws InterruptedException {
        group("g");
        FanOut fanOut = fanOut("one");
        failures = 4;

        for (int i = 0; i < 4; i++) {
            assertThat(fanOut.runOnce(0)).isTrue();
        }
        assertThat(pauses).containsExactly(10L, 20L, 35L, 35L);
        assertThat(counters.fanOutStepsFailed.sum()).isEqualTo(4);
        while (fanOut.runOnce(0)) {
            assertThat(calls).hasSizeLessThan(30);
        }
        assertThat(UIDS).allMatch(uid -> memory.head(uid) == 1);
        failures = 1;
        group("h");
        fanOut.wake();
        fanOut.runOnce(0);
        assertThat(pauses).endsWith(10L);
    }

    @Test
    void recipientsAreToldToLookWhereTheLastStepFailedThoughItWasTaken() throws InterruptedException {
        group("g");
        FanOut fanOut = fanOut("one");
        fanOut.runOnce(0);
        fanOut.runOnce(0);
        failsWhenDone = true;
        fanOut.runOnce(0);
        assertThat(UIDS).allMatch(uid -> memory.head(uid) == 1);
        assertThat(looksAtMembers).isZero();

        assertThat(fanOut.runOnce(0)).as("nothing is open any more").isFalse();
        assertThat(looksAtMembers).isEqualTo(1);
    }

    @Test
    void membersThatCouldNotBeToldToLookAreToldLater() {
        group("g");
        List<Runnable> waiting = new ArrayList<>();
        RecipientRefresh refresh = new RecipientRefresh(storage.groups(), delivery(), new BlockingWork(work -> {
            if (failures-- > 0) {
                throw new RejectedExecutionException("told to fail");
            }
            waiting.add(work);
        }));
        failures = 2;
        refresh.all(Conversation.group("g"));
        refresh.again();
        assertThat(waiting).isEmpty();
        refresh.again();
        refresh.again();
        assertThat(waiting).as("once").hasSize(1);
    }

    @Test
    void anotherWorkerGoesOnWhenTheLeaseIsOver() throws InterruptedException {
        group("g");
        FanOut one = fanOut("one");
        FanOut other = fanOut("other");
        one.runOnce(0);

        assertThat(other.runOnce(0)).isFalse();
        nowMillis += LIMITS.leaseMillis();
        while (other.runOnce(0)) {
            assertThat(one.runOnce(0)).as("it has lost the lease").isFalse();
        }

        assertThat(UIDS).allMatch(uid -> memory.head(uid) == 1);
    }

    private void group(String id) {
        Draft draft = new Draft(
                Conversation.group(id),
                "a",
                "web:x",
                "create",
                new byte[1],
                new Created("a", "", false, 0, List.of("b", "c")));
        assertThat(memory.append(List.of(draft), nowMillis).get(0)).isInstanceOf(Appended.Stored.class);
    }

    private Delivery delivery() {
        return new Delivery(
                storage.inbox(),
                storage.groups(),
                null,
                new LaneTest.SilentDownlink(),
                Runnable::run,
                new CursorBook(null, clock, counters),
                null,
                MessagingLimits.DEFAULT.delivery(),
                new LaneTest.SilentListener(),
                counters,
                InboxListener.NONE);
    }

    private FanOut fanOut(String worker) {
        Delivery delivery = delivery();
        RecipientRefresh refresh = new RecipientRefresh(storage.groups(), delivery, new BlockingWork(work -> {
            looksAtMembers++;
            work.run();
        }));
        return new FanOut(new FailingLog(), delivery, refresh, worker, LIMITS, clock, pauses::add, counters);
    }

    private Instant now() {
        return Instant.ofEpochMilli(nowMillis);
    }

    /** Fails as often as it is told to. */
    private final class FailingLog implements FanOutLog {
        @Override
        public List<Marker> open(String worker, int markersMax, long millis) {
            calls.add("open");
            return storage.fanOut().open(worker, markersMax, millis);
        }

        @Override
        public boolean isOpen(Conversation conversation, long seq) {
            return storage.fanOut().isOpen(conversation, seq);
        }

        @Override
        public Step advance(Marker marker, String worker, int recipientsMax, long millis, long leaseMillis) {
            calls.add("advance " + marker.conversation().id());
            if (failures-- > 0) {
                throw new StorageException("told to fail", null);
            }
            Step step = storage.fanOut().advance(marker, worker, recipientsMax, millis, leaseMillis);
            if (failsWhenDone && step instanceof Step.Written written && written.done()) {
                throw new StorageException("told to fail", null);
            }
            return step;
        }
    }
}
