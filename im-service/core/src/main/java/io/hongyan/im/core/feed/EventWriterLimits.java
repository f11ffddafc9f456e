package io.hongyan.im.core.feed;

import io.hongyan.settings.Defaults;
import io.hongyan.settings.Fixed;
import io.hongyan.settings.Setting;

/**
 * Bounds of an {@link EventWriter}; the last three are those of the lane.
 *
 * @param batchBytesMax content of one transaction; one event is always let in
 * @param attemptsMax how often a batch is tried before its events are given up
 * @param retryPauseMillis pause before the second attempt, doubled before each further one
 */
public record EventWriterLimits(
        @Setting(
                value =
                        "Events that wait to be stored, and of one user no more than are free; above that, logins and reports"
                                + " are refused.",
                defaultValue = "50_000",
                min = 1)
        int waitingMax,

        @Setting(
                value =
                        "Content of the events that wait to be stored, and of one user no more than is free; above that,"
                                + " reports are refused.",
                defaultValue = "33_554_432",
                unit = "bytes",
                min = 1024,
                max = Long.MAX_VALUE)
        long waitingBytesMax,

        @Setting(
                value = "Events of one transaction.",
                defaultValue = "1_000",
                name = "store_events_max",
                min = 1,
                max = 100_000)
        int batchEventsMax,

        @Fixed("4_194_304") long batchBytesMax,

        @Fixed("5") int attemptsMax,

        @Fixed("100") long retryPauseMillis) {
    public static final EventWriterLimits DEFAULT = Defaults.of(EventWriterLimits.class);
}
