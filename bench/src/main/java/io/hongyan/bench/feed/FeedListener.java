package io.hongyan.bench.feed;

/** What a consumer of the feed hears, in the order of each key; on threads of the consumer. */
public interface FeedListener {
    /**
     * A message with a text.
     *
     * @param nanos when the consumer had it
     */
    void message(String key, long keySeq, String text, long nanos);

    /** Any other event. */
    void other();
}
