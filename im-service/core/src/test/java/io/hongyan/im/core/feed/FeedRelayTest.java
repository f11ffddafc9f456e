package io.hongyan.im.core.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.data.DataEpoch;
import io.hongyan.im.core.feed.FeedBody.Receipt;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.simulation.InMemoryFeed;
import io.hongyan.starters.Seeds;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(30)
final class FeedRelayTest {
    private static final RelayLimits LIMITS = new RelayLimits(64, 1_000, 8, 400, 100, 1_000, 9_000, 250, 100);

    private final InMemoryFeed storage = new InMemoryFeed();
    private final FeedCounters counters = new FeedCounters();
    private final RecordingSink sink = new RecordingSink();
    private final Map<Conversation, Long> heads = new HashMap<>();
    private long now = 1_000_000;
    private DataEpoch epoch = new DataEpoch("first", 0);

    @Test
    void everythingIsSentOnceInOrderWhereNothingFails() throws InterruptedException {
        FeedRelay relay = relay("one");
        write(new Random(1), 500);
        run(relay, 200);
        assertThat(sink.events).hasSize(500).doesNotHaveDuplicates();
        assertThatEverythingArrived();
        assertThat(counters.value(FeedCounter.EVENTS_SENT)).isEqualTo(500);
    }

    @Test
    void aPartitionHasOneBatchUnderWay() throws InterruptedException {
        sink.answersAtOnce = false;
        FeedRelay relay = relay("one");
        write(new Random(2), 500);
        run(relay, 20);
        assertThat(sink.open).hasSizeGreaterThan(3);
        assertThat(sink.open.stream().map(Sent::partition)).doesNotHaveDuplicates();
        assertThat(sink.open)
                .allSatisfy(sent -> assertThat(sent.batch.size()).isLessThanOrEqualTo(LIMITS.batchEventsMax()));
        sink.answersAtOnce = true;
        sink.answerAll();
        run(relay, 200);
        assertThatEverythingArrived();
    }

    @Test
    void aPartitionThatFailsStaysAndTheOthersGoOn() throws InterruptedException {
        FeedRelay relay = relay("one");
        write(new Random(3), 300);
        int failing = Partitions.of(FeedKeys.user("user0"));
        sink.fails = sent -> sent.partition == failing;
        run(relay, 300);
        Set<String> missing = new HashSet<>(allEvents());
        missing.removeAll(sink.events);
        assertThat(missing)
                .isNotEmpty()
                .allSatisfy(name -> assertThat(Partitions.of(name.substring(0, name.indexOf('#'))))
                        .isEqualTo(failing));
        assertThat(counters.partitionsFailing.get()).isEqualTo(1);
        assertThat(counters.eventsBehind.get()).isPositive();

        sink.fails = sent -> false;
        now += LIMITS.pauseMillisMax();
        run(relay, 300);
        assertThatEverythingArrived();
        now += 1_000;
        run(relay, 1);
        assertThat(counters.partitionsFailing.get()).isZero();
        assertThat(counters.eventsBehind.get()).isZero();
    }

    @Test
    void oneEventThatIsHeldUpIsSeen() throws InterruptedException {
        FeedRelay relay = relay("one");
        storage.append(List.of(receipt("alice", 1)));
        sink.fails = sent -> true;
        run(relay, 50);
        assertThat(counters.eventsBehind.get()).isEqualTo(1);
        assertThat(counters.partitionsFailing.get()).isEqualTo(1);
    }

    @Test
    void pausesGrowUpToTheirLimit() throws InterruptedException {
        FeedRelay relay = relay("one");
        storage.append(List.of(receipt("alice", 1)));
        sink.fails = sent -> true;
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < 4_000; i++) {
            int before = sink.calls;
            relay.runOnce(0);
            if (sink.calls > before) {
                times.add(now);
            }
            now += 1;
        }
        List<Long> pauses = new ArrayList<>();
        for (int i = 1; i < times.size(); i++) {
            pauses.add((times.get(i) - times.get(i - 1)) / 100);
        }
        assertThat(pauses.subList(0, 6)).containsExactly(1L, 2L, 4L, 8L, 10L, 10L);
    }

    @Test
    void aBatchIsSmallerAfterAFailureAndGrowsAgain() throws InterruptedException {
        FeedRelay relay = relay("one");
        for (int i = 1; i <= 60; i++) {
            storage.append(List.of(receipt("alice", i)));
        }
        sink.fails = sent -> sink.calls <= 2;
        for (int i = 0; i < 20; i++) {
            run(relay, 3);
            now += 400;
        }
        assertThat(sink.sizes.subList(0, 6)).containsExactly(8, 4, 2, 4, 8, 8);
        assertThat(sink.events).hasSize(60).doesNotHaveDuplicates();
    }

    @Test
    void whoTakesOverAfterADeathRepeatsAndLosesNothing() throws InterruptedException {
        FeedRelay first = relay("one");
        write(new Random(4), 200);
        run(first, 1);
        now += 300;
        sink.answersAtOnce = false;
        run(first, 3);
        FeedRelay second = relay("two");
        run(second, 5);
        assertThat(counters.partitionsHeld.get()).as("the lease is not over").isZero();

        now += LIMITS.leaseMillis();
        sink.answersAtOnce = true;
        write(new Random(5), 50);
        run(second, 200);
        sink.answerAll();
        assertThatEverythingArrived();
        assertThat(sink.events.size()).as("some came twice").isGreaterThan(new HashSet<>(sink.events).size());
    }

    @Test
    void aRelayThatWasThoughtDeadSendsNothingMore() throws InterruptedException {
        FeedRelay first = relay("one");
        write(new Random(6), 50);
        run(first, 50);
        now += LIMITS.leaseMillis() + 1;
        FeedRelay second = relay("two");
        run(second, 50);
        write(new Random(7), 50);
        int calls = sink.calls;
        run(first, 50);
        assertThat(sink.calls).isEqualTo(calls);
        run(second, 50);
        assertThatEverythingArrived();
    }

    @Test
    void aStoppedRelayLeavesNothingToRepeat() throws InterruptedException {
        FeedRelay first = relay("one");
        write(new Random(8), 100);
        run(first, 100);
        first.stop();
        FeedRelay second = relay("two");
        run(second, 100);
        assertThat(sink.events).hasSize(100).doesNotHaveDuplicates();
        assertThat(counters.partitionsHeld.get()).isEqualTo(Partitions.COUNT);
    }

    @Test
    void whoWasKilledAndComesBackUnderItsNameDoesNotWaitForItsOwnLease() throws InterruptedException {
        FeedRelay killed = relay("one");
        write(new Random(10), 100);
        run(killed, 100);
        write(new Random(11), 100);

        FeedRelay back = relay("one");
        run(back, 100);
        assertThat(sink.events).hasSizeGreaterThanOrEqualTo(200);
        assertThatEverythingArrived();
    }

    @Test
    void troubleOfTheStorageIsOvercome() throws InterruptedException {
        Random random = new Random(9);
        FeedRelay relay = new FeedRelay(
                storage,
                new FailingPartitions(random),
                sink,
                "one",
                () -> epoch,
                LIMITS,
                () -> java.time.Instant.ofEpochMilli(now),
                counters);
        for (int i = 0; i < 40; i++) {
            write(random, 10);
            run(relay, 10);
            now += 200;
        }
        run(relay, 200);
        assertThatEverythingArrived();
        assertThat(counters.value(FeedCounter.STORAGE_FAILURES)).isPositive();
    }

    @Test
    void whatWasReadInAnEarlierEpochIsNotSentInTheNext() throws InterruptedException {
        sink.answersAtOnce = false;
        FeedRelay relay = relay("one");
        write(new Random(10), 500);
        run(relay, 20);
        int underWay = sink.open.size();
        assertThat(underWay).isPositive();

        epoch = new DataEpoch("second", now);
        run(relay, 20);
        assertThat(sink.epochs)
                .as("waits for what is under way")
                .hasSize(underWay)
                .containsOnly("first");

        // It is answered, and the positions that it moves are those of the epoch that is over: they are not stored.
        sink.answerAll();
        sink.answersAtOnce = true;
        run(relay, 200);
        assertThat(sink.epochs.subList(underWay, sink.epochs.size())).containsOnly("second");
        assertThat(sink.events.size() - 500).as("sent again").isPositive();
        assertThatEverythingArrived();
        assertThat(counters.value(FeedCounter.PARTITIONS_LOST)).isZero();
    }

    static List<Long> seeds() {
        return Seeds.of(FeedRelayTest.class);
    }

    /** Sinks that fail, fail after having sent, answer late; relays that die; anything in any order. */
    @ParameterizedTest
    @MethodSource("seeds")
    void atLeastOnceAndInOrderPerKeyWhateverHappens(long seed) throws InterruptedException {
        Random random = new Random(seed);
        FeedRelay relay = relay("relay0");
        for (int step = 0; step < 600; step++) {
            write(random, random.nextInt(10));
            sink.fails = sent -> random.nextInt(4) == 0;
            sink.sentAllTheSame = random.nextBoolean();
            sink.answersAtOnce = random.nextInt(3) > 0;
            run(relay, random.nextInt(4));
            now += random.nextInt(500);
            if (random.nextBoolean()) {
                sink.answerAll();
            }
            if (random.nextInt(20) == 0) {
                if (random.nextBoolean()) {
                    relay.stop();
                }
                relay = relay("relay" + step);
            }
        }
        sink.fails = sent -> false;
        sink.answersAtOnce = true;
        sink.answerAll();
        now += LIMITS.leaseMillis();
        for (int i = 0; i < 50; i++) {
            run(relay, 20);
            now += 200;
        }
        assertThatEverythingArrived();
    }

    private FeedRelay relay(String holder) {
        return new FeedRelay(
                storage,
                storage,
                sink,
                holder,
                () -> epoch,
                LIMITS,
                () -> java.time.Instant.ofEpochMilli(now),
                counters);
    }

    private static void run(FeedRelay relay, int turns) throws InterruptedException {
        for (int i = 0; i < turns; i++) {
            relay.runOnce(0);
        }
    }

    private void write(Random random, int count) {
        for (int i = 0; i < count; i++) {
            if (random.nextBoolean()) {
                Conversation conversation = Conversation.group("group" + random.nextInt(20));
                long seq = heads.merge(conversation, 1L, Long::sum);
                storage.stored(new StoredMessage(conversation, seq, seq, "alice", "web:a", "m" + i, now, new byte[30]));
            } else {
                storage.append(List.of(receipt("user" + random.nextInt(20), i)));
            }
        }
    }

    private EventDraft receipt(String uid, long seq) {
        return new EventDraft(now, new Receipt(uid, Conversation.group("g"), seq, 0));
    }

    private List<String> allEvents() {
        return storage
                .read(FeedPosition.START, FeedPosition.END, Partitions.all(), 1_000_000, 1L << 40)
                .events()
                .stream()
                .map(FeedRelayTest::name)
                .toList();
    }

    /** By the rule readers are given: per key, what is not above the last number is a repetition. */
    private void assertThatEverythingArrived() {
        Map<String, Long> last = new HashMap<>();
        Map<String, List<String>> seen = new LinkedHashMap<>();
        for (String name : sink.events) {
            String key = name.substring(0, name.indexOf('#'));
            long seq = Long.parseLong(name.substring(name.indexOf('#') + 1));
            if (seq > last.getOrDefault(key, 0L)) {
                last.put(key, seq);
                seen.computeIfAbsent(key, same -> new ArrayList<>()).add(name);
            }
        }
        Map<String, List<String>> expected = new LinkedHashMap<>();
        allEvents()
                .forEach(name -> expected.computeIfAbsent(
                                name.substring(0, name.indexOf('#')), same -> new ArrayList<>())
                        .add(name));
        assertThat(seen).isEqualTo(expected);
    }

    private static String name(FeedEvent event) {
        return event.key() + '#' + event.keySeq();
    }

    private record Sent(int partition, List<String> batch, CompletableFuture<Void> answer) {}

    private static final class RecordingSink implements FeedSink {
        private final List<String> events = new ArrayList<>();
        private final List<Integer> sizes = new ArrayList<>();
        /** Of the batches, in the order in which they were sent. */
        private final List<String> epochs = new ArrayList<>();

        private final List<Sent> open = new ArrayList<>();
        private boolean answersAtOnce = true;
        private boolean sentAllTheSame;
        private Predicate<Sent> fails = sent -> false;
        private int calls;

        @Override
        public CompletionStage<Void> send(int partition, List<FeedEvent> batch, DataEpoch epoch) {
            calls++;
            epochs.add(epoch.id());
            sizes.add(batch.size());
            Sent sent =
                    new Sent(partition, batch.stream().map(FeedRelayTest::name).toList(), new CompletableFuture<>());
            open.add(sent);
            if (answersAtOnce) {
                answer(sent);
            }
            return sent.answer;
        }

        void answerAll() {
            List.copyOf(open).forEach(this::answer);
        }

        private void answer(Sent sent) {
            open.remove(sent);
            boolean failed = fails.test(sent);
            if (!failed || sentAllTheSame) {
                events.addAll(sent.batch);
            }
            if (failed) {
                sent.answer.completeExceptionally(new IllegalStateException("the sink fails"));
            } else {
                sent.answer.complete(null);
            }
        }
    }

    /** Every fourth call fails, done or not. */
    private final class FailingPartitions implements FeedPartitions {
        private final Random random;

        FailingPartitions(Random random) {
            this.random = random;
        }

        private <T> T perhaps(java.util.function.Supplier<T> call) {
            if (random.nextInt(4) > 0) {
                return call.get();
            }
            if (random.nextBoolean()) {
                call.get();
            }
            throw new StorageException("simulated", null);
        }

        @Override
        public List<Held> claim(String holder, BitSet wanted, long nowMillis, long leaseUntilMillis) {
            return perhaps(() -> storage.claim(holder, wanted, nowMillis, leaseUntilMillis));
        }

        @Override
        public BitSet renew(Collection<Held> held, long leaseUntilMillis) {
            return perhaps(() -> storage.renew(held, leaseUntilMillis));
        }

        @Override
        public BitSet moveTo(Collection<Held> positions) {
            return perhaps(() -> storage.moveTo(positions));
        }

        @Override
        public void release(Collection<Held> held) {
            storage.release(held);
        }
    }

    @Test
    void waitingForAnAnswerEndsWhenItComes() throws InterruptedException {
        sink.answersAtOnce = false;
        storage.append(List.of(receipt("alice", 1)));
        FeedRelay relay = relay("one");
        run(relay, 5);
        CountDownLatch done = new CountDownLatch(1);
        Thread waiter = new Thread(() -> {
            try {
                relay.runOnce(TimeUnit.MINUTES.toMillis(5));
                done.countDown();
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        });
        waiter.start();
        sink.answerAll();
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(counters.value(FeedCounter.EVENTS_SENT)).isEqualTo(1);
    }
}
