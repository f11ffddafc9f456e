package io.hongyan.bench.feed;

/** Reads the feed and tells a listener. Closing ends it. */
public interface FeedConsumer extends AutoCloseable {
    /** From here on events come, from the position of the first start. */
    void start();

    /** The permanent failure; null if there is none. A source that is away for a while is not a failure. */
    RuntimeException failure();

    @Override
    void close();
}
