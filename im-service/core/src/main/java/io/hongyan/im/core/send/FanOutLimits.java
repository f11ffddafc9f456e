package io.hongyan.im.core.send;

/**
 * Bounds of the work on markers.
 *
 * @param conversationsMax conversations whose markers take turns
 * @param stepMax inbox rows of one step
 * @param gatherMillis least time from one step to the next while none is full: what comes meanwhile shares a transaction,
 *     and reaches each device in one packet; an entry that comes later than this after the last step is not held up
 * @param leaseMillis how long a worker that says nothing keeps a conversation
 * @param pollMillis how often to look for markers that nobody has announced, such as those of another process
 * @param lookElsewhereMillis after another node has left a marker, when to look whether its worker has come to it
 * @param retryPauseMillis pause after a step that failed, doubled after each further one
 * @param retryPauseMillisMax longest such pause
 */
public record FanOutLimits(
        int conversationsMax,
        int stepMax,
        long gatherMillis,
        long leaseMillis,
        long pollMillis,
        long lookElsewhereMillis,
        long retryPauseMillis,
        long retryPauseMillisMax) {
    public static final FanOutLimits DEFAULT = withSteps(2_000);

    public static FanOutLimits withSteps(int stepMax) {
        return new FanOutLimits(64, stepMax, 25, 10_000, 5_000, 250, 100, 5_000);
    }
}
