package io.hongyan.im.adapter.mqtt;

import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.session.ConnectedClients;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The clients with a session, of all gates that ask this node. */
public final class MqttClients implements ConnectedClients {
    private static final Comparator<ConnectedClient> BY_CONNECTION =
            Comparator.comparing(ConnectedClient::connection, ORDER);

    private final MqttConnections connections;

    /** @param downlink the way to them */
    public MqttClients(MqttDownlink downlink) {
        this.connections = downlink.connections();
    }

    /** Goes through all of them, and keeps no more than it gives. */
    @Override
    public List<ConnectedClient> page(Filter filter, ConnectionKey after, int limit) {
        PriorityQueue<ConnectedClient> lowest = new PriorityQueue<>(BY_CONNECTION.reversed());
        connections.forEach(connection -> {
            ConnectedClient client = connection.client();
            if (client != null
                    && (after == null || ORDER.compare(client.connection(), after) > 0)
                    && filter.takes(client)) {
                lowest.add(client);
                if (lowest.size() > limit) {
                    lowest.remove();
                }
            }
        });
        List<ConnectedClient> page = new ArrayList<>(lowest);
        page.sort(BY_CONNECTION);
        return page;
    }
}
