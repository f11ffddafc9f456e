package io.hongyan.bench.feed;

/** Gets what a consumer of the feed reads, in the order of each key; on threads of the consumer. */
public interface FeedListener {
    /**
     * A message with a text.
     *
     * @param nanos when the consumer got it
     */
    void message(String key, long keySeq, String text, long nanos);

    /** Any other event. */
    void other();
}
