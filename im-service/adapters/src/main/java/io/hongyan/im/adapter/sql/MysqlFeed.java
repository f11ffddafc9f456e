package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.feed.Feed;
import io.hongyan.im.core.feed.FeedPosition;
import java.util.BitSet;

/** Readers see to it that what they are to read has numbers. */
final class MysqlFeed implements Feed {
    private final Feed numbered;
    private final FeedSequencer sequencer;

    MysqlFeed(Feed numbered, FeedSequencer sequencer) {
        this.numbered = numbered;
        this.sequencer = sequencer;
    }

    @Override
    public FeedPage read(FeedPosition after, FeedPosition upTo, BitSet partitions, int eventsMax, long bytesMax) {
        sequencer.run();
        return numbered.read(after, upTo, partitions, eventsMax, bytesMax);
    }

    @Override
    public Lag lag(FeedPosition after) {
        sequencer.run();
        return numbered.lag(after);
    }
}
