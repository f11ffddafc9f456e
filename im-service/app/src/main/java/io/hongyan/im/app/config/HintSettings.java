package io.hongyan.im.app.config;

import java.nio.file.Path;

/** Hints to somebody outside about users who have undelivered messages. */
public record HintSettings(
        @Setting("Where hints are posted to: an `http://` or `https://` URL, or `off`.")
        String webhook,

        @Setting("The key of the signatures, in `data_directory` unless absolute; made where there is none.")
        Path secretFile,

        @Setting(
                value = "How long a message is undelivered before its receiver is given a hint.",
                unit = "ms",
                min = 100,
                max = 3_600_000)
        long delayMillis,

        @Setting(value = "Users that are timed at once; more are not timed, and counted.", min = 1)
        int pendingMax,

        @Setting(
                value = "Of an inbox the newest entries that are looked at to count what is undelivered.",
                min = 1,
                max = 10_000)
        int countMax,

        @Setting(value = "Requests to the webhook at once.", min = 1, max = 1_000)
        int requestsMax,

        @Setting(value = "Hints in one request.", min = 1, max = 10_000)
        int hintsPerRequestMax,

        @Setting(value = "Hints that wait for the webhook; above that the oldest are dropped, and counted.", min = 1)
        int waitingMax,

        @Setting(value = "How long connecting to the webhook may take.", unit = "ms", min = 1, max = 600_000)
        long connectMillisMax,

        @Setting(value = "How long the webhook may take to answer.", unit = "ms", min = 1, max = 600_000)
        long answerMillisMax,

        @Setting(value = "How often a request is made before its hints are given up.", min = 1, max = 20)
        int attemptsMax,

        @Setting(
                value = "Pause before the second attempt, doubled before each further one.",
                unit = "ms",
                min = 1,
                max = 600_000)
        long retryPauseMillis,

        @Setting(value = "Failures in a row after which nothing is sent for a while.", min = 1, max = 1_000_000)
        int failuresMax,

        @Setting(value = "That while.", unit = "ms", min = 1, max = 86_400_000)
        long pauseMillis) {
    static final String OFF = "off";

    static final HintSettings DEFAULT = new HintSettings(
            OFF, Path.of("hint-secret"), 5_000, 1_000_000, 100, 4, 100, 10_000, 2_000, 10_000, 4, 500, 10, 30_000);

    public boolean isOff() {
        return webhook.equals(OFF);
    }
}
