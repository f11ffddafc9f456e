package io.hongyan.bench.feed;

/** Reads the feed and tells a listener. Closing ends it. */
public interface FeedConsumer extends AutoCloseable {
    /** From here on events come, from the position of the first start. */
    void start();

    /**
     * What has failed for good; null if nothing has. That something it reads from is away for a while is no failure.
     */
    RuntimeException failure();

    @Override
    void close();
}
