package io.hongyan.broker.hook;

/**
 * What a gate tells of itself, so that clients find it.
 *
 * @param gate its name, see {@link ConnectionId#gate}
 * @param mqtt a URL where clients reach it, such as {@code mqtt://gate1.example.com:1883}; empty = not at all
 * @param webSocket the same for MQTT over WebSocket, such as {@code ws://gate1.example.com:8083/mqtt}
 * @param clients connected now
 * @param weight its share of clients beside those of the others; 0 = none come by themselves
 * @param draining whether it takes no new clients
 */
public record GateStatus(String gate, String mqtt, String webSocket, int clients, int weight, boolean draining) {}
