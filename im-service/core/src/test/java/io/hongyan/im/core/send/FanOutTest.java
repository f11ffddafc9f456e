package io.hongyan.im.core.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.Storage;
import io.hongyan.im.core.cluster.OtherNodes;
import io.hongyan.im.core.group.GroupChange.Created;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.inbox.CursorBook;
import io.hongyan.im.core.inbox.Delivery;
import io.hongyan.im.core.inbox.DeliveryCounters;
import io.hongyan.im.core.inbox.DeliveryLimits;
import io.hongyan.im.core.inbox.InboxListener;
import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.simulation.InMemoryStorage;
import io.hongyan.im.core.work.FairQueue;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class FanOutTest {
    private static final FanOutLimits LIMITS = new FanOutLimits(2, 1, 0, 1_000, 500, 50, 10, 35);
    private static final List<String> UIDS = List.of("a", "b", "c");

    private final InMemoryStorage memory = new InMemoryStorage(new GroupLimits(10, 10, 10, 1, 1, 500, 10, 10));
    private final Storage storage = memory.ports();
    private final SendCounters counters = new SendCounters();
    private final List<Long> pauses = new ArrayList<>();
    private final List<String> calls = new ArrayList<>();
    private final InstantSource clock = this::now;
    private long nowMillis = 5_000;
    private int failures;
    private Supplier<RuntimeException> failure = () -> new StorageException("told to fail", null);
    private boolean doneAllTheSame;
    private int membersRead;
    private boolean untold;

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
        assertThat(counters.value(SendCounter.FAN_OUT_ROWS)).isEqualTo(3);
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
        assertThat(counters.value(SendCounter.FAN_OUT_STEPS_FAILED)).isEqualTo(4);
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
    void membersThatCouldNotBeToldToLookAreToldLater() {
        group("g");
        List<Runnable> waiting = new ArrayList<>();
        RecipientRefresh refresh = new RecipientRefresh(
                storage.groups(),
                delivery(),
                new BlockingWork(work -> {
                    if (failures-- > 0) {
                        throw new RejectedExecutionException("told to fail");
                    }
                    waiting.add(work);
                }),
                OtherNodes.NONE);
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

    @Test
    void whatComesSoonAfterAStepIsGathered() throws InterruptedException {
        FanOut fanOut = fanOut("one", new FanOutLimits(2, 100, 25, 1_000, 500, 50, 10, 35));
        assertThat(fanOut.runOnce(0)).isFalse();
        group("g");
        group("h");
        fanOut.wake();

        assertThat(fanOut.runOnce(0)).isTrue();
        assertThat(calls).as("both in one step").containsExactly("open", "open", "advance g");
        assertThat(pauses).as("the first is not held up").isEmpty();
        nowMillis += 5;
        fanOut.runOnce(0);
        assertThat(pauses).containsExactly(20L);
        fanOut.runOnce(0);
        assertThat(pauses).as("nothing came").hasSize(1);
        assertThat(UIDS).allMatch(uid -> memory.head(uid) == 2);
        assertThat(counters.value(SendCounter.FAN_OUT_STEPS)).isEqualTo(1);
        assertThat(counters.value(SendCounter.FAN_OUT_ENTRIES)).isEqualTo(2);
    }

    @Test
    void fullStepIsFollowedByTheNextAtOnce() throws InterruptedException {
        group("g");
        FanOut fanOut = fanOut("one", new FanOutLimits(2, 2, 25, 1_000, 500, 50, 10, 35));

        fanOut.runOnce(0);
        fanOut.runOnce(0);

        assertThat(UIDS).allMatch(uid -> memory.head(uid) == 1);
        assertThat(pauses).isEmpty();
    }

    @Test
    void clockThatIsSetBackHoldsNothingUp() throws InterruptedException {
        group("g");
        FanOut fanOut = fanOut("one", new FanOutLimits(2, 100, 25, 1_000, 500, 50, 10, 35));
        fanOut.runOnce(0);
        nowMillis -= 1_000;

        fanOut.runOnce(0);

        assertThat(pauses).containsExactly(25L);
    }

    @Test
    void mistakeIsTriedAgainLikeTroubleOfTheStorage() throws InterruptedException {
        group("g");
        FanOut fanOut = fanOut("one");
        failures = 1;
        failure = () -> new IllegalStateException("a mistake");

        while (fanOut.runOnce(0)) {
            assertThat(calls).hasSizeLessThan(20);
        }

        assertThat(UIDS).allMatch(uid -> memory.head(uid) == 1);
        assertThat(counters.value(SendCounter.FAN_OUT_STEPS_FAILED)).isEqualTo(1);
    }

    @Test
    void afterAStepThatWasTakenAndSeemedToFailEverybodyIsTold() throws InterruptedException {
        group("g");
        FanOut fanOut = fanOut("one", new FanOutLimits(2, 100, 0, 1_000, 500, 50, 10, 35));
        failures = 1;
        doneAllTheSame = true;

        fanOut.runOnce(0);
        assertThat(UIDS).allMatch(uid -> memory.head(uid) == 1);
        assertThat(membersRead).isZero();
        assertThat(fanOut.runOnce(0)).as("no marker is left").isFalse();
        assertThat(membersRead).isEqualTo(1);
        fanOut.wake();
        fanOut.runOnce(0);
        assertThat(membersRead).isEqualTo(1);
    }

    @Test
    void whereALostStepMayHaveWrittenInboxesEverybodyIsTold() throws InterruptedException {
        group("g");
        FanOut fanOut = fanOut("one", new FanOutLimits(2, 100, 0, 1_000, 500, 50, 10, 35));
        untold = true;

        fanOut.runOnce(0);

        assertThat(membersRead).isEqualTo(1);
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
        DeliveryCounters delivered = new DeliveryCounters();
        return new Delivery(
                new Delivery.Stores(
                        storage.inbox(), storage.groups(), null, new CursorBook(null, clock, delivered), null),
                new LaneTest.SilentDownlink(),
                FairQueue.over(Runnable::run),
                DeliveryLimits.DEFAULT,
                new LaneTest.SilentListener(),
                InboxListener.NONE,
                delivered);
    }

    private FanOut fanOut(String worker) {
        return fanOut(worker, LIMITS);
    }

    private FanOut fanOut(String worker, FanOutLimits limits) {
        Delivery delivery = delivery();
        BlockingWork counted = new BlockingWork(work -> {
            membersRead++;
            work.run();
        });
        RecipientRefresh refresh = new RecipientRefresh(storage.groups(), delivery, counted, OtherNodes.NONE);
        FanOutBacklog backlog = new FanOutBacklog(storage.fanOut(), 500, counters);
        return new FanOut(
                new FailingLog(),
                delivery,
                refresh,
                backlog,
                worker,
                limits,
                clock,
                pauses::add,
                counters,
                OtherNodes.NONE);
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
        public Step advance(List<Marker> markers, String worker, int recipientsMax, long millis, long leaseMillis) {
            calls.add("advance " + markers.get(0).conversation().id());
            if (failures-- > 0) {
                if (doneAllTheSame) {
                    storage.fanOut().advance(markers, worker, recipientsMax, millis, leaseMillis);
                }
                throw failure.get();
            }
            Step step = storage.fanOut().advance(markers, worker, recipientsMax, millis, leaseMillis);
            return new Step(
                    step.written().stream()
                            .map(one -> new Written(one.message(), one.positions(), one.done(), one.reached(), untold))
                            .toList(),
                    step.served());
        }
    }
}
