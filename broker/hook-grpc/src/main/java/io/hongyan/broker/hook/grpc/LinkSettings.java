package io.hongyan.broker.hook.grpc;

import io.hongyan.settings.Defaults;
import io.hongyan.settings.Setting;

/**
 * Limits and times of links, the same at both ends except {@code retry…} and {@code leaseMillis}, which only the gate
 * uses.
 */
public record LinkSettings(
        @Setting(
                value = "Waiting calls are sent in one frame of up to this size; a single larger call is sent alone.",
                defaultValue = "262_144",
                unit = "bytes",
                min = 1024)
        int frameBytesMax,

        @Setting(
                value = "Bytes that may wait for one link. Above it a gate does not read from its clients; a node"
                        + " closes the connections whose deliveries do not fit.",
                defaultValue = "16_777_216",
                unit = "bytes",
                min = 1024)
        long queueBytesMax,

        @Setting(
                value = "Payloads of one gate that a node has not answered yet; above it the node does not read from"
                        + " that gate.",
                defaultValue = "33_554_432",
                unit = "bytes",
                min = 1024)
        long unansweredBytesMax,

        @Setting(
                value = "Gates connected to one node.",
                defaultValue = "256",
                name = "gates_max",
                min = 1,
                max = 10_000)
        int linksMax,

        @Setting(
                value = "Each end sends something at least so often.",
                defaultValue = "1_000",
                unit = "ms",
                min = 10,
                max = 60_000)
        int pingMillis,

        @Setting(
                value = "A link on which nothing came for so long is closed.",
                defaultValue = "5_000",
                unit = "ms",
                min = 100,
                max = 600_000)
        int silenceMillis,

        @Setting(
                value = "Time for a node to accept a gate.",
                defaultValue = "3_000",
                name = "open_millis_max",
                unit = "ms",
                min = 100,
                max = 60_000)
        int openMillis,

        @Setting(
                value = "Pause of a gate after its first failed attempt to connect, doubled by each further failure.",
                defaultValue = "100",
                unit = "ms",
                min = 10,
                max = 60_000)
        int retryMillisMin,

        @Setting(value = "Longest such pause.", defaultValue = "1_000", unit = "ms", min = 10, max = 60_000)
        int retryMillisMax,

        @Setting(
                value = "A gate that has had no node for so long closes its clients.",
                defaultValue = "30_000",
                unit = "ms",
                min = 100,
                max = 3_600_000)
        int leaseMillis) {
    /** Largest gRPC message that is accepted. */
    static final int MESSAGE_BYTES_MAX = 64 << 20;

    public static final LinkSettings DEFAULT = Defaults.of(LinkSettings.class);
}
