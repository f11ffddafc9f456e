package io.hongyan.im.adapter.auth;

import io.hongyan.settings.Setting;

/** How the keys of an issuer are looked after. */
public record JwksLimits(
        @Setting(
                value = "It is read again after so long, and at once where a token names a key that is not known.",
                defaultValue = "300",
                unit = "s",
                min = 5,
                max = 86_400)
        int refreshSeconds,

        @Setting(value = "How long reading it may take.", defaultValue = "5_000", unit = "ms", min = 100, max = 60_000)
        int answerMillisMax,

        @Setting(value = "Size of the key set.", defaultValue = "262_144", unit = "bytes", min = 1024, max = 16 << 20)
        int bytesMax,

        @Setting(
                value = "For so long the keys are good while the issuer cannot be reached.",
                defaultValue = "86_400",
                unit = "s",
                max = 30 * 86_400)
        int staleSecondsMax) {}
