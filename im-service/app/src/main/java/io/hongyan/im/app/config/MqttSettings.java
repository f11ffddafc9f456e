package io.hongyan.im.app.config;

import io.hongyan.im.adapter.mqtt.TopicAccess;

/** The gate: packets, flow, deadlines. */
public record MqttSettings(
        @Setting(
                "Topics outside messaging: `own` = each user those below `t/{uid}/`; `open` = everybody all of them, also"
                        + " clients that are no messaging clients, without a token.")
        TopicAccess access,

        @Setting(
                value = "Largest MQTT packet; a larger one is refused before its body is read.",
                unit = "bytes",
                min = 1024,
                max = 268_435_455)
        int packetBytesMax,

        @Setting(value = "Deepest topic or filter.", unit = "levels", min = 3, max = 1000)
        int topicLevelsMax,

        @Setting(value = "Filters one connection may hold.", min = 1, max = 10_000)
        int filtersMax,

        @Setting(value = "Filters in one SUBSCRIBE or UNSUBSCRIBE.", min = 1, max = 10_000)
        int filtersPerPacketMax,

        @Setting(
                value = "Publishes of one connection that wait for their PUBACK; then its socket is not read.",
                min = 1,
                max = 65_535)
        int unansweredPublishesMax,

        @Setting(
                value = "Deliveries of one connection, messaging and other, that wait for the client's PUBACK.",
                min = 1,
                max = 8192)
        int deliveryWindowMax,

        @Setting(value = "Deliveries that wait for room in that window; one more ends the connection.", min = 1)
        int heldDeliveriesMax,

        @Setting(value = "When so little is unsent, reading goes on.", unit = "bytes", min = 1024)
        int writeBufferLowBytes,

        @Setting(value = "When more is unsent, the socket is not read.", unit = "bytes", min = 1024)
        int writeBufferHighBytes,

        @Setting(value = "When more is unsent, the connection ends.", unit = "bytes", min = 1024)
        int outboundBytesMax,

        @Setting(value = "From accepting the socket to CONNACK.", unit = "ms", min = 100, max = 600_000)
        int connectMillisMax,

        @Setting(
                value = "A publish that is not answered by then ends its connection.",
                unit = "ms",
                min = 100,
                max = 600_000)
        int publishMillisMax,

        @Setting(
                value = "A delivery the client has not acknowledged by then ends the connection.",
                unit = "ms",
                min = 100,
                max = 600_000)
        int ackMillisMax,

        @Setting(value = "Longest time a socket is not read.", unit = "ms", min = 100, max = 600_000)
        int readPausedMillisMax,

        @Setting(
                value = "How long the last bytes of an ending connection may take.",
                unit = "ms",
                min = 10,
                max = 60_000)
        int closeMillisMax,

        @Setting(
                value = "Keep-alive imposed on MQTT 5 clients that ask for none; 0 = nothing imposed.",
                unit = "s",
                max = 65_535)
        int keepAliveDefaultSeconds,

        @Setting(
                value = "Keep-alive imposed on MQTT 5 clients that ask for more; 0 = nothing imposed.",
                unit = "s",
                max = 65_535)
        int keepAliveMaxSeconds) {
    static final MqttSettings DEFAULT = new MqttSettings(
            TopicAccess.OWN,
            1 << 20,
            16,
            64,
            32,
            64,
            1_024,
            4_096,
            32 << 10,
            128 << 10,
            4 << 20,
            5_000,
            10_000,
            20_000,
            20_000,
            2_000,
            0,
            3_600);
}
