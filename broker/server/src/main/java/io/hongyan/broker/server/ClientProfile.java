package io.hongyan.broker.server;

import io.hongyan.broker.hook.ConnectVerdict.Accept;

/**
 * What CONNECT and the node's answer fix for a connection. It is built in steps: empty at first, then with the values
 * of CONNECT, complete when the client is accepted. After that it does not change.
 *
 * @param clientId as in CONNECT, or as it was assigned; null until the client is accepted
 * @param user null if the node answers for no user
 * @param protocolLevel 4 for MQTT 3.1.1, 5 for MQTT 5
 * @param keepAliveMillis how long the client may be silent: one and a half times its keep-alive; 0 = for ever
 * @param receiveMaximum how many unacknowledged deliveries the client accepts
 * @param packetBytesMax largest packet the client accepts, {@link Integer#MAX_VALUE} if it does not say
 * @param problemInformation whether it wants reason strings
 * @param messaging whether it may use claimed topics
 * @param genericPrefix prefix of the topics outside messaging that it may use; null until it is accepted
 * @param resume value to show to another node when this one has gone
 */
record ClientProfile(
        String clientId,
        String user,
        int protocolLevel,
        int keepAliveMillis,
        int receiveMaximum,
        int packetBytesMax,
        boolean problemInformation,
        boolean messaging,
        String genericPrefix,
        String resume) {
    static final int LEVEL_3_1_1 = 4;
    static final int LEVEL_5 = 5;

    /** No CONNECT has come yet. */
    static final ClientProfile UNKNOWN = speaking(LEVEL_3_1_1, 0);

    /** The values needed to answer a CONNECT with a fault. */
    static ClientProfile speaking(int protocolLevel, int packetBytesMax) {
        return new ClientProfile(null, null, protocolLevel, 0, 0, packetBytesMax, true, false, null, "");
    }

    /** CONNECT has been read. */
    ClientProfile connecting(int keepAlive, int receive, boolean reasons) {
        return new ClientProfile(
                null, null, protocolLevel, keepAlive, receive, packetBytesMax, reasons, false, null, "");
    }

    /** The node accepts the client. */
    ClientProfile admitted(String id, String userName, Accept accept) {
        return new ClientProfile(
                id,
                userName,
                protocolLevel,
                keepAliveMillis,
                receiveMaximum,
                packetBytesMax,
                problemInformation,
                accept.messaging(),
                accept.genericPrefix(),
                accept.resume());
    }

    boolean v5() {
        return protocolLevel >= LEVEL_5;
    }
}
