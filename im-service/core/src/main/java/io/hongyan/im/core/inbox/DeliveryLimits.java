package io.hongyan.im.core.inbox;

import io.hongyan.settings.Defaults;
import io.hongyan.settings.Setting;

/** Bounds of what is on its way to one device, over all its streams. */
public record DeliveryLimits(
        @Setting(
                value = "Unacknowledged inbox entries; the client's Receive Maximum may lower it.",
                defaultValue = "64",
                name = "window",
                min = 1,
                max = 8192)
        int windowEntriesMax,

        @Setting(
                value = "Content of unacknowledged entries; one is always sent.",
                defaultValue = "1_048_576",
                unit = "bytes",
                min = 1024)
        int windowBytesMax,

        @Setting(value = "Entries read from the storage at once.", defaultValue = "256", min = 1, max = 10_000)
        int pageEntriesMax,

        @Setting(value = "Content of the entries read at once.", defaultValue = "262_144", unit = "bytes", min = 1024)
        int pageBytesMax,

        @Setting(
                value = "Reads of one page that may fail before the connection is closed.",
                defaultValue = "3",
                min = 1,
                max = 100)
        int readAttemptsMax,

        @Setting(
                value = "Large groups whose streams are sent to one device.",
                defaultValue = "200",
                name = "groups.streams_max",
                min = 0,
                max = 1_000)
        int groupStreamsMax,

        @Setting(
                value = "Newest entries of a large group that are sent to a device that reconnects; it reads older"
                        + " ones with `history`.",
                defaultValue = "1_000",
                name = "groups.backlog_max",
                min = 1,
                max = 100_000)
        int groupBacklogMax) {
    public static final DeliveryLimits DEFAULT = Defaults.of(DeliveryLimits.class);

    /** With the default bounds of large groups. */
    public DeliveryLimits(
            int windowEntriesMax, int windowBytesMax, int pageEntriesMax, int pageBytesMax, int readAttemptsMax) {
        this(
                windowEntriesMax,
                windowBytesMax,
                pageEntriesMax,
                pageBytesMax,
                readAttemptsMax,
                DEFAULT.groupStreamsMax,
                DEFAULT.groupBacklogMax);
    }
}
