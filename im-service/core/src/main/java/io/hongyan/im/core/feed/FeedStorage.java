package io.hongyan.im.core.feed;

/** What a storage gives for the feed. */
public record FeedStorage(EventLog events, Feed feed, FeedPartitions partitions) {}
