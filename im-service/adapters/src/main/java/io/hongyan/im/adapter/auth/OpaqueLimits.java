package io.hongyan.im.adapter.auth;

import io.hongyan.settings.Setting;

/** Limits for asking the sign-on service. */
public record OpaqueLimits(
        @Setting(
                value = "Time for the service to answer; then the login is refused as \"service unavailable\".",
                defaultValue = "3_000",
                unit = "ms",
                min = 50,
                max = 60_000)
        int answerMillisMax,

        @Setting(
                value =
                        "Requests to the service at once, and of one address no more than are free; further logins are refused"
                                + " as \"service unavailable\".",
                defaultValue = "64",
                min = 1,
                max = 10_000)
        int requestsMax,

        @Setting(value = "Accepted tokens that are remembered.", defaultValue = "10_000", max = 1_000_000)
        int cachedMax,

        @Setting(value = "How long an accepted token is remembered.", defaultValue = "60", unit = "s", max = 3_600)
        int cachedSeconds) {}
