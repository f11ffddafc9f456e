package io.hongyan.im.core.push;

/**
 * A push and what has become of it.
 *
 * @param submittedAtMillis when it was submitted first
 * @param finishedAtMillis when everybody had been gone through, 0 = not yet
 */
public record PushState(
        String pushId,
        String channel,
        PushMode mode,
        PushCounts counts,
        long submittedAtMillis,
        long finishedAtMillis) {
    public boolean finished() {
        return finishedAtMillis > 0;
    }
}
