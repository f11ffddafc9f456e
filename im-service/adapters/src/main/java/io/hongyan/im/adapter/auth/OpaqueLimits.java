package io.hongyan.im.adapter.auth;

import io.hongyan.settings.Setting;

/** What asking the sign-on service may cost. */
public record OpaqueLimits(
        @Setting(
                value =
                        "How long an answer may take; above that the login is refused as the service being unavailable.",
                defaultValue = "3_000",
                unit = "ms",
                min = 50,
                max = 60_000)
        int answerMillisMax,

        @Setting(
                value = "Questions on their way at once; above that likewise.",
                defaultValue = "64",
                min = 1,
                max = 10_000)
        int requestsMax,

        @Setting(value = "Good answers remembered.", defaultValue = "10_000", max = 1_000_000)
        int cachedMax,

        @Setting(value = "For how long.", defaultValue = "60", unit = "s", max = 3_600)
        int cachedSeconds) {}
