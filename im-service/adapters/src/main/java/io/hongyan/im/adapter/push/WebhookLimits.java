package io.hongyan.im.adapter.push;

import io.hongyan.settings.Setting;

/** Limits for the webhook. After {@code pauseMillis} one request at a time is tried until one succeeds. */
public record WebhookLimits(
        @Setting(value = "Requests to the webhook at once.", defaultValue = "4", min = 1, max = 1_000)
        int requestsMax,

        @Setting(value = "Hints in one request.", defaultValue = "100", min = 1, max = 10_000)
        int hintsPerRequestMax,

        @Setting(
                value = "Hints that wait for the webhook; above that the oldest are dropped, and counted.",
                defaultValue = "10_000",
                min = 1)
        int waitingMax,

        @Setting(value = "Time to connect to the webhook.", defaultValue = "2_000", unit = "ms", min = 1, max = 600_000)
        long connectMillisMax,

        @Setting(
                value = "Time for the webhook to answer.",
                defaultValue = "10_000",
                unit = "ms",
                min = 1,
                max = 600_000)
        long answerMillisMax,

        @Setting(
                value = "How often a request is made before its hints are given up.",
                defaultValue = "4",
                min = 1,
                max = 20)
        int attemptsMax,

        @Setting(
                value = "Pause before the second attempt, doubled before each further one.",
                defaultValue = "500",
                unit = "ms",
                min = 1,
                max = 600_000)
        long retryPauseMillis,

        @Setting(
                value = "Failures in a row after which requests to the webhook pause.",
                defaultValue = "10",
                min = 1,
                max = 1_000_000)
        int failuresMax,

        @Setting(value = "Length of that pause.", defaultValue = "30_000", unit = "ms", min = 1, max = 86_400_000)
        long pauseMillis) {}
