package io.hongyan.im.core.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hongyan.im.core.feed.FeedBody.NodeStarted;
import io.hongyan.im.core.feed.FeedBody.Reported;
import io.hongyan.im.core.message.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class EventWriterTest {
    private static final String ALICE = "alice";

    private final List<List<String>> batches = new ArrayList<>();
    private final List<Long> pauses = new ArrayList<>();
    private final FeedCounters counters = new FeedCounters();
    private int failures;

    private final EventLog log = new EventLog() {
        @Override
        public void append(List<EventDraft> batch) {
            if (failures > 0) {
                failures--;
                throw new StorageException("simulated", null);
            }
            batches.add(batch.stream().map(EventWriterTest::name).toList());
        }

        @Override
        public long trim(long olderThanMillis, long eventsMax, boolean unsentKept) {
            return 0;
        }

        @Override
        public long trimMessages(long olderThanMillis, boolean unsentKept) {
            return 0;
        }
    };

    @Test
    void whatWaitsIsStoredInOneTransactionInOrder() throws InterruptedException {
        EventWriter eventWriter = writer(EventWriterLimits.DEFAULT);
        var first = hand(eventWriter, "a");
        var second = hand(eventWriter, "b");
        assertThat(first).isNotDone();
        assertThat(eventWriter.runOnce(0)).isTrue();
        assertThat(batches).containsExactly(List.of("a", "b"));
        assertThat(first).isCompleted();
        assertThat(second).isCompleted();
        assertThat(eventWriter.waiting()).isZero();
        assertThat(eventWriter.runOnce(0)).isFalse();
    }

    @Test
    void batchesEndAtTheirLimits() throws InterruptedException {
        EventWriter eventWriter = writer(new EventWriterLimits(100, 1_000, 2, 25, 3, 10));
        List.of("a", "b", "c").forEach(name -> hand(eventWriter, name));
        eventWriter.hand(report("r1", 20));
        eventWriter.hand(report("r2", 20));
        eventWriter.hand(report("r3", 40));
        drain(eventWriter);
        assertThat(batches).containsExactly(List.of("a", "b"), List.of("c", "r1"), List.of("r2"), List.of("r3"));
    }

    @Test
    void aFailedBatchIsTriedAgainWhole() throws InterruptedException {
        EventWriter eventWriter = writer(EventWriterLimits.DEFAULT);
        var first = hand(eventWriter, "a");
        failures = 2;
        drain(eventWriter);
        assertThat(batches).containsExactly(List.of("a"));
        assertThat(first).isCompleted();
        assertThat(pauses).containsExactly(100L, 200L);
    }

    @Test
    void afterTheLastAttemptOnlyWhatNobodyCanHandInAgainStays() throws InterruptedException {
        EventWriter eventWriter = writer(new EventWriterLimits(100, 1_000, 10, 1_000, 2, 10));
        var given = hand(eventWriter, "a");
        eventWriter.handSurely(event("sure"));
        failures = 2;
        assertThat(eventWriter.runOnce(0)).isTrue();
        assertThat(given).isCompletedExceptionally();
        assertThat(batches).isEmpty();
        var later = hand(eventWriter, "b");
        drain(eventWriter);
        assertThat(batches).containsExactly(List.of("sure", "b"));
        assertThat(later).isCompleted();
        assertThat(eventWriter.waiting()).isZero();
        assertThat(counters.value(FeedCounter.EVENTS_FAILED)).isEqualTo(1);
    }

    @Test
    void aFullWriterRefusesButNotWhatIsSure() throws InterruptedException {
        EventWriter eventWriter = writer(new EventWriterLimits(2, 1_000, 10, 1_000, 2, 10));
        hand(eventWriter, "a");
        hand(eventWriter, "b");
        assertThat(hand(eventWriter, "c")).isCompletedExceptionally();
        eventWriter.handSurely(event("sure"));
        drain(eventWriter);
        assertThat(batches).containsExactly(List.of("a", "b", "sure"));
        assertThat(hand(eventWriter, "d")).isNotDone();
    }

    @Test
    void whoWouldHandInSurelyIsToldThatThereIsNoRoom() throws InterruptedException {
        EventWriter eventWriter = writer(new EventWriterLimits(2, 1_000, 10, 1_000, 2, 10));
        eventWriter.requireRoom(ALICE);
        hand(eventWriter, "a");
        eventWriter.requireRoom(ALICE);
        hand(eventWriter, "b");
        assertThatThrownBy(() -> eventWriter.requireRoom(ALICE)).isInstanceOf(StorageException.class);
        assertThat(counters.value(FeedCounter.EVENTS_REFUSED)).isEqualTo(1);
        drain(eventWriter);
        eventWriter.requireRoom(ALICE);
        assertThat(eventWriter.waiting()).isZero();
    }

    @Test
    void waitingBytesAreBounded() throws InterruptedException {
        EventWriter eventWriter = writer(new EventWriterLimits(100, 50, 10, 1_000, 2, 10));
        eventWriter.hand(report("r1", 40));
        assertThat(eventWriter.hand(report("r2", 20)).toCompletableFuture()).isCompletedExceptionally();
        drain(eventWriter);
        assertThat(eventWriter.hand(report("r3", 20)).toCompletableFuture()).isNotDone();
    }

    /** While nothing can be stored one user fills what is the user's, in number and in bytes. */
    @Test
    void whatOneUserCausesLeavesRoomForTheOthers() throws InterruptedException {
        EventWriter eventWriter = writer(new EventWriterLimits(100, 1_000, 10, 1_000, 2, 10));
        for (int i = 0; i < 20; i++) {
            eventWriter.hand(report("large " + i, 100));
        }
        assertThat(eventWriter.waiting()).as("half the bytes").isEqualTo(5);
        for (int i = 0; i < 200; i++) {
            eventWriter.hand(report("empty " + i, 0));
        }
        assertThat(eventWriter.waiting()).as("half the events").isEqualTo(50);
        assertThatThrownBy(() -> eventWriter.requireRoom(ALICE)).isInstanceOf(StorageException.class);

        eventWriter.requireRoom("bob");
        CompletableFuture<Void> other = eventWriter
                .hand(new EventDraft(1, new Reported("bob", "web:b", "of bob", new byte[100])))
                .toCompletableFuture();
        for (int i = 0; i < 10; i++) {
            hand(eventWriter, "node " + i);
        }
        assertThat(eventWriter.waiting()).isEqualTo(61);
        drain(eventWriter);
        assertThat(other).isCompleted();
        assertThat(eventWriter.waiting()).isZero();
        eventWriter.requireRoom(ALICE);
    }

    /** Who hands in much waits for the own turn: a login does not wait for all reports of another user. */
    @Test
    void keysTakeTurnsAndEachKeepsItsOrder() throws InterruptedException {
        EventWriter eventWriter = writer(new EventWriterLimits(100, 10_000, 3, 150, 2, 10));
        for (int i = 1; i <= 5; i++) {
            eventWriter.hand(report("r" + i, 100));
        }
        hand(eventWriter, "a");
        eventWriter.hand(new EventDraft(1, new Reported("bob", "web:b", "b1", new byte[1])));
        eventWriter.hand(new EventDraft(1, new Reported("bob", "web:b", "b2", new byte[1])));
        drain(eventWriter);
        assertThat(batches)
                .containsExactly(
                        List.of("r1", "a", "b1"), List.of("r2", "b2"), List.of("r3"), List.of("r4"), List.of("r5"));
    }

    @Test
    void anEventThatComesEndsTheWait() throws Exception {
        EventWriter eventWriter = writer(EventWriterLimits.DEFAULT);
        CompletableFuture<Boolean> stored = new CompletableFuture<>();
        Thread writer = new Thread(() -> {
            try {
                stored.complete(eventWriter.runOnce(600_000));
            } catch (InterruptedException ended) {
                stored.completeExceptionally(ended);
            }
        });
        writer.start();
        hand(eventWriter, "a");
        assertThat(stored.get()).isTrue();
        writer.join();
        assertThat(batches).containsExactly(List.of("a"));
    }

    /** What is taken in any case counts for whom it is of: others are not refused for it. */
    @Test
    void whatIsSureCountsForItsUser() throws InterruptedException {
        EventWriter eventWriter = writer(new EventWriterLimits(10, 1_000, 10, 1_000, 2, 10));
        for (int i = 0; i < 5; i++) {
            eventWriter.handSurely(report("sure " + i, 100));
        }
        assertThatThrownBy(() -> eventWriter.requireRoom(ALICE)).isInstanceOf(StorageException.class);
        eventWriter.requireRoom("bob");
        drain(eventWriter);
        assertThat(eventWriter.waiting()).isZero();
        eventWriter.requireRoom(ALICE);
    }

    @Test
    void withoutAFeedNothingIsStoredAndNobodyWaits() throws InterruptedException {
        EventWriter eventWriter = new EventWriter(log, EventWriterLimits.DEFAULT, pauses::add, counters, false);
        assertThat(hand(eventWriter, "a")).isCompleted();
        eventWriter.handSurely(event("b"));
        eventWriter.requireRoom(ALICE);
        assertThat(eventWriter.runOnce(0)).isFalse();
        assertThat(batches).isEmpty();
    }

    private EventWriter writer(EventWriterLimits limits) {
        return new EventWriter(log, limits, pauses::add, counters, true);
    }

    private static CompletableFuture<Void> hand(EventWriter eventWriter, String name) {
        return eventWriter.hand(event(name)).toCompletableFuture();
    }

    private static void drain(EventWriter eventWriter) throws InterruptedException {
        while (eventWriter.runOnce(0)) {
            // Until nothing waits.
        }
    }

    private static EventDraft event(String name) {
        return new EventDraft(1, new NodeStarted(name));
    }

    private static EventDraft report(String name, int bytes) {
        return new EventDraft(1, new Reported(ALICE, "web:a", name, new byte[bytes]));
    }

    private static String name(EventDraft eventDraft) {
        return eventDraft.body() instanceof Reported report
                ? report.destination()
                : ((NodeStarted) eventDraft.body()).node();
    }
}
