package io.hongyan.im.core.session;

import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.DeviceKey;
import java.util.Comparator;
import java.util.List;

/** The clients that this node serves now. Safe for many threads; answers from memory. */
public interface ConnectedClients {
    Comparator<ConnectionKey> ORDER =
            Comparator.comparing(ConnectionKey::gate).thenComparingLong(ConnectionKey::number);

    /**
     * Some of them, in {@link #ORDER}.
     *
     * @param after where the page before ended, null = from the start
     */
    List<ConnectedClient> page(Filter filter, ConnectionKey after, int limit);

    /** Whom to show; null = any. */
    record Filter(String uid, String platform, String gate, String address) {
        public boolean takes(ConnectedClient client) {
            return (uid == null || uid.equals(client.device().uid()))
                    && (platform == null || client.device().device().startsWith(platform + ':'))
                    && (gate == null || gate.equals(client.connection().gate()))
                    && (address == null || address.equals(client.address()));
        }
    }

    /**
     * One of them.
     *
     * @param address numeric, empty where a gate of an earlier release brought it from another node
     */
    record ConnectedClient(
            ConnectionKey connection, DeviceKey device, String address, boolean mqtt5, long loginAtMillis) {}
}
