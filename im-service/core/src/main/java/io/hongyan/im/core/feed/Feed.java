package io.hongyan.im.core.feed;

import io.hongyan.im.core.message.StorageException;
import java.util.BitSet;
import java.util.List;

/**
 * Everything that is stored, as events one after the other: messages, and what {@link EventLog} was given. Events of
 * one key come in the order of their numbers, each at its own place for ever. Safe for many threads; blocks. Throws
 * {@link StorageException}.
 */
public interface Feed {
    /**
     * What stands behind {@code after}, up to and including {@code upTo}, in some partitions. Of events that are no
     * messages, those that were trimmed are missing.
     *
     * @param upTo each of its parts above the same part of {@code after}
     * @param partitions numbers below {@link Partitions#COUNT}
     * @param eventsMax at least 1
     * @param bytesMax content of the page; one event is always given
     */
    FeedPage read(FeedPosition after, FeedPosition upTo, BitSet partitions, int eventsMax, long bytesMax);

    /** How much there is behind a position, in all partitions together. */
    Lag lag(FeedPosition after);

    /**
     * One page.
     *
     * @param next where to go on; behind {@code after} if anything was there, be it in other partitions
     * @param trimmed whether events behind {@code after} are no longer kept
     */
    record FeedPage(List<Item> items, FeedPosition next, boolean trimmed) {
        public List<FeedEvent> events() {
            return items.stream().map(Item::event).toList();
        }
    }

    /**
     * An event at its place.
     *
     * @param position of its partitions everything up to here stands at or before this item
     */
    record Item(int partition, FeedPosition position, FeedEvent event) {}

    /** @param oldestAtMillis when the first of them happened, 0 where there is none */
    record Lag(long events, long oldestAtMillis) {}
}
