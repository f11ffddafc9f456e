package io.hongyan.im.core.push;

/**
 * Bounds of pushes.
 *
 * @param recipientsMax uids named by one push; everybody is one word
 * @param contentBytesMax content of one push
 * @param openMax pushes that are not finished; further ones are refused
 * @param usersPerSecondMax users gone through per second, all pushes of this process together
 * @param listedMax uids that an answer lists of those who were not reached
 * @param keptMillis finished pushes are known so long
 */
public record PushLimits(
        int recipientsMax, int contentBytesMax, int openMax, int usersPerSecondMax, int listedMax, long keptMillis) {
    private static final long DAY_MILLIS = 86_400_000;

    public static final PushLimits DEFAULT = new PushLimits(10_000, 64 << 10, 1_000, 5_000, 1_000, 30 * DAY_MILLIS);
}
