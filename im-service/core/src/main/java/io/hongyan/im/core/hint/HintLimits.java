package io.hongyan.im.core.hint;

import io.hongyan.settings.Defaults;
import io.hongyan.settings.Setting;

/** Bounds of hints. */
public record HintLimits(
        @Setting(
                value = "How long a message must be undelivered before a hint is sent for its receiver.",
                defaultValue = "5_000",
                unit = "ms",
                min = 100,
                max = 3_600_000)
        long delayMillis,

        @Setting(
                value = "Users whose hint delay runs at once; further ones get no hint, and are counted.",
                defaultValue = "1_000_000",
                min = 1)
        int pendingMax,

        @Setting(
                value = "Newest entries of an inbox that are read to count undelivered messages.",
                defaultValue = "100",
                min = 1,
                max = 10_000)
        int countMax) {
    public static final HintLimits DEFAULT = Defaults.of(HintLimits.class);
}
