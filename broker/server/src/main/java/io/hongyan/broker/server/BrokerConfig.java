package io.hongyan.broker.server;

import io.hongyan.broker.server.listen.Port;
import java.util.List;
import java.util.stream.Stream;

/**
 * Everything a {@link BrokerServer} can be told. {@link #defaults} gives values fit for production; replace single groups
 * with the {@code with} methods.
 *
 * @param gate name of this process, part of each connection's id; unique per start
 * @param listeners where clients connect
 * @param claimedPrefixes topics that start with one of these belong to the host and never reach Moquette
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
                new PacketLimits(1 << 20, 16, 64, 32),
                new FlowLimits(64, 1_024, 4_096, 32 << 10, 128 << 10, 4 << 20),
                new Deadlines(5_000, 10_000, 20_000, 20_000, 2_000, 0, 3_600, 86_400, 30_000),
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
     * @param webSocketOrigins pages that may open a WebSocket, as browsers name them in {@code Origin}; empty = all. What is no
     *     browser names none and is let in.
     */
    public record Listeners(List<Port> ports, String webSocketPath, List<String> webSocketOrigins) {
        public Listeners {
            ports = List.copyOf(ports);
            webSocketOrigins = List.copyOf(webSocketOrigins);
        }

        /**
         * Plain ones on one host.
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

    /**
     * @param packetBytesMax largest MQTT packet taken; a larger one is refused before its body is read
     * @param topicLevelsMax deepest topic or filter
     * @param filtersMax filters one connection may hold
     * @param filtersPerPacketMax filters in one SUBSCRIBE or UNSUBSCRIBE
     */
    public record PacketLimits(int packetBytesMax, int topicLevelsMax, int filtersMax, int filtersPerPacketMax) {
        public PacketLimits {
            require(packetBytesMax >= 128 && packetBytesMax <= 268_435_455, "packetBytesMax", packetBytesMax);
            require(topicLevelsMax > 0, "topicLevelsMax", topicLevelsMax);
            require(filtersMax > 0, "filtersMax", filtersMax);
            require(filtersPerPacketMax > 0, "filtersPerPacketMax", filtersPerPacketMax);
        }
    }

    /**
     * @param unansweredPublishesMax publishes of one connection that wait for their acknowledgement; then its socket is not
     *     read. MQTT 5 clients are told as Receive Maximum.
     * @param deliveryWindowMax deliveries of one connection that wait for the client's acknowledgement, bounded by the
     *     client's Receive Maximum too; at most 8,192
     * @param heldDeliveriesMax deliveries that wait for room in that window; one more ends the connection
     * @param writeBufferLowBytes when so little is unsent, reading goes on; above {@code writeBufferHighBytes} it stops
     * @param outboundBytesMax unsent bytes of one connection; more end it
     */
    public record FlowLimits(
            int unansweredPublishesMax,
            int deliveryWindowMax,
            int heldDeliveriesMax,
            int writeBufferLowBytes,
            int writeBufferHighBytes,
            int outboundBytesMax) {
        public FlowLimits {
            require(
                    unansweredPublishesMax > 0 && unansweredPublishesMax <= 65_535,
                    "unansweredPublishesMax",
                    unansweredPublishesMax);
            require(deliveryWindowMax > 0 && deliveryWindowMax <= 8_192, "deliveryWindowMax", deliveryWindowMax);
            require(
                    writeBufferLowBytes > 0 && writeBufferLowBytes <= writeBufferHighBytes,
                    "writeBufferLowBytes",
                    writeBufferLowBytes);
        }
    }

    /**
     * @param connectMillis from accepting the socket to CONNACK
     * @param publishMillis a publish the host has not answered by then ends the connection unacknowledged
     * @param acknowledgeMillis a delivery the client has not acknowledged by then ends the connection
     * @param readPausedMillis longest time the gate does not read a socket
     * @param closeMillis how long the last bytes of an ending connection may take
     * @param keepAliveDefaultSeconds imposed on MQTT 5 clients that ask for none, 0 = nothing imposed
     * @param keepAliveMaxSeconds imposed on MQTT 5 clients that ask for more
     * @param sessionExpiryMaxSeconds longest life of a session without connection
     * @param heardMillis how often the host is told when the last packets of connections came
     */
    public record Deadlines(
            int connectMillis,
            int publishMillis,
            int acknowledgeMillis,
            int readPausedMillis,
            int closeMillis,
            int keepAliveDefaultSeconds,
            int keepAliveMaxSeconds,
            int sessionExpiryMaxSeconds,
            int heardMillis) {}
}
