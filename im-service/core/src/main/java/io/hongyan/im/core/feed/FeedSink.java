package io.hongyan.im.core.feed;

import io.hongyan.im.core.data.DataEpoch;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Where a relay sends the feed, for example a message broker. */
public interface FeedSink {
    /**
     * Sends a batch. An event must not become visible while an earlier one of its key in the batch may still fail:
     * readers would take the earlier one for a repetition. Called by one thread; the next batch of the partition comes
     * after this one has succeeded; after a failure the same events come again, perhaps in other batches. Does not
     * block for long.
     *
     * @param batch not empty, in order per key
     * @param epoch of the data when it was read
     * @return completes when all of it is safe; exceptionally when that is not certain, within a bounded time
     */
    CompletionStage<Void> send(int partition, List<FeedEvent> batch, DataEpoch epoch);
}
