package io.hongyan.im.core.cluster;

import java.util.Comparator;

/**
 * A gate as clients find it.
 *
 * @param name never the same twice
 * @param mqtt a URL where clients reach it, such as {@code mqtt://gate1.example.com:1883}; empty = not at all
 * @param webSocket the same for MQTT over WebSocket, such as {@code ws://gate1.example.com:8083/mqtt}
 * @param clients connected a second ago
 * @param weight its share of clients beside those of the others; 0 = none come by themselves
 * @param draining whether it takes no new clients
 */
public record GateInfo(String name, String mqtt, String webSocket, int clients, int weight, boolean draining) {
    /** The one with the fewest clients for its weight first; of gates that have a weight. */
    public static final Comparator<GateInfo> LEAST_LOADED =
            Comparator.comparingDouble(GateInfo::load).thenComparing(GateInfo::name);

    /** Whether clients may be sent there. */
    public boolean takesClients() {
        return !draining && weight > 0 && !(mqtt.isEmpty() && webSocket.isEmpty());
    }

    private double load() {
        return (double) clients / weight;
    }
}
