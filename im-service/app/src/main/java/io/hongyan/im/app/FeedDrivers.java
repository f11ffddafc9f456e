package io.hongyan.im.app;

import io.hongyan.im.core.data.DataEpoch;
import io.hongyan.im.core.feed.FeedFeature;
import io.hongyan.im.core.feed.FeedRelay;
import io.hongyan.im.core.feed.FeedSink;
import io.hongyan.runtime.ThreadWatch;
import io.hongyan.runtime.WatchedThreads;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The threads of the feed: one that stores events, and with a sink one that sends them. */
final class FeedDrivers implements WatchedThreads {
    private static final long WRITER_WAIT_MILLIS = 100;
    /** How late the relay notices a new event. */
    private static final long RELAY_WAIT_MILLIS = 20;

    private final FeedFeature feed;
    private final Consumer<String> onFault;
    private final TurnDriver writer;
    /** Null if there is no sink. */
    private TurnDriver relay;

    private FeedRelay relayed;

    FeedDrivers(FeedFeature feed, Consumer<String> onFault) {
        this.feed = feed;
        this.onFault = onFault;
        this.writer = new TurnDriver("feed-writer", feed.eventWriter()::runOnce, WRITER_WAIT_MILLIS, onFault);
    }

    FeedDrivers start() {
        writer.start();
        return this;
    }

    /**
     * @param holder names this node, and stays the same over its restarts
     * @param epoch of the data, as it is known now
     */
    void startRelay(FeedSink sink, String holder, Supplier<DataEpoch> epoch) {
        relayed = feed.relayTo(sink, holder, epoch);
        relay = new TurnDriver("feed-relay", relayed::runOnce, RELAY_WAIT_MILLIS, onFault);
        relay.start();
    }

    @Override
    public void watch(ThreadWatch watch) {
        writer.watch(watch);
        if (relay != null) {
            relay.watch(watch);
        }
    }

    /** Waits until no event waits to be stored, at most so long. */
    void drain(long millisMax) throws InterruptedException {
        writer.drain(feed.eventWriter()::waiting, millisMax);
    }

    void close() throws InterruptedException {
        writer.close();
        if (relay != null) {
            relay.close();
            relayed.stop();
        }
    }
}
