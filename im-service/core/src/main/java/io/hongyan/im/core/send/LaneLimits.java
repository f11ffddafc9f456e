package io.hongyan.im.core.send;

/**
 * Bounds of a lane.
 *
 * @param waitingMax drafts that may wait; more are not accepted
 * @param waitingBytesMax content bytes of waiting drafts
 * @param batchRowsMax inbox rows of one transaction
 * @param batchBytesMax content bytes of one transaction; one draft is always let in
 * @param attemptsMax how often a batch is tried before its drafts are given up
 * @param retryPauseMillis pause before the second attempt, doubled before each further one
 */
public record LaneLimits(
        int waitingMax,
        long waitingBytesMax,
        int batchRowsMax,
        long batchBytesMax,
        int attemptsMax,
        long retryPauseMillis) {
    public static final LaneLimits DEFAULT = new LaneLimits(100_000, 64L << 20, 2_000, 4L << 20, 5, 100);
}
