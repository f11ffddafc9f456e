package io.hongyan.im.app.fault;

import io.hongyan.im.core.Storage;
import io.hongyan.im.core.feed.Feed;
import io.hongyan.im.core.feed.FeedBody;
import io.hongyan.im.core.feed.FeedPosition;
import io.hongyan.im.core.feed.FeedStorage;
import java.util.BitSet;
import java.util.List;

/**
 * Leaves every tenth message of a conversation out of the feed, as if its event had been dropped before it was sent.
 */
record LeakyFeed(Feed feed) implements Feed {
    private static final int DROPPED_OF = 10;

    static Storage around(Storage storage) {
        FeedStorage sound = storage.feed();
        return storage.with(
                FeedStorage.class, new FeedStorage(sound.events(), new LeakyFeed(sound.feed()), sound.partitions()));
    }

    @Override
    public FeedPage read(FeedPosition after, FeedPosition upTo, BitSet partitions, int eventsMax, long bytesMax) {
        FeedPage page = feed.read(after, upTo, partitions, eventsMax, bytesMax);
        List<Item> left = page.items().stream().filter(item -> !isDropped(item)).toList();
        return new FeedPage(left, page.next(), page.trimmed());
    }

    private static boolean isDropped(Item item) {
        return item.event().body() instanceof FeedBody.MessageStored
                && item.event().keySeq() % DROPPED_OF == 0;
    }

    @Override
    public Lag lag(FeedPosition after) {
        return feed.lag(after);
    }
}
