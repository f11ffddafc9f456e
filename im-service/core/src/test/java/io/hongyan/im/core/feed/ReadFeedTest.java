package io.hongyan.im.core.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.feed.Feed.FeedPage;
import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.message.StorageException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class ReadFeedTest {
    private static final FeedPosition HERE = new FeedPosition(7, 0);

    private final CountedFeed storage = new CountedFeed();
    private long now = 1_000_000;
    private final ReadFeed readFeed =
            new ReadFeed(storage, new BlockingWork(Runnable::run), () -> Instant.ofEpochMilli(now));

    @Test
    void whoWaitsIsAnsweredWhenThereIsSomething() {
        CompletableFuture<FeedPage> answer = read(5_000);
        readFeed.serveWaiting();
        assertThat(answer).isNotDone();

        storage.filled = true;
        readFeed.serveWaiting();
        assertThat(answer.join().items()).hasSize(1);
    }

    @Test
    void whoWaitsForNothingIsAnsweredWhenTheTimeIsUp() {
        CompletableFuture<FeedPage> answer = read(5_000);
        now += 5_000;
        readFeed.serveWaiting();
        assertThat(answer.join().items()).isEmpty();
    }

    @Test
    void thoseWhoWaitAtOnePlaceCostOneLook() {
        List<CompletableFuture<FeedPage>> answers =
                IntStream.range(0, 50).mapToObj(i -> read(5_000)).toList();
        storage.reads = 0;
        readFeed.serveWaiting();
        assertThat(storage.reads).isOne();

        storage.filled = true;
        readFeed.serveWaiting();
        assertThat(storage.reads).isEqualTo(2);
        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.join().items()).hasSize(1));
    }

    @Test
    void storageTroubleIsToldToWhoWaits() {
        CompletableFuture<FeedPage> answer = read(5_000);
        storage.broken = true;
        readFeed.serveWaiting();
        assertThat(answer).isCompletedExceptionally();
    }

    private CompletableFuture<FeedPage> read(long waitMillis) {
        return readFeed.read(HERE, 10, waitMillis).toCompletableFuture();
    }

    /** Empty, or with one event. */
    private static final class CountedFeed implements Feed {
        private boolean filled;
        private boolean broken;
        private int reads;

        @Override
        public FeedPage read(FeedPosition after, FeedPosition upTo, BitSet partitions, int eventsMax, long bytesMax) {
            reads++;
            if (broken) {
                throw new StorageException("broken", null);
            }
            List<Item> items = new ArrayList<>();
            if (filled) {
                FeedEvent event = FeedEvent.of(1, new EventDraft(1, new FeedBody.NodeStarted("one")));
                items.add(new Item(0, new FeedPosition(after.message(), after.event() + 1), event));
            }
            return new FeedPage(items, filled ? items.get(0).position() : after, false);
        }

        @Override
        public Lag lag(FeedPosition after) {
            return new Lag(0, 0);
        }
    }
}
