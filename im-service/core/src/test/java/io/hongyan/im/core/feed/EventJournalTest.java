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

@Timeout(10)
final class EventJournalTest {
    private final List<List<String>> batches = new ArrayList<>();
    private final List<Long> pauses = new ArrayList<>();
    private final FeedCounters counters = new FeedCounters();
    private int failures;

    private final EventLog log = new EventLog() {
        @Override
        public void append(List<Occurrence> batch) {
            if (failures > 0) {
                failures--;
                throw new StorageException("simulated", null);
            }
            batches.add(batch.stream().map(EventJournalTest::name).toList());
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
        EventJournal journal = journal(JournalLimits.DEFAULT);
        var first = hand(journal, "a");
        var second = hand(journal, "b");
        assertThat(first).isNotDone();
        assertThat(journal.runOnce(0)).isTrue();
        assertThat(batches).containsExactly(List.of("a", "b"));
        assertThat(first).isCompleted();
        assertThat(second).isCompleted();
        assertThat(journal.waiting()).isZero();
        assertThat(journal.runOnce(0)).isFalse();
    }

    @Test
    void batchesEndAtTheirLimits() throws InterruptedException {
        EventJournal journal = journal(new JournalLimits(100, 1_000, 2, 25, 3, 10));
        List.of("a", "b", "c").forEach(name -> hand(journal, name));
        journal.hand(report("r1", 20));
        journal.hand(report("r2", 20));
        journal.hand(report("r3", 40));
        drain(journal);
        assertThat(batches).containsExactly(List.of("a", "b"), List.of("c", "r1"), List.of("r2"), List.of("r3"));
    }

    @Test
    void aFailedBatchIsTriedAgainWhole() throws InterruptedException {
        EventJournal journal = journal(JournalLimits.DEFAULT);
        var first = hand(journal, "a");
        failures = 2;
        drain(journal);
        assertThat(batches).containsExactly(List.of("a"));
        assertThat(first).isCompleted();
        assertThat(pauses).containsExactly(100L, 200L);
    }

    @Test
    void afterTheLastAttemptOnlyWhatNobodyCanHandInAgainStays() throws InterruptedException {
        EventJournal journal = journal(new JournalLimits(100, 1_000, 10, 1_000, 2, 10));
        var given = hand(journal, "a");
        journal.handSurely(event("sure"));
        failures = 2;
        assertThat(journal.runOnce(0)).isTrue();
        assertThat(given).isCompletedExceptionally();
        assertThat(batches).isEmpty();
        var later = hand(journal, "b");
        drain(journal);
        assertThat(batches).containsExactly(List.of("sure", "b"));
        assertThat(later).isCompleted();
        assertThat(journal.waiting()).isZero();
        assertThat(counters.eventsFailed.sum()).isEqualTo(1);
    }

    @Test
    void aFullJournalRefusesButNotWhatIsSure() throws InterruptedException {
        EventJournal journal = journal(new JournalLimits(2, 1_000, 10, 1_000, 2, 10));
        hand(journal, "a");
        hand(journal, "b");
        assertThat(hand(journal, "c")).isCompletedExceptionally();
        journal.handSurely(event("sure"));
        drain(journal);
        assertThat(batches).containsExactly(List.of("a", "b", "sure"));
        assertThat(hand(journal, "d")).isNotDone();
    }

    @Test
    void whoWouldHandInSurelyIsToldThatThereIsNoRoom() throws InterruptedException {
        EventJournal journal = journal(new JournalLimits(2, 1_000, 10, 1_000, 2, 10));
        journal.requireRoom();
        hand(journal, "a");
        journal.requireRoom();
        hand(journal, "b");
        assertThatThrownBy(journal::requireRoom).isInstanceOf(StorageException.class);
        assertThat(counters.eventsRefused.sum()).isEqualTo(1);
        drain(journal);
        journal.requireRoom();
        assertThat(journal.waiting()).isZero();
    }

    @Test
    void waitingBytesAreBounded() throws InterruptedException {
        EventJournal journal = journal(new JournalLimits(100, 50, 10, 1_000, 2, 10));
        journal.hand(report("r1", 40));
        assertThat(journal.hand(report("r2", 20)).toCompletableFuture()).isCompletedExceptionally();
        drain(journal);
        assertThat(journal.hand(report("r3", 20)).toCompletableFuture()).isNotDone();
    }

    @Test
    void withoutAFeedNothingIsStoredAndNobodyWaits() throws InterruptedException {
        EventJournal journal = new EventJournal(log, JournalLimits.DEFAULT, pauses::add, counters, false);
        assertThat(hand(journal, "a")).isCompleted();
        journal.handSurely(event("b"));
        journal.requireRoom();
        assertThat(journal.runOnce(0)).isFalse();
        assertThat(batches).isEmpty();
    }

    private EventJournal journal(JournalLimits limits) {
        return new EventJournal(log, limits, pauses::add, counters, true);
    }

    private static CompletableFuture<Void> hand(EventJournal journal, String name) {
        return journal.hand(event(name)).toCompletableFuture();
    }

    private static void drain(EventJournal journal) throws InterruptedException {
        while (journal.runOnce(0)) {
            // Until nothing waits.
        }
    }

    private static Occurrence event(String name) {
        return new Occurrence(1, new NodeStarted(name));
    }

    private static Occurrence report(String name, int bytes) {
        return new Occurrence(1, new Reported("alice", "web:a", name, new byte[bytes]));
    }

    private static String name(Occurrence occurrence) {
        return occurrence.body() instanceof Reported report
                ? report.destination()
                : ((NodeStarted) occurrence.body()).node();
    }
}
