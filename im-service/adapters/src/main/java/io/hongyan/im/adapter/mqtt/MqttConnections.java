package io.hongyan.im.adapter.mqtt;

import io.hongyan.broker.hook.ConnectionId;
import io.hongyan.im.core.message.ConnectionKey;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The connections of all gates. */
final class MqttConnections {
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

    /** In any order; those that come or go meanwhile may be left out. */
    void forEach(Consumer<MqttConnection> each) {
        connections.values().forEach(each);
    }

    MqttConnection remove(ConnectionId id) {
        return connections.remove(id);
    }
}
