package io.hongyan.im.core.send;

import io.hongyan.settings.Defaults;
import io.hongyan.settings.Setting;

/** Bounds of a lane, the writer of messages. */
public record LaneLimits(
        @Setting(
                value = "Messages that wait to be stored; of one sender no more than is free.",
                defaultValue = "100_000",
                min = 1)
        int waitingMax,

        @Setting(
                value = "Content of the messages that wait to be stored; of one sender no more than is free.",
                defaultValue = "67_108_864",
                unit = "bytes",
                min = 1024,
                max = Long.MAX_VALUE)
        long waitingBytesMax,

        @Setting(value = "Inbox rows of one transaction.", defaultValue = "2_000", min = 2, max = 1_000_000)
        int batchRowsMax,

        @Setting(
                value = "Content of one transaction; one message is always accepted.",
                defaultValue = "4_194_304",
                unit = "bytes",
                min = 1024,
                max = Long.MAX_VALUE)
        long batchBytesMax,

        @Setting(
                value = "How often a transaction is tried before its messages are given up.",
                defaultValue = "5",
                min = 1,
                max = 100)
        int attemptsMax,

        @Setting(
                value = "Pause before the second attempt, doubled before each further one.",
                defaultValue = "100",
                unit = "ms",
                max = 60_000)
        long retryPauseMillis) {
    public static final LaneLimits DEFAULT = Defaults.of(LaneLimits.class);
}
