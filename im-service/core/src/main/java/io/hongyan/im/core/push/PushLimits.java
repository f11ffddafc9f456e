package io.hongyan.im.core.push;

import io.hongyan.settings.Defaults;
import io.hongyan.settings.Fixed;
import io.hongyan.settings.Setting;
import java.time.Duration;

/**
 * Bounds of pushes.
 *
 * @param contentBytesMax content of one push: that of a message
 */
public record PushLimits(
        @Setting(
                value = "Users that one push may name; `everybody` counts as one.",
                defaultValue = "10_000",
                min = 1,
                max = 100_000)
        int recipientsMax,

        @Fixed("65_536") int contentBytesMax,

        @Setting(
                value = "Pushes that are not finished; further ones are refused.",
                defaultValue = "1_000",
                min = 1,
                max = 1_000_000)
        int openMax,

        @Setting(
                value = "Users handled per second, all pushes together.",
                defaultValue = "5_000",
                min = 1,
                max = 20_000)
        int usersPerSecondMax,

        @Setting(value = "Unreached users that an answer names.", defaultValue = "1_000", max = 10_000)
        int listedMax,

        @Setting(
                value = "How long finished pushes can be looked up.",
                defaultValue = "30",
                unit = "days",
                min = 1,
                max = 3_650)
        int keptDays) {
    public static final PushLimits DEFAULT = Defaults.of(PushLimits.class);

    /** With another limit on content. */
    public PushLimits withContent(int bytesMax) {
        return new PushLimits(recipientsMax, bytesMax, openMax, usersPerSecondMax, listedMax, keptDays);
    }

    /** After what time a finished push is forgotten. */
    public long keptMillis() {
        return Duration.ofDays(keptDays).toMillis();
    }
}
