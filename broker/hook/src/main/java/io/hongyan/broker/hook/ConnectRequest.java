package io.hongyan.broker.hook;

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
 * @param remoteAddress numeric address of the client, without port
 * @param certificate null where the client has shown none
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
        ClientCertificate certificate) {

    /** Of a client without a certificate. */
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
                null);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "ConnectRequest[" + connection + ", clientId=" + clientId + ", username=" + username + ", from "
                + remoteAddress + "]";
    }
}
