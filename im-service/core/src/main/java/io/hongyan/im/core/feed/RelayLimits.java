package io.hongyan.im.core.feed;

import io.hongyan.settings.Defaults;
import io.hongyan.settings.Fixed;
import io.hongyan.settings.Setting;

/**
 * Bounds of a {@link FeedRelay}.
 *
 * @param gatherMillis how long partitions that are done wait for those still sending, so that all read one page
 */
public record RelayLimits(
        @Setting(value = "Events read at once for the sink.", defaultValue = "4_096", min = 16, max = 100_000)
        int pageEventsMax,

        @Setting(
                value = "Content of the events read at once for the sink.",
                defaultValue = "4_194_304",
                unit = "bytes",
                min = 1024,
                max = 1 << 30)
        long pageBytesMax,

        @Setting(value = "Events of one batch to the sink.", defaultValue = "512", min = 1, max = 10_000)
        int batchEventsMax,

        @Setting(
                value = "Content of one batch to the sink; one event is always included.",
                defaultValue = "1_048_576",
                unit = "bytes",
                min = 1024,
                max = 1 << 30)
        long batchBytesMax,

        @Setting(
                value = "Pause of a partition after its first failure, doubled by each further one.",
                defaultValue = "100",
                unit = "ms",
                min = 1,
                max = 600_000)
        long pauseMillisMin,

        @Setting(value = "The longest such pause.", defaultValue = "10_000", unit = "ms", min = 1, max = 3_600_000)
        long pauseMillisMax,

        @Setting(
                value = "How long this process holds a partition without renewing its lease; then another process may"
                        + " take it.",
                defaultValue = "10_000",
                unit = "ms",
                min = 1_000,
                max = 600_000)
        long leaseMillis,

        @Setting(
                value = "How long a position may wait to be written; after a crash, events since then are sent again.",
                defaultValue = "250",
                unit = "ms",
                min = 1,
                max = 60_000)
        long moveMillis,

        @Fixed("100") long gatherMillis) {
    public static final RelayLimits DEFAULT = Defaults.of(RelayLimits.class);
}
