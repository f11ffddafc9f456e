package io.hongyan.broker.hook;

import java.util.List;

/**
 * A CONNECT that waits for an answer.
 *
 * @param connection the connection it came on
 * @param clientId as sent, may be empty
 * @param protocolLevel 4 for MQTT 3.1.1, 5 for MQTT 5
 * @param willTopic null where there is no will
 * @param remoteAddress numeric address of the client, without port; of IPv6 with all eight groups
 * @param properties the first {@value #PROPERTIES_MAX} user properties of MQTT 5, in their order, without those whose name
 *     or value is longer than {@value #PROPERTY_CHARACTERS_MAX} characters
 */
public record ConnectRequest(
        ConnectionId connection,
        String clientId,
        int protocolLevel,
        Credentials credentials,
        SessionTerms session,
        ClientLimits limits,
        String willTopic,
        String remoteAddress,
        List<UserProperty> properties) {
    public static final int PROPERTIES_MAX = 16;
    public static final int PROPERTY_CHARACTERS_MAX = 256;

    private static final int IPV6_NETWORK_GROUPS = 4;

    public ConnectRequest {
        properties = List.copyOf(properties);
    }

    /**
     * By what the client is to be known.
     *
     * @param username null where absent
     * @param password null where absent; never logged
     * @param certificate null where the client has shown none
     */
    public record Credentials(String username, byte[] password, ClientCertificate certificate) {
        /** Of a client without a certificate. */
        public Credentials(String username, byte[] password) {
            this(username, password, null);
        }

        /** Without the password. */
        @Override
        public String toString() {
            return "Credentials[username=" + username + ", certificate=" + certificate + "]";
        }
    }

    /**
     * The session that the client asks for.
     *
     * @param cleanStart whether an earlier session must be dropped
     * @param expirySeconds how long the session outlives the connection; 0 ends it with the connection, 0xFFFFFFFFL
     *     never. MQTT 3.1.1 with clean session 0 is given as the broker's own limit.
     */
    public record SessionTerms(boolean cleanStart, long expirySeconds) {
        /** A new session that ends with the connection. */
        public static final SessionTerms CLEAN = new SessionTerms(true, 0);
    }

    /**
     * What the client accepts.
     *
     * @param receiveMaximum how many unacknowledged deliveries, 65,535 if it does not say
     * @param maximumPacketSize largest packet in bytes, {@link Integer#MAX_VALUE} if it does not say
     * @param keepAliveSeconds longest silence, as the client asked; 0 = any
     */
    public record ClientLimits(int receiveMaximum, int maximumPacketSize, int keepAliveSeconds) {
        private static final int RECEIVE_MAXIMUM = 65_535;

        /** Of a client that says nothing else. */
        public static ClientLimits keepAlive(int seconds) {
            return new ClientLimits(RECEIVE_MAXIMUM, Integer.MAX_VALUE, seconds);
        }
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
        return "ConnectRequest[" + connection + ", clientId=" + clientId + ", username=" + credentials.username()
                + ", from " + remoteAddress + "]";
    }
}
