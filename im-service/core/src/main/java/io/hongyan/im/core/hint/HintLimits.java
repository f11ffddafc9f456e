package io.hongyan.im.core.hint;

/**
 * Bounds of hints.
 *
 * @param delayMillis how long a message must have been undelivered before its receiver is given a hint
 * @param pendingMax users timed at once; more are not timed, and counted
 * @param countMax the newest entries of an inbox that are looked at for the number of undelivered messages
 */
public record HintLimits(long delayMillis, int pendingMax, int countMax) {
    public static final HintLimits DEFAULT = new HintLimits(5_000, 1_000_000, 100);
}
