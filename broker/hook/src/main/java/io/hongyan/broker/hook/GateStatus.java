package io.hongyan.broker.hook;

/**
 * What a gate tells about itself, so that clients find it.
 *
 * @param gate its name, see {@link ConnectionId#gate}
 * @param mqtt the URL at which clients reach it, such as {@code mqtt://gate1.example.com:1883}; empty = none
 * @param webSocket the same for MQTT over WebSocket, such as {@code ws://gate1.example.com:8083/mqtt}
 * @param clients connected now
 * @param weight its share of clients compared with other gates; 0 = clients are not told of it
 * @param draining whether it accepts no new clients
 */
public record GateStatus(String gate, String mqtt, String webSocket, int clients, int weight, boolean draining) {}
