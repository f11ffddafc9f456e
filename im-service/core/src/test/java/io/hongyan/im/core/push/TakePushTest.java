package io.hongyan.im.core.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.hongyan.im.core.feed.EventWriter;
import io.hongyan.im.core.feed.EventWriterLimits;
import io.hongyan.im.core.feed.FeedBody.PushRefused;
import io.hongyan.im.core.feed.FeedCounters;
import io.hongyan.im.core.feed.FeedPosition;
import io.hongyan.im.core.feed.Partitions;
import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.push.TakePush.Outcome;
import io.hongyan.im.core.simulation.InMemoryFeed;
import io.hongyan.im.core.simulation.InMemoryStorage;
import io.hongyan.metrics.Counters;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class TakePushTest {
    private static final byte[] CONTENT = "hello".getBytes(StandardCharsets.UTF_8);
    private static final PushLimits LIMITS = new PushLimits(10, 100, 2, 10_000, 5, 1_000);

    private final Pushes pushes = new InMemoryStorage().ports().pushes();
    private final InstantSource clock = () -> Instant.ofEpochMilli(1_800_000_000_000L);
    private final InMemoryFeed feed = new InMemoryFeed();
    private final EventWriter eventWriter =
            new EventWriter(feed, EventWriterLimits.DEFAULT, millis -> {}, new FeedCounters(), true);
    private final Counters<PushCounter> counters = new Counters<>(PushCounter.class);
    private final SubmitPush submitPush =
            new SubmitPush(pushes, new BlockingWork(Runnable::run), clock, LIMITS, counters, () -> {});
    private final TakePush takePush = new TakePush(submitPush, new PushEventsInFeed(eventWriter, clock), counters);

    @Test
    void aPushIsTakenOnceHoweverOftenItComes() {
        assertThat(take(push("p1", "alice"))).isCompletedWithValue(Outcome.TAKEN);
        assertThat(take(push("p1", "alice"))).isCompletedWithValue(Outcome.TAKEN);
        assertThat(pushes.take("w", 0, 1)).isPresent();
        assertThat(pushes.take("w", 0, 1)).isEmpty();
        assertThat(counters.value(PushCounter.MESSAGES_TAKEN)).isEqualTo(2);
        assertThat(counters.value(PushCounter.SUBMITTED)).isEqualTo(1);
    }

    @Test
    void whatIsRefusedIsDoneWithOnceTheFeedHasIt() throws InterruptedException {
        take(push("p1", "alice"));
        CompletableFuture<Outcome> another = take(push("p1", "bob"));
        assertThat(another).isNotDone();
        eventWriter.runOnce(0);
        assertThat(another).isCompletedWithValue(Outcome.REFUSED);
        take(push("with space", "bob"));
        takePush.refuse("p3", Refusal.NOT_ALLOWED, "No.", "m3");
        takePush.refuse("x".repeat(65), Refusal.MALFORMED, "No push.", "m4");
        eventWriter.runOnce(0);

        List<PushRefused> told =
                feed.read(FeedPosition.START, FeedPosition.END, Partitions.all(), 100, 10_000).events().stream()
                        .map(event -> (PushRefused) event.body())
                        .toList();
        assertThat(told)
                .extracting(PushRefused::pushId, PushRefused::refusal, PushRefused::messageId)
                .containsExactly(
                        tuple("p1", Refusal.EXISTS, "m"),
                        tuple("", Refusal.MALFORMED, "m"),
                        tuple("p3", Refusal.NOT_ALLOWED, "m3"),
                        tuple("", Refusal.MALFORMED, "m4"));
        assertThat(told.get(0).key()).isEqualTo("push:p1");
        assertThat(counters.value(PushCounter.MESSAGES_REFUSED)).isEqualTo(4);
    }

    @Test
    void whereTooManyAreOpenItIsForLater() {
        take(push("p1", "alice"));
        take(push("p2", "alice"));
        assertThat(take(push("p3", "alice"))).isCompletedWithValue(Outcome.LATER);
        assertThat(take(push("p2", "alice"))).as("one that is known").isCompletedWithValue(Outcome.TAKEN);
        pushes.finish(pushes.take("w", 1, 10).orElseThrow(), "w", 2);
        assertThat(take(push("p3", "alice"))).isCompletedWithValue(Outcome.TAKEN);
        assertThat(counters.value(PushCounter.MESSAGES_PUT_OFF)).isEqualTo(1);
        assertThat(eventWriter.waiting()).isZero();
    }

    @Test
    void whereNothingIsCertainItFails() throws InterruptedException {
        SubmitPush full = new SubmitPush(
                pushes,
                new BlockingWork(work -> {
                    throw new RejectedExecutionException("full");
                }),
                clock,
                LIMITS,
                counters,
                () -> {});
        TakePush busy = new TakePush(full, new PushEventsInFeed(eventWriter, clock), counters);
        assertThat(busy.take(push("p1", "alice"), "m").toCompletableFuture()).isCompletedExceptionally();

        EventWriter fullWriter =
                new EventWriter(feed, new EventWriterLimits(0, 0, 1, 1, 1, 1), millis -> {}, new FeedCounters(), true);
        TakePush untold = new TakePush(submitPush, new PushEventsInFeed(fullWriter, clock), counters);
        assertThat(untold.refuse("", Refusal.MALFORMED, "No push.", "m").toCompletableFuture())
                .isCompletedExceptionally();
        assertThat(counters.value(PushCounter.MESSAGES_TAKEN) + counters.value(PushCounter.MESSAGES_REFUSED))
                .isZero();
    }

    private CompletableFuture<Outcome> take(Push push) {
        return takePush.take(push, "m").toCompletableFuture();
    }

    private static Push push(String id, String to) {
        return new Push(id, "orders", List.of(to), PushMode.STORE, CONTENT);
    }
}
