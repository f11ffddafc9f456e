package io.hongyan.im.core.hint;

import io.hongyan.settings.Defaults;
import io.hongyan.settings.Setting;

/** Bounds of hints. */
public record HintLimits(
        @Setting(
                value = "How long a message is undelivered before its receiver is given a hint.",
                defaultValue = "5_000",
                unit = "ms",
                min = 100,
                max = 3_600_000)
        long delayMillis,

        @Setting(
                value = "Users that are timed at once; more are not timed, and counted.",
                defaultValue = "1_000_000",
                min = 1)
        int pendingMax,

        @Setting(
                value = "Of an inbox the newest entries that are looked at to count what is undelivered.",
                defaultValue = "100",
                min = 1,
                max = 10_000)
        int countMax) {
    public static final HintLimits DEFAULT = Defaults.of(HintLimits.class);
}
