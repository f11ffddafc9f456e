package io.hongyan.im.core.feed;

/**
 * Bounds of an {@link EventJournal}.
 *
 * @param waitingMax events that may wait; more are not accepted
 * @param waitingBytesMax content of waiting events
 * @param batchEventsMax events of one transaction
 * @param batchBytesMax content of one transaction; one event is always let in
 * @param attemptsMax how often a batch is tried before its events are given up
 * @param retryPauseMillis pause before the second attempt, doubled before each further one
 */
public record JournalLimits(
        int waitingMax,
        long waitingBytesMax,
        int batchEventsMax,
        long batchBytesMax,
        int attemptsMax,
        long retryPauseMillis) {
    public static final JournalLimits DEFAULT = new JournalLimits(50_000, 32L << 20, 1_000, 4L << 20, 5, 100);
}
