package io.hongyan.im.app.config;

import io.hongyan.broker.server.GenericLimits;
import io.hongyan.broker.server.GenericLimits.QueueLimits;
import io.hongyan.broker.server.GenericLimits.RetainedLimits;

/** MQTT outside messaging. */
public record GenericSettings(
        @Setting(value = "Commands that wait for a session thread.", min = 16)
        int commandsMax,

        @Setting(value = "CONNECTs under way per event loop.", min = 1)
        int connectsMax,

        @Setting("Sessions kept for absent clients.") int keptSessionsMax,
        @Setting("Of these, those of one user.") int keptSessionsPerUserMax,
        Retained retained,
        Queues queues) {
    static final GenericSettings DEFAULT = of(GenericLimits.DEFAULT);

    /** Retained messages; a PUBLISH above a limit is refused with 0x97. */
    public record Retained(
            @Setting("Retained messages.") int messagesMax,

            @Setting(value = "Their payloads and topics, with 256 bytes for each.", unit = "bytes")
            int bytesMax,

            @Setting("Those of one user, below `t/{uid}/`.") int messagesPerUserMax,

            @Setting(value = "The same.", unit = "bytes") int bytesPerUserMax) {}

    /** Messages that wait for sessions; further ones are dropped. */
    public record Queues(
            @Setting("Messages that wait for one session.") int messagesPerSessionMax,

            @Setting(value = "Their payloads, with 256 bytes for each.", unit = "bytes")
            int bytesPerSessionMax,

            @Setting(value = "The same of all sessions.", unit = "bytes")
            int bytesMax) {}

    private static GenericSettings of(GenericLimits limits) {
        return new GenericSettings(
                limits.commandsMax(),
                limits.connectsMax(),
                limits.keptSessionsMax(),
                limits.keptSessionsPerUserMax(),
                new Retained(
                        limits.retained().messagesMax(),
                        limits.retained().bytesMax(),
                        limits.retained().messagesPerUserMax(),
                        limits.retained().bytesPerUserMax()),
                new Queues(
                        limits.queues().messagesPerSessionMax(),
                        limits.queues().bytesPerSessionMax(),
                        limits.queues().bytesMax()));
    }

    /** The same in the words of the broker. */
    public GenericLimits limits() {
        return new GenericLimits(
                commandsMax,
                connectsMax,
                keptSessionsMax,
                keptSessionsPerUserMax,
                new RetainedLimits(
                        retained.messagesMax, retained.bytesMax, retained.messagesPerUserMax, retained.bytesPerUserMax),
                new QueueLimits(queues.messagesPerSessionMax, queues.bytesPerSessionMax, queues.bytesMax));
    }
}
