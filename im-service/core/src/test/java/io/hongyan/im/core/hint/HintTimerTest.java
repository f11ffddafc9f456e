package io.hongyan.im.core.hint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hongyan.im.core.Storage;
import io.hongyan.im.core.inbox.Devices.CursorMove;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.PartialResult;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.simulation.InMemoryStorage;
import io.hongyan.metrics.Counters;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class HintTimerTest {
    private static final long START = 1_800_000_000_000L;
    private static final long DELAY = HintLimits.DEFAULT.delayMillis();
    private static final DeviceKey PHONE = new DeviceKey("bob", "ios:phone");

    private final Storage storage = new InMemoryStorage().ports();
    private final AtomicLong now = new AtomicLong(START);
    private final ConcurrentLinkedQueue<Hint> sent = new ConcurrentLinkedQueue<>();
    private final Counters<HintCounter> counters = new Counters<>(HintCounter.class);
    private HintTimer timer = timer(storage.hints(), HintLimits.DEFAULT);
    private int messages;

    @BeforeEach
    void users() {
        List.of("alice", "bob", "carol").forEach(storage.users()::ensure);
        // Looks for what an earlier process may have left.
        timer.run();
    }

    @Test
    void whatNobodyHasReceivedIsToldOnceAfterTheDelay() {
        message("alice", "bob");
        passes(DELAY);
        assertThat(sent).isEmpty();
        passes(500);
        assertThat(sent).containsExactly(new Hint("bob", 1, 1, Conversation.direct("alice", "bob"), "alice", START));
        passes(10 * DELAY);
        assertThat(sent).hasSize(1);
        assertThat(timer.pending()).isZero();
    }

    @Test
    void whatWasReceivedInTheMeantimeIsNotToldAndNotLookedUp() {
        message("alice", "bob");
        passes(DELAY / 2);
        timer.acknowledged("bob", 1);
        passes(2 * DELAY);
        assertThat(sent).isEmpty();
        assertThat(counters.value(HintCounter.LOOKUPS)).isZero();
        assertThat(timer.pending()).isZero();
    }

    @Test
    void whatTheStorageKnowsToBeReceivedIsNotTold() {
        message("alice", "bob");
        received(1);
        passes(2 * DELAY);
        assertThat(sent).isEmpty();
        assertThat(counters.value(HintCounter.LOOKUPS)).isEqualTo(1);
    }

    @Test
    void severalMessagesGiveOneHintWithTheirNumberAndTheNewest() {
        message("alice", "bob");
        message("bob", "alice");
        message("alice", "bob");
        passes(1_000);
        message("carol", "bob");
        passes(DELAY);
        Conversation newest = Conversation.direct("bob", "carol");
        assertThat(sent).contains(new Hint("bob", 3, 4, newest, "carol", START + 1_000));
        assertThat(sent).extracting(Hint::uid).containsExactlyInAnyOrder("bob", "alice");
    }

    @Test
    void theNextMessageGivesTheNextHint() {
        message("alice", "bob");
        passes(2 * DELAY);
        message("carol", "bob");
        passes(2 * DELAY);
        assertThat(sent).extracting(Hint::undelivered).containsExactly(1, 2);
        assertThat(sent).extracting(Hint::inboxSeq).containsExactly(1L, 2L);
    }

    @Test
    void whoeverReceivesWithALagIsNotToldAndWhoeverStopsIs() {
        for (int seq = 1; seq <= 200; seq++) {
            message("alice", "bob");
            timer.acknowledged("bob", seq - 1);
            passes(100);
        }
        assertThat(sent).as("while bob is one message behind").isEmpty();
        assertThat(counters.value(HintCounter.LOOKUPS)).isZero();
        message("alice", "bob");
        passes(2 * DELAY + 500);
        assertThat(sent).extracting(Hint::inboxSeq).containsExactly(201L);
        assertThat(sent).extracting(Hint::undelivered).containsExactly(2);
    }

    @Test
    void twoNodesTellAnEntryOnce() {
        HintTimer other = timer(storage.hints(), HintLimits.DEFAULT);
        other.run();
        long seq = message("alice", "bob");
        other.announced("bob", seq);
        for (int i = 0; i < 100; i++) {
            now.addAndGet(100);
            timer.run();
            other.run();
        }
        assertThat(sent).hasSize(1);
        assertThat(counters.value(HintCounter.KNOWN)).isEqualTo(1);
    }

    @Test
    void aStartTimesWhatWasStoredInTheLastMinuteAndNotTold() {
        HintTimer dead = timer;
        long told = message("alice", "carol");
        dead.announced("carol", told);
        passes(2 * DELAY);
        message("alice", "bob");
        sent.clear();

        now.addAndGet(30_000);
        timer = timer(storage.hints(), HintLimits.DEFAULT);
        passes(DELAY + 500);
        assertThat(sent).extracting(Hint::uid).containsExactly("bob");

        now.addAndGet(61_000);
        message("alice", "carol");
        now.addAndGet(61_000);
        timer = timer(storage.hints(), HintLimits.DEFAULT);
        passes(2 * DELAY);
        assertThat(sent).as("that was too long ago").hasSize(1);
    }

    @Test
    void aStorageThatFailsIsAskedAgain() {
        FailingHints failing = new FailingHints(storage.hints());
        timer = timer(failing, HintLimits.DEFAULT);
        passes(200);
        failing.failuresOfLookUps = 1;
        failing.failuresOfClaims = 1;
        message("alice", "bob");
        now.addAndGet(DELAY + 500);
        assertThatThrownBy(timer::run).isInstanceOf(StorageException.class);
        now.addAndGet(DELAY + 500);
        assertThatThrownBy(timer::run).isInstanceOf(StorageException.class);
        assertThat(sent).isEmpty();
        passes(2 * DELAY);
        assertThat(sent).hasSize(1);
        assertThat(timer.pending()).isZero();
    }

    @Test
    void usersWhomTheStorageDoesNotKnowNowAreAskedForAgainAndTheOthersTold() {
        FailingHints failing = new FailingHints(storage.hints());
        timer = timer(failing, HintLimits.DEFAULT);
        passes(200);
        message("alice", "bob");
        message("alice", "carol");
        failing.unknown = "bob";
        passes(2 * DELAY);
        assertThat(sent).extracting(Hint::uid).containsExactly("carol");
        failing.unclaimed = "bob";
        failing.unknown = null;
        passes(2 * DELAY);
        assertThat(sent).hasSize(1);
        failing.unclaimed = null;
        passes(2 * DELAY);
        assertThat(sent).extracting(Hint::uid).containsExactly("carol", "bob");
        assertThat(timer.pending()).isZero();
    }

    @Test
    void aClaimWhoseAnswerWasLostIsNotToldTwice() {
        FailingHints failing = new FailingHints(storage.hints());
        timer = timer(failing, HintLimits.DEFAULT);
        passes(200);
        failing.answersLost = 1;
        message("alice", "bob");
        now.addAndGet(DELAY + 500);
        assertThatThrownBy(timer::run).isInstanceOf(StorageException.class);
        passes(3 * DELAY);
        assertThat(sent).as("at most once").isEmpty();
        assertThat(timer.pending()).isZero();
    }

    @Test
    void usersAboveTheLimitAreNotTimedButCounted() {
        timer = timer(storage.hints(), new HintLimits(DELAY, 2, 100));
        message("carol", "alice");
        message("alice", "bob");
        message("alice", "carol");
        message("alice", "bob");
        assertThat(timer.pending()).isEqualTo(2);
        assertThat(counters.value(HintCounter.NOT_TIMED)).isEqualTo(1);
        passes(2 * DELAY);
        assertThat(sent).extracting(Hint::uid).containsExactlyInAnyOrder("alice", "bob");
    }

    @Test
    void aClockThatIsSetBackDelaysNothing() {
        message("alice", "bob");
        passes(DELAY / 2);
        now.addAndGet(-3_600_000);
        passes(DELAY / 2 + 500);
        assertThat(sent).hasSize(1);
    }

    @Test
    void nothingIsLostWhileManyThreadsAnnounce() throws InterruptedException {
        LargestClaim claims = new LargestClaim();
        timer = timer(claims, HintLimits.DEFAULT);
        int threads = 4;
        int users = 50;
        int seqs = 400;
        CountDownLatch done = new CountDownLatch(threads);
        for (int t = 0; t < threads; t++) {
            int first = t;
            new Thread(() -> {
                        for (int i = 0; i < users * seqs; i++) {
                            // Each user's entries are announced by one thread, in order.
                            int user = i % users;
                            String uid = "user" + (user * threads + first);
                            claims.stored(uid, i / users + 1L);
                            timer.announced(uid, i / users + 1L);
                        }
                        done.countDown();
                    })
                    .start();
        }
        while (done.getCount() > 0) {
            passes(1_000);
        }
        passes(3 * DELAY);
        assertThat(timer.pending()).isZero();
        assertThat(claims.claimed).hasSize(threads * users).containsValue((long) seqs);
        assertThat(claims.claimed.values()).containsOnly((long) seqs);
    }

    private HintTimer timer(Hints hints, HintLimits limits) {
        return new HintTimer(hints, sent::add, () -> Instant.ofEpochMilli(now.get()), limits, counters);
    }

    /** Stores a message and announces it as the delivery does. */
    private long message(String from, String to) {
        Draft draft = new Draft(Conversation.direct(from, to), from, "ios:x", "m" + ++messages, new byte[0]);
        Appended.Stored stored = (Appended.Stored)
                storage.log().append(List.of(draft), now.get()).get(0);
        long seq = stored.positions().get(1).seq();
        timer.announced(to, seq);
        return seq;
    }

    private void received(long seq) {
        storage.devices().register(PHONE, 8, now.get());
        storage.devices().moveCursors(List.of(new CursorMove(PHONE, seq)), now.get());
    }

    /** Time goes on, with the driver at work. */
    private void passes(long millis) {
        for (long gone = 0; gone < millis; gone += 100) {
            now.addAndGet(100);
            timer.run();
        }
    }

    /** Answers some calls with trouble. */
    private static final class FailingHints implements Hints {
        private final Hints inner;
        private int failuresOfLookUps;
        private int failuresOfClaims;
        private int answersLost;
        private String unknown;
        private String unclaimed;

        private static PartialResult<String> left(String uid) {
            return new PartialResult<>(Set.of(uid), new StorageException("as the test wants", null));
        }

        FailingHints(Hints inner) {
            this.inner = inner;
        }

        @Override
        public Facts undelivered(Collection<Question> questions, int countMax) {
            if (failuresOfLookUps-- > 0) {
                throw new StorageException("as the test wants", null);
            }
            Facts facts = inner.undelivered(
                    questions.stream().filter(one -> !one.uid().equals(unknown)).toList(), countMax);
            return unknown == null ? facts : new Facts(facts.undelivered(), left(unknown));
        }

        @Override
        public Won claim(Collection<Claim> claims) {
            if (failuresOfClaims-- > 0) {
                throw new StorageException("as the test wants", null);
            }
            Won won = inner.claim(
                    claims.stream().filter(one -> !one.uid().equals(unclaimed)).toList());
            won = unclaimed == null ? won : new Won(won.uids(), left(unclaimed));
            if (answersLost-- > 0) {
                throw new StorageException("as the test wants", null);
            }
            return won;
        }

        @Override
        public Slice recent(long afterUser, long sinceMillis, int usersMax) {
            return inner.recent(afterUser, sinceMillis, usersMax);
        }
    }

    /** Inboxes of which nothing is ever received. */
    private static final class LargestClaim implements Hints {
        private final Map<String, Long> heads = new HashMap<>();
        private final Map<String, Long> claimed = new HashMap<>();

        synchronized void stored(String uid, long seq) {
            heads.put(uid, seq);
        }

        @Override
        public synchronized Facts undelivered(Collection<Question> questions, int countMax) {
            List<Undelivered> all = new ArrayList<>();
            for (Question question : questions) {
                String uid = question.uid();
                long head = heads.get(uid);
                Newest newest = new Newest(head, Conversation.group("g"), "alice", START);
                all.add(new Undelivered(uid, 0, head, 1, newest, claimed.getOrDefault(uid, 0L)));
            }
            return new Facts(all);
        }

        @Override
        public synchronized Won claim(Collection<Claim> claims) {
            claims.forEach(claim -> claimed.merge(claim.uid(), claim.inboxSeq(), Math::max));
            return new Won(Set.of());
        }

        @Override
        public Slice recent(long afterUser, long sinceMillis, int usersMax) {
            return new Slice(0, List.of());
        }
    }
}
