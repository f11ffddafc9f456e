package io.hongyan.broker.server;

import io.hongyan.broker.server.listen.Port;
import io.hongyan.settings.Defaults;
import io.hongyan.settings.Fixed;
import io.hongyan.settings.Setting;
import java.util.List;
import java.util.stream.Stream;

/**
 * All settings of a {@link BrokerServer}. {@link #defaults} gives values fit for production; replace single groups with
 * the {@code with} methods.
 *
 * @param gate name of this process, part of each connection's id; unique per start
 * @param listeners where clients connect
 * @param claimedPrefixes topics that start with one of these belong to the node and never reach Moquette
 */
public record BrokerConfig(
        String gate,
        Listeners listeners,
        List<String> claimedPrefixes,
        PacketLimits packets,
        FlowLimits flow,
        Deadlines deadlines,
        FloodLimits flood,
        GenericLimits generic) {

    public BrokerConfig {
        claimedPrefixes = List.copyOf(claimedPrefixes);
    }

    public static BrokerConfig defaults(String gate, List<String> claimedPrefixes) {
        return new BrokerConfig(
                gate,
                new Listeners("127.0.0.1", 1883, 8083, "/mqtt"),
                claimedPrefixes,
                Defaults.of(PacketLimits.class),
                Defaults.of(FlowLimits.class),
                Defaults.of(Deadlines.class),
                FloodLimits.DEFAULT,
                GenericLimits.DEFAULT);
    }

    private static void require(boolean valid, String name, int value) {
        if (!valid) {
            throw new IllegalArgumentException(name + " may not be " + value);
        }
    }

    public BrokerConfig withListeners(Listeners value) {
        return new BrokerConfig(gate, value, claimedPrefixes, packets, flow, deadlines, flood, generic);
    }

    public BrokerConfig withPackets(PacketLimits value) {
        return new BrokerConfig(gate, listeners, claimedPrefixes, value, flow, deadlines, flood, generic);
    }

    public BrokerConfig withFlow(FlowLimits value) {
        return new BrokerConfig(gate, listeners, claimedPrefixes, packets, value, deadlines, flood, generic);
    }

    public BrokerConfig withDeadlines(Deadlines value) {
        return new BrokerConfig(gate, listeners, claimedPrefixes, packets, flow, value, flood, generic);
    }

    public BrokerConfig withFlood(FloodLimits value) {
        return new BrokerConfig(gate, listeners, claimedPrefixes, packets, flow, deadlines, value, generic);
    }

    public BrokerConfig withGeneric(GenericLimits value) {
        return new BrokerConfig(gate, listeners, claimedPrefixes, packets, flow, deadlines, flood, value);
    }

    /**
     * @param webSocketPath path of the HTTP upgrade
     * @param webSocketOrigins origins whose pages may open a WebSocket, as browsers send them in {@code Origin}; empty
     *     = all. Clients other than browsers send no origin and are accepted.
     */
    public record Listeners(List<Port> ports, String webSocketPath, List<String> webSocketOrigins) {
        public Listeners {
            ports = List.copyOf(ports);
            webSocketOrigins = List.copyOf(webSocketOrigins);
        }

        /**
         * Plain listeners on one address.
         *
         * @param mqttPort 0 = any free port, -1 = no such listener; likewise {@code webSocketPort}
         */
        public Listeners(String host, int mqttPort, int webSocketPort, String webSocketPath) {
            this(
                    Stream.of(
                                    new Port(Port.Service.MQTT, host, mqttPort, false, false),
                                    new Port(Port.Service.WEB_SOCKET, host, webSocketPort, false, false))
                            .filter(port -> port.number() >= 0)
                            .toList(),
                    webSocketPath,
                    List.of());
        }
    }

    /** Limits of a packet. */
    public record PacketLimits(
            @Setting(
                    value = "Largest MQTT packet; a larger one is refused before its body is read.",
                    defaultValue = "1_048_576",
                    unit = "bytes",
                    min = 1024,
                    max = 268_435_455)
            int packetBytesMax,

            @Setting(value = "Deepest topic or filter.", defaultValue = "16", unit = "levels", min = 3, max = 1000)
            int topicLevelsMax,

            @Setting(
                    value = "Longest topic or filter; both are kept, with sessions and retained messages.",
                    defaultValue = "1_024",
                    unit = "bytes",
                    min = 256,
                    max = 65_535)
            int topicBytesMax,

            @Setting(value = "Filters of one connection.", defaultValue = "64", min = 1, max = 10_000)
            int filtersMax,

            @Setting(value = "Filters in one SUBSCRIBE or UNSUBSCRIBE.", defaultValue = "32", min = 1, max = 10_000)
            int filtersPerPacketMax) {
        public PacketLimits {
            require(packetBytesMax >= 128 && packetBytesMax <= 268_435_455, "packetBytesMax", packetBytesMax);
            require(topicLevelsMax > 0, "topicLevelsMax", topicLevelsMax);
            require(topicBytesMax > 0, "topicBytesMax", topicBytesMax);
            require(filtersMax > 0, "filtersMax", filtersMax);
            require(filtersPerPacketMax > 0, "filtersPerPacketMax", filtersPerPacketMax);
        }
    }

    /**
     * Limits for what one connection may have unanswered. MQTT 5 clients get {@code unansweredPublishesMax} as Receive
     * Maximum.
     */
    public record FlowLimits(
            @Setting(
                    value = "Publishes of one connection that wait for their PUBACK; above that its socket is not"
                            + " read.",
                    defaultValue = "64",
                    min = 1,
                    max = 65_535)
            int unansweredPublishesMax,

            @Setting(
                    value = "Deliveries to one connection, of messaging and generic MQTT, that wait for the client's"
                            + " PUBACK.",
                    defaultValue = "1_024",
                    min = 1,
                    max = 8192)
            int deliveryWindowMax,

            @Setting(
                    value = "Deliveries to one connection that wait for room in `mqtt.delivery_window_max`; one more"
                            + " ends the connection.",
                    defaultValue = "4_096",
                    min = 1)
            int heldDeliveriesMax,

            @Setting(
                    value = "When unsent bytes of a connection fall to this, its socket is read again.",
                    defaultValue = "32_768",
                    unit = "bytes",
                    min = 1024)
            int writeBufferLowBytes,

            @Setting(
                    value = "When a connection has more unsent bytes, its socket is not read.",
                    defaultValue = "131_072",
                    unit = "bytes",
                    min = 1024)
            int writeBufferHighBytes,

            @Setting(
                    value = "When a connection has more unsent bytes, it is closed.",
                    defaultValue = "4_194_304",
                    unit = "bytes",
                    min = 1024)
            int outboundBytesMax) {
        public FlowLimits {
            require(
                    unansweredPublishesMax > 0 && unansweredPublishesMax <= 65_535,
                    "unansweredPublishesMax",
                    unansweredPublishesMax);
            require(deliveryWindowMax > 0 && deliveryWindowMax <= 8_192, "deliveryWindowMax", deliveryWindowMax);
        }
    }

    /**
     * Time limits.
     *
     * @param lastSeenMillis how late the time of a client's last packet may be reported: one short entry per client and
     *     half a minute
     */
    public record Deadlines(
            @Setting(
                    value = "Time from accepting the socket to CONNACK.",
                    defaultValue = "5_000",
                    name = "connect_millis_max",
                    unit = "ms",
                    min = 100,
                    max = 600_000)
            int connectMillis,

            @Setting(
                    value = "Time to answer a publish; then its connection is closed.",
                    defaultValue = "10_000",
                    name = "publish_millis_max",
                    unit = "ms",
                    min = 100,
                    max = 600_000)
            int publishMillis,

            @Setting(
                    value = "Time for a client to acknowledge a delivery; then its connection is closed.",
                    defaultValue = "20_000",
                    name = "ack_millis_max",
                    unit = "ms",
                    min = 100,
                    max = 600_000)
            int acknowledgeMillis,

            @Setting(
                    value = "Longest time that a socket is not read; then its connection is closed.",
                    defaultValue = "20_000",
                    name = "read_paused_millis_max",
                    unit = "ms",
                    min = 100,
                    max = 600_000)
            int readPausedMillis,

            @Setting(
                    value = "Time to send the last bytes of a connection that is being closed.",
                    defaultValue = "2_000",
                    name = "close_millis_max",
                    unit = "ms",
                    min = 10,
                    max = 60_000)
            int closeMillis,

            @Setting(
                    value = "Keep-alive for MQTT 5 clients that ask for none; 0 = none.",
                    defaultValue = "0",
                    unit = "s",
                    max = 65_535)
            int keepAliveDefaultSeconds,

            @Setting(
                    value = "Longest keep-alive for MQTT 5 clients; 0 = no limit.",
                    defaultValue = "3_600",
                    unit = "s",
                    max = 65_535)
            int keepAliveMaxSeconds,

            @Setting(
                    value = "Longest life of an MQTT session without a connection.",
                    defaultValue = "86_400",
                    name = "sessions.expiry_seconds_max",
                    unit = "s")
            int sessionExpiryMaxSeconds,

            @Fixed("30_000") int lastSeenMillis) {}
}
