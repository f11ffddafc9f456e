package io.hongyan.im.core.feed;

import java.util.Map;

/**
 * What there is of the feed, and its bounds.
 *
 * @param enabled whether anything but messages is stored for it
 * @param receipts whether moved marks are among that
 * @param destinations where clients may report to, by name
 * @param eventAgeMaxMillis older events that are no messages are forgotten
 * @param eventsMax events kept that are no messages; the newest ones
 * @param messageAgeMaxMillis older messages are no longer in the feed, where it keeps their places apart from them; 0 = for
 *     ever
 */
public record FeedOptions(
        boolean enabled,
        boolean receipts,
        Map<String, ReportDestination> destinations,
        JournalLimits journal,
        RelayLimits relay,
        long eventAgeMaxMillis,
        long eventsMax,
        long messageAgeMaxMillis) {
    private static final long DAY_MILLIS = 86_400_000;

    /** Everything is stored for it; clients may report nowhere. */
    public static final FeedOptions DEFAULT = new FeedOptions(
            true, true, Map.of(), JournalLimits.DEFAULT, RelayLimits.DEFAULT, 7 * DAY_MILLIS, 10_000_000, 0);

    /** Nothing is stored for it. */
    public static final FeedOptions OFF = new FeedOptions(
            false, false, Map.of(), JournalLimits.DEFAULT, RelayLimits.DEFAULT, 7 * DAY_MILLIS, 10_000_000, 0);

    public FeedOptions {
        destinations = Map.copyOf(destinations);
    }
}
