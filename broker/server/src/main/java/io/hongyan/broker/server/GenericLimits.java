package io.hongyan.broker.server;

import io.hongyan.settings.Defaults;
import io.hongyan.settings.Setting;

/** What Moquette may hold, which keeps MQTT outside messaging. */
public record GenericLimits(
        @Setting(value = "Commands that wait for a session thread.", defaultValue = "65_536", min = 16)
        int commandsMax,

        @Setting(value = "CONNECTs under way per event loop.", defaultValue = "256", min = 1)
        int connectsMax,

        @Setting(value = "Sessions kept for absent clients.", defaultValue = "100_000")
        int keptSessionsMax,

        @Setting(value = "Of these, those of one user.", defaultValue = "64")
        int keptSessionsPerUserMax,

        RetainedLimits retained,

        QueueLimits queues) {
    public static final GenericLimits DEFAULT = Defaults.of(GenericLimits.class);

    /**
     * Retained messages. A PUBLISH above a limit is refused with "quota exceeded"; a smaller one of the same topic may replace one
     * that is there.
     */
    public record RetainedLimits(
            @Setting(value = "Retained messages.", defaultValue = "20_000")
            int messagesMax,

            @Setting(
                    value = "Their payloads and topics, with 256 bytes for each.",
                    defaultValue = "67_108_864",
                    unit = "bytes")
            int bytesMax,

            @Setting(value = "Those of one user, below `t/{uid}/`.", defaultValue = "500")
            int messagesPerUserMax,

            @Setting(value = "The same.", defaultValue = "4_194_304", unit = "bytes")
            int bytesPerUserMax) {}

    /**
     * Messages that wait for a session: for an absent client, or for room in the window of one that is there. Above a limit further
     * ones are dropped and counted.
     */
    public record QueueLimits(
            @Setting(value = "Messages that wait for one session.", defaultValue = "1_000")
            int messagesPerSessionMax,

            @Setting(value = "Their payloads, with 256 bytes for each.", defaultValue = "1_048_576", unit = "bytes")
            int bytesPerSessionMax,

            @Setting(value = "The same of all sessions.", defaultValue = "134_217_728", unit = "bytes")
            int bytesMax) {}
}
