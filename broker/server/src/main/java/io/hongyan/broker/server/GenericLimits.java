package io.hongyan.broker.server;

import io.hongyan.settings.Defaults;
import io.hongyan.settings.Setting;

/** Limits for Moquette, which serves MQTT outside messaging. */
public record GenericLimits(
        @Setting(
                value = "Commands that wait for one session thread of generic MQTT; a connection with a 64th of them is"
                        + " not read.",
                defaultValue = "65_536",
                min = 16)
        int commandsMax,

        @Setting(value = "Unfinished CONNECTs per event loop.", defaultValue = "256", min = 1)
        int connectsMax,

        @Setting(value = "Sessions of generic MQTT kept for absent clients.", defaultValue = "100_000")
        int keptSessionsMax,

        @Setting(
                value =
                        "Sessions of generic MQTT kept for absent clients of one user; of clients without a user, of one address.",
                defaultValue = "64")
        int keptSessionsPerUserMax,

        RetainedLimits retained,

        QueueLimits queues) {
    public static final GenericLimits DEFAULT = Defaults.of(GenericLimits.class);

    /**
     * Retained messages. A PUBLISH above a limit is refused with "quota exceeded"; a smaller message on the same topic
     * may replace the existing one.
     */
    public record RetainedLimits(
            @Setting(value = "Retained messages.", defaultValue = "20_000")
            int messagesMax,

            @Setting(
                    value =
                            "Payloads, topics and properties of all retained messages, plus 256 bytes for each message and"
                                    + " 128 for each user property.",
                    defaultValue = "67_108_864",
                    unit = "bytes")
            int bytesMax,

            @Setting(
                    value = "Retained messages of one user; of clients without a user, of one address.",
                    defaultValue = "500")
            int messagesPerUserMax,

            @Setting(
                    value = "The same for those of one user; of clients without a user, of one address.",
                    defaultValue = "4_194_304",
                    unit = "bytes")
            int bytesPerUserMax) {}

    /**
     * Messages that wait for a session: for an absent client, or for space in the window of a connected one. Above a
     * limit further ones are dropped and counted.
     */
    public record QueueLimits(
            @Setting(value = "Messages that wait for one session of generic MQTT.", defaultValue = "1_000")
            int messagesPerSessionMax,

            @Setting(
                    value = "Payloads, topics and properties of the messages that wait for one such session, plus 256"
                            + " bytes for each message and 128 for each user property.",
                    defaultValue = "1_048_576",
                    unit = "bytes")
            int bytesPerSessionMax,

            @Setting(
                    value = "The same for all such sessions of one user; of clients without a user, of one address.",
                    defaultValue = "8_388_608",
                    unit = "bytes")
            int bytesPerUserMax,

            @Setting(value = "The same for all such sessions.", defaultValue = "134_217_728", unit = "bytes")
            int bytesMax) {}
}
