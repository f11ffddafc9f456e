package io.hongyan.im.adapter.mqtt;

import io.hongyan.broker.hook.ConnectionId;
import io.hongyan.im.core.message.ConnectionKey;
import java.util.concurrent.ConcurrentHashMap;

/** The connections of all gates. */
final class Connections {
    private final ConcurrentHashMap<ConnectionId, MqttConnection> connections = new ConcurrentHashMap<>();

    void add(MqttConnection connection) {
        connections.put(connection.id(), connection);
    }

    /** Null where there is none. */
    MqttConnection find(ConnectionId id) {
        return connections.get(id);
    }

    /** Null where there is none. */
    MqttConnection find(ConnectionKey key) {
        return connections.get(new ConnectionId(key.gate(), key.number()));
    }

    MqttConnection remove(ConnectionId id) {
        return connections.remove(id);
    }
}
