package io.hongyan.im.core.feed;

import io.hongyan.im.core.feed.Feed.FeedPage;
import io.hongyan.im.core.message.BlockingWork;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Reads the feed for whoever keeps a position of their own; waits for events where there are none yet. */
public final class ReadFeed {
    /** Events of a page where nothing is said. */
    public static final int EVENTS_DEFAULT = 100;

    /** Events of a page. */
    public static final int EVENTS_MAX = 1_000;

    private static final long BYTES_MAX = 4L << 20;

    /** Readers that wait; further ones get an empty page at once. */
    private static final int WAITING_MAX = 256;

    private final Feed feed;
    private final BlockingWork blocking;
    private final InstantSource clock;
    private final ConcurrentLinkedQueue<Waiting> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waitingCount = new AtomicInteger();

    private record Waiting(FeedPosition after, int eventsMax, long untilMillis, CompletableFuture<FeedPage> answer) {}

    private record Place(FeedPosition after, int eventsMax) {}

    public ReadFeed(Feed feed, BlockingWork blocking, InstantSource clock) {
        this.feed = feed;
        this.blocking = blocking;
        this.clock = clock;
    }

    /**
     * The next events of all partitions. Does not block.
     *
     * @param eventsMax 1 to {@link #EVENTS_MAX}
     * @param waitMillis how long to wait for the first event where there is none
     * @return an empty page where none came; exceptionally if the storage failed
     */
    public CompletionStage<FeedPage> read(FeedPosition after, int eventsMax, long waitMillis) {
        return blocking.submit(() -> page(after, eventsMax)).thenCompose(page -> {
            if (!page.items().isEmpty() || waitMillis == 0 || !page.next().equals(after)) {
                return CompletableFuture.completedFuture(page);
            }
            if (waitingCount.incrementAndGet() > WAITING_MAX) {
                waitingCount.decrementAndGet();
                return CompletableFuture.completedFuture(page);
            }
            Waiting reader = new Waiting(after, eventsMax, clock.millis() + waitMillis, new CompletableFuture<>());
            waiting.add(reader);
            return reader.answer;
        });
    }

    /**
     * Looks whether there is anything for those who wait; who stands at one place shares a look, and all who have read
     * to the end do. To be called again and again, by one thread; blocks.
     */
    public void serveWaiting() {
        long now = clock.millis();
        Map<Place, FeedPage> looked = new HashMap<>();
        for (Waiting reader : List.copyOf(waiting)) {
            try {
                FeedPage page = looked.computeIfAbsent(
                        new Place(reader.after, reader.eventsMax), place -> page(place.after, place.eventsMax));
                if (!page.items().isEmpty() || now >= reader.untilMillis) {
                    leave(reader);
                    reader.answer.complete(page);
                }
            } catch (RuntimeException trouble) {
                leave(reader);
                reader.answer.completeExceptionally(trouble);
            }
        }
    }

    private void leave(Waiting reader) {
        waiting.remove(reader);
        waitingCount.decrementAndGet();
    }

    private FeedPage page(FeedPosition after, int eventsMax) {
        return feed.read(after, FeedPosition.END, Partitions.all(), eventsMax, BYTES_MAX);
    }
}
