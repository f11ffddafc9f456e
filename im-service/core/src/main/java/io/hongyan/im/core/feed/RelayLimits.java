package io.hongyan.im.core.feed;

/**
 * Bounds of a {@link FeedRelay}.
 *
 * @param pageEventsMax events read from the storage at once
 * @param pageBytesMax content of the same; each partition holds one page at most
 * @param batchEventsMax events of one batch to the sink; after a failure a batch is smaller for a while
 * @param batchBytesMax content of one batch; one event is always let in
 * @param pauseMillisMin how long a partition stands still after its first failure, doubled with each further one
 * @param pauseMillisMax the longest such pause
 * @param leaseMillis for how long partitions are held; renewed after a third of it
 * @param moveMillis how long a position may wait to be written: after a crash, what was sent since comes again
 * @param gatherMillis how long partitions that are done wait for those still sending, so that all read one page
 */
public record RelayLimits(
        int pageEventsMax,
        long pageBytesMax,
        int batchEventsMax,
        long batchBytesMax,
        long pauseMillisMin,
        long pauseMillisMax,
        long leaseMillis,
        long moveMillis,
        long gatherMillis) {
    public static final RelayLimits DEFAULT =
            new RelayLimits(4_096, 4L << 20, 512, 1L << 20, 100, 10_000, 10_000, 250, 100);
}
