package io.hongyan.im.core.feed;

import io.hongyan.im.core.data.DataEpoch;
import io.hongyan.im.core.feed.Feed.FeedPage;
import io.hongyan.im.core.feed.Feed.Item;
import io.hongyan.im.core.feed.Feed.Lag;
import io.hongyan.im.core.feed.FeedPartitions.Held;
import io.hongyan.im.core.message.StorageException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the feed to a sink: partition by partition, one batch of each under way, each event at least once. Positions
 * are noted behind what was sent, so a crash in between repeats events and loses none. A partition whose batch fails
 * stands still and tries again, the others go on. When the data is of another epoch, what was read is forgotten and the
 * stored positions count. Called by one thread.
 */
public final class FeedRelay {
    private static final Logger LOG = LoggerFactory.getLogger(FeedRelay.class);
    private static final long LAG_MILLIS = 1_000;

    private final Feed feed;
    private final FeedPartitions store;
    private final FeedSink sink;
    private final String holder;
    private final Supplier<DataEpoch> epoch;
    private final RelayLimits limits;
    private final InstantSource clock;
    private final FeedCounters counters;

    /** Null where a partition is not held. */
    private final RelayPartition[] partitions = new RelayPartition[Partitions.COUNT];

    private final LinkedBlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
    /** Of which epoch everything is that was read. */
    private DataEpoch readIn;

    private long leaseUntilMillis;
    private long nextLeaseMillis;
    private long nextMoveMillis;
    private long nextLagMillis;
    private long lastReadMillis;

    /** What became of a batch; of a partition that was lost and taken again meanwhile, the older holding's. */
    private record Answer(RelayPartition partition, Throwable trouble) {}

    /**
     * @param holder names this relay among all that there are; one that was killed takes up its partitions at once if it
     *     comes back under the same name
     * @param epoch of the data, as it is known now
     */
    public FeedRelay(
            Feed feed,
            FeedPartitions store,
            FeedSink sink,
            String holder,
            Supplier<DataEpoch> epoch,
            RelayLimits limits,
            InstantSource clock,
            FeedCounters counters) {
        this.feed = feed;
        this.store = store;
        this.sink = sink;
        this.holder = holder;
        this.epoch = epoch;
        this.readIn = epoch.get();
        this.limits = limits;
        this.clock = clock;
        this.counters = counters;
    }

    /**
     * Does what is to be done now; where that is nothing, waits for an answer of the sink, at most so long.
     *
     * @return whether there was anything
     */
    public boolean runOnce(long waitMillis) throws InterruptedException {
        boolean busy = settleAnswers();
        if (!followsEpoch()) {
            settle(answers.poll(waitMillis, TimeUnit.MILLISECONDS));
            return false;
        }
        try {
            long now = clock.millis();
            keepLeases(now);
            moveIfDue(now);
            lookBehind(now);
            busy |= read(now);
        } catch (StorageException trouble) {
            counters.increment(FeedCounter.STORAGE_FAILURES);
            LOG.warn("the feed cannot be read or its positions not be written: {}", trouble.toString());
        }
        busy |= send(clock.millis());
        counters.partitionsHeld.set(held().count());
        counters.partitionsFailing.set(held().filter(RelayPartition::isFailing).count());
        if (!busy) {
            settle(answers.poll(waitMillis, TimeUnit.MILLISECONDS));
        }
        return busy;
    }

    /** Notes what was sent and gives the partitions back. What is under way will be sent again. */
    public void stop() {
        settleAnswers();
        move();
        store.release(held().map(RelayPartition::held).toList());
        held().forEach(this::lose);
    }

    /**
     * Where the data is of another epoch, waits until nothing is under way, so that nothing of the one before comes late, and
     * begins anew from the stored positions.
     *
     * @return false while it waits
     */
    private boolean followsEpoch() {
        DataEpoch now = epoch.get();
        if (now.equals(readIn)) {
            return true;
        }
        if (held().anyMatch(RelayPartition::isSending)) {
            return false;
        }
        Arrays.fill(partitions, null);
        nextLeaseMillis = 0;
        readIn = now;
        return true;
    }

    private boolean settleAnswers() {
        boolean any = false;
        for (Answer answer = answers.poll(); answer != null; answer = answers.poll()) {
            settle(answer);
            any = true;
        }
        return any;
    }

    private void settle(Answer answer) {
        if (answer == null || partitions[answer.partition.number()] != answer.partition) {
            return;
        }
        if (answer.trouble == null) {
            counters.increment(FeedCounter.BATCHES_SENT);
            counters.add(FeedCounter.EVENTS_SENT, answer.partition.succeeded());
        } else {
            counters.increment(FeedCounter.BATCHES_FAILED);
            if (!answer.partition.isFailing()) {
                // For people, the sink says it once for all partitions.
                LOG.debug(
                        "partition {} of the feed cannot be sent; it is tried again: {}",
                        answer.partition.number(),
                        answer.trouble.toString());
            }
            answer.partition.failed(clock.millis());
        }
    }

    private void keepLeases(long now) {
        if (now < nextLeaseMillis) {
            return;
        }
        long until = now + limits.leaseMillis();
        BitSet kept = store.renew(held().map(RelayPartition::held).toList(), until);
        held().filter(one -> !kept.get(one.number())).forEach(this::lose);
        BitSet missing = Partitions.all();
        missing.andNot(kept);
        if (!missing.isEmpty()) {
            for (Held held : store.claim(holder, missing, now, until)) {
                partitions[held.partition()] = new RelayPartition(held, limits);
            }
        }
        leaseUntilMillis = until;
        nextLeaseMillis = now + limits.leaseMillis() / 3;
    }

    private void moveIfDue(long now) {
        if (now >= nextMoveMillis) {
            move();
            nextMoveMillis = now + limits.moveMillis();
        }
    }

    private void move() {
        List<Held> positions = held().filter(RelayPartition::hasMoved)
                .map(RelayPartition::held)
                .toList();
        if (positions.isEmpty()) {
            return;
        }
        BitSet refused = store.moveTo(positions);
        for (Held position : positions) {
            RelayPartition partition = partitions[position.partition()];
            if (refused.get(position.partition())) {
                lose(partition);
            } else {
                partition.stored(position.position());
            }
        }
    }

    private void lose(RelayPartition partition) {
        partitions[partition.number()] = null;
        counters.increment(FeedCounter.PARTITIONS_LOST);
    }

    /** Partitions that stand at one position share a page: a scan of the log costs the same for one and for all. */
    private boolean read(long now) {
        if (now >= leaseUntilMillis) {
            return false;
        }
        boolean othersSend = held().anyMatch(one -> !one.isDone() && !one.isFailing());
        if (othersSend && now - lastReadMillis < limits.gatherMillis()) {
            return false;
        }
        Map<FeedPosition, List<RelayPartition>> cohorts = new LinkedHashMap<>();
        held().filter(RelayPartition::isDone)
                .forEach(one -> cohorts.computeIfAbsent(one.read(), position -> new ArrayList<>())
                        .add(one));
        boolean any = false;
        for (Map.Entry<FeedPosition, List<RelayPartition>> cohort : cohorts.entrySet()) {
            any |= read(cohort.getKey(), cohort.getValue());
        }
        if (any) {
            lastReadMillis = now;
        }
        return any;
    }

    private boolean read(FeedPosition after, List<RelayPartition> cohort) {
        BitSet wanted = new BitSet(Partitions.COUNT);
        cohort.forEach(one -> wanted.set(one.number()));
        FeedPage page = feed.read(after, nextStop(after), wanted, limits.pageEventsMax(), limits.pageBytesMax());
        if (page.next().equals(after)) {
            return false;
        }
        for (RelayPartition one : cohort) {
            List<Item> items = page.items().stream()
                    .filter(item -> item.partition() == one.number())
                    .toList();
            one.take(items, page.next());
        }
        return true;
    }

    /** Who lags reads up to where others stand and not further, and so falls in with them. */
    private FeedPosition nextStop(FeedPosition after) {
        return new FeedPosition(
                nextAbove(after.message(), FeedPosition::message), nextAbove(after.event(), FeedPosition::event));
    }

    private long nextAbove(long after, ToLongFunction<FeedPosition> part) {
        return held().map(RelayPartition::read)
                .mapToLong(part)
                .filter(place -> place > after)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    private boolean send(long now) {
        if (now >= leaseUntilMillis) {
            return false;
        }
        List<RelayPartition> ready = held().filter(one -> one.mayBegin(now)).toList();
        ready.forEach(this::send);
        return !ready.isEmpty();
    }

    private void send(RelayPartition partition) {
        List<FeedEvent> batch = partition.begin();
        CompletionStage<Void> sent;
        try {
            sent = sink.send(partition.number(), batch, readIn);
        } catch (RuntimeException trouble) {
            sent = CompletableFuture.failedFuture(trouble);
        }
        sent.whenComplete((done, trouble) -> answers.add(new Answer(partition, trouble)));
    }

    /** Now and then: how much is not sent yet. Rows are counted over all partitions, a partition's share is a guess. */
    private void lookBehind(long now) {
        if (now < nextLagMillis) {
            return;
        }
        nextLagMillis = now + LAG_MILLIS;
        Map<FeedPosition, Integer> standing = new LinkedHashMap<>();
        held().forEach(one -> standing.merge(one.sent(), 1, Integer::sum));
        long behind = 0;
        long oldest = 0;
        for (Map.Entry<FeedPosition, Integer> place : standing.entrySet()) {
            Lag lag = feed.lag(place.getKey());
            // Rounded up: where anything is behind, this says so.
            behind += (lag.events() * place.getValue() + Partitions.COUNT - 1) / Partitions.COUNT;
            if (lag.events() > 0) {
                oldest = Math.max(oldest, now - lag.oldestAtMillis());
            }
        }
        counters.eventsBehind.set(behind);
        counters.oldestAgeMillis.set(oldest);
    }

    private Stream<RelayPartition> held() {
        return Stream.of(partitions).filter(Objects::nonNull);
    }
}
