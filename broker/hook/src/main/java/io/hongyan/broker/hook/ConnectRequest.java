package io.hongyan.broker.hook;

import java.util.List;

/**
 * A CONNECT that waits for an answer.
 *
 * @param connection the connection it came on
 * @param clientId as sent, may be empty
 * @param username null where absent
 * @param password null where absent; never logged
 * @param protocolLevel 4 for MQTT 3.1.1, 5 for MQTT 5
 * @param cleanStart whether an earlier session must be dropped
 * @param sessionExpirySeconds how long the session outlives the connection; 0 ends it with the connection, 0xFFFFFFFFL
 *     never. MQTT 3.1.1 with clean session 0 is given as the broker's own limit.
 * @param receiveMaximum how many unacknowledged deliveries the client accepts, 65,535 if it does not say
 * @param maximumPacketSize largest packet the client accepts in bytes, {@link Integer#MAX_VALUE} if it does not say
 * @param keepAliveSeconds as the client asked, 0 = none
 * @param willTopic null where there is no will
 * @param remoteAddress numeric address of the client, without port; of IPv6 with all eight groups
 * @param certificate null where the client has shown none
 * @param properties the first {@value #PROPERTIES_MAX} user properties of MQTT 5, in their order, without those whose name
 *     or value is longer than {@value #PROPERTY_CHARACTERS_MAX} characters
 */
public record ConnectRequest(
        ConnectionId connection,
        String clientId,
        String username,
        byte[] password,
        int protocolLevel,
        boolean cleanStart,
        long sessionExpirySeconds,
        int receiveMaximum,
        int maximumPacketSize,
        int keepAliveSeconds,
        String willTopic,
        String remoteAddress,
        ClientCertificate certificate,
        List<UserProperty> properties) {
    public static final int PROPERTIES_MAX = 16;
    public static final int PROPERTY_CHARACTERS_MAX = 256;

    private static final int IPV6_NETWORK_GROUPS = 4;

    public ConnectRequest {
        properties = List.copyOf(properties);
    }

    /** Of a client without a certificate and without user properties. */
    public ConnectRequest(
            ConnectionId connection,
            String clientId,
            String username,
            byte[] password,
            int protocolLevel,
            boolean cleanStart,
            long sessionExpirySeconds,
            int receiveMaximum,
            int maximumPacketSize,
            int keepAliveSeconds,
            String willTopic,
            String remoteAddress) {
        this(
                connection,
                clientId,
                username,
                password,
                protocolLevel,
                cleanStart,
                sessionExpirySeconds,
                receiveMaximum,
                maximumPacketSize,
                keepAliveSeconds,
                willTopic,
                remoteAddress,
                null,
                List.of());
    }

    /** The address by which limits apply: of IPv6 the first 64 bits, since whoever has one such address has all of them. */
    public String network() {
        int end = -1;
        for (int i = 0; i < IPV6_NETWORK_GROUPS; i++) {
            end = remoteAddress.indexOf(':', end + 1);
            if (end < 0) {
                return remoteAddress;
            }
        }
        return remoteAddress.substring(0, end);
    }

    /** Null where none has the name; where several have, the first counts. */
    public String property(String name) {
        for (UserProperty property : properties) {
            if (property.name().equals(name)) {
                return property.value();
            }
        }
        return null;
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "ConnectRequest[" + connection + ", clientId=" + clientId + ", username=" + username + ", from "
                + remoteAddress + "]";
    }
}
