package io.hongyan.broker.hook;

import java.util.List;

/**
 * A connected client that its broker announces to a node that did not accept its login. The node trusts the decision of
 * the earlier node, because it trusts the link to the broker.
 *
 * @param connection the same as before
 * @param clientId as in its CONNECT, or as the broker assigned it
 * @param remoteAddress as in {@link ConnectRequest}; empty where the broker does not say
 * @param protocolLevel 4 for MQTT 3.1.1, 5 for MQTT 5
 * @param sessionExpirySeconds as in {@link ConnectRequest}
 * @param receiveMaximum how many unacknowledged deliveries the client takes
 * @param maximumPacketSize largest packet the client takes in bytes, {@link Integer#MAX_VALUE} where it did not say
 * @param granted what the node that accepted it has allowed it
 * @param lastPacketAtMillis when its last packet came, milliseconds since 1970-01-01 UTC
 */
public record ResumeRequest(
        ConnectionId connection,
        String clientId,
        String remoteAddress,
        int protocolLevel,
        long sessionExpirySeconds,
        int receiveMaximum,
        int maximumPacketSize,
        Granted granted,
        long lastPacketAtMillis) {

    /**
     * @param filters the claimed filters it holds
     * @param messaging whether it may use claimed topics
     * @param resume the value that the accepting node gave with {@link ConnectVerdict.Accept}
     */
    public record Granted(List<GrantedFilter> filters, boolean messaging, String resume) {
        public Granted {
            filters = List.copyOf(filters);
        }
    }
}
