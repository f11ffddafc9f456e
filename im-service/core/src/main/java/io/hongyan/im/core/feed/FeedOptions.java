package io.hongyan.im.core.feed;

import io.hongyan.im.core.send.LaneLimits;
import io.hongyan.settings.Defaults;
import io.hongyan.settings.Fixed;
import io.hongyan.settings.InSection;
import io.hongyan.settings.Setting;
import java.time.Duration;
import java.util.Map;

/**
 * What there is of the feed, and its bounds.
 *
 * @param destinations where clients may report to, by name
 */
public record FeedOptions(
        @Setting(
                value =
                        "Store sessions, receipts, reports and results of pushes for business systems. Messages are in the feed"
                                + " in any case.",
                defaultValue = "true")
        boolean enabled,

        @Setting(
                value = "Include receipts in the feed: at most one event per second for each user and conversation"
                        + " whose mark has moved.",
                defaultValue = "true")
        boolean receipts,

        @Fixed("") Map<String, ReportDestination> destinations,

        @InSection(".") EventWriterLimits eventWriter,

        @InSection(".") RelayLimits relay,

        @Setting(
                value = "Events other than messages are deleted after so many days, but not before the sink has them.",
                defaultValue = "7",
                unit = "days",
                min = 1,
                max = 36_500)
        int eventAgeDaysMax,

        @Setting(
                value = "Events other than messages that are kept; older ones are deleted, but not before the sink"
                        + " has them.",
                defaultValue = "10_000_000",
                min = 1_000,
                max = Long.MAX_VALUE)
        long eventsMax,

        @Setting(
                value = "Messages leave the feed after so many days, but not before the sink has them; 0 = never."
                        + " Only with `storage.engine: mysql`: the embedded database keeps no feed beside its"
                        + " messages.",
                defaultValue = "0",
                unit = "days",
                max = 36_500)
        int messageAgeDaysMax) {
    /** Everything is stored for it; clients may report nowhere. */
    public static final FeedOptions DEFAULT = Defaults.of(FeedOptions.class);

    /** Nothing is stored for it. */
    public static final FeedOptions OFF = new FeedOptions(
            false,
            false,
            Map.of(),
            DEFAULT.eventWriter,
            DEFAULT.relay,
            DEFAULT.eventAgeDaysMax,
            DEFAULT.eventsMax,
            DEFAULT.messageAgeDaysMax);

    public FeedOptions {
        destinations = Map.copyOf(destinations);
    }

    /** With other destinations, and with the lane's transactions for the event writer. */
    public FeedOptions with(Map<String, ReportDestination> others, LaneLimits lane) {
        EventWriterLimits stored = new EventWriterLimits(
                eventWriter.waitingMax(),
                eventWriter.waitingBytesMax(),
                eventWriter.batchEventsMax(),
                lane.batchBytesMax(),
                lane.attemptsMax(),
                lane.retryPauseMillis());
        return new FeedOptions(enabled, receipts, others, stored, relay, eventAgeDaysMax, eventsMax, messageAgeDaysMax);
    }

    public long eventAgeMaxMillis() {
        return Duration.ofDays(eventAgeDaysMax).toMillis();
    }

    /** 0 = for ever. */
    public long messageAgeMaxMillis() {
        return Duration.ofDays(messageAgeDaysMax).toMillis();
    }
}
