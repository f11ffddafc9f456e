package io.hongyan.broker.server;

import io.hongyan.broker.hook.ConnectVerdict.Accept;

/**
 * What CONNECT and the host's answer fix for a connection. It is made in steps: nothing is known at first; what the client says
 * of itself once its CONNECT has been read; all of it when the client is let in. Then it does not change any more.
 *
 * @param clientId as in CONNECT, or as it was assigned; null until the client is let in
 * @param user null where the host answers for no user
 * @param protocolLevel 4 for MQTT 3.1.1, 5 for MQTT 5
 * @param keepAliveMillis how long the client may be silent: one and a half times its keep-alive; 0 = for ever
 * @param receiveMaximum how many unacknowledged deliveries it takes
 * @param packetBytesMax largest packet it takes, {@link Integer#MAX_VALUE} where it does not say
 * @param problemInformation whether it wants reasons in words
 * @param messaging whether it may use claimed topics
 * @param genericPrefix how its topics outside of messaging begin; null until it is let in
 * @param resume what another host is to be shown when this one has gone
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

    /** Nothing has come yet. */
    static final ClientProfile UNKNOWN = speaking(LEVEL_3_1_1, 0);

    /** What has to be known to answer a CONNECT that is not as it should be. */
    static ClientProfile speaking(int protocolLevel, int packetBytesMax) {
        return new ClientProfile(null, null, protocolLevel, 0, 0, packetBytesMax, true, false, null, "");
    }

    /** CONNECT has been read. */
    ClientProfile connecting(int keepAlive, int receive, boolean reasons) {
        return new ClientProfile(
                null, null, protocolLevel, keepAlive, receive, packetBytesMax, reasons, false, null, "");
    }

    /** The host lets the client in. */
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
