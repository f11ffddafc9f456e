package io.hongyan.im.adapter.auth;

import io.hongyan.settings.Setting;

/** Limits for reading the keys of an issuer. */
public record JwksLimits(
        @Setting(
                value = "How often the key set is read again; it is also read at once when a token names an unknown"
                        + " key.",
                defaultValue = "300",
                unit = "s",
                min = 5,
                max = 86_400)
        int refreshSeconds,

        @Setting(value = "Time to read the key set.", defaultValue = "5_000", unit = "ms", min = 100, max = 60_000)
        int answerMillisMax,

        @Setting(value = "Size of the key set.", defaultValue = "262_144", unit = "bytes", min = 1024, max = 16 << 20)
        int bytesMax,

        @Setting(
                value = "How long the keys stay valid while the issuer cannot be reached.",
                defaultValue = "86_400",
                unit = "s",
                max = 30 * 86_400)
        int staleSecondsMax) {}
