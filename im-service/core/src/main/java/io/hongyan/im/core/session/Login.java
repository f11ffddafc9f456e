package io.hongyan.im.core.session;

import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.DeviceKey;

/**
 * A client whose token has been verified and that wants to come in.
 *
 * @param deviceName as in the client id
 * @param cleanStart forget the kept session first
 * @param sessionExpirySeconds how long the session outlives the connection, 0 = not at all
 * @param receiveMaximum unacknowledged deliveries the client takes
 * @param token of that with which it logs in, or has logged in
 * @param resumes null = it logs in now; else the login since which it has been connected, which another node, or this one
 *     before its start, has granted
 */
public record Login(
        ConnectionKey connection,
        String uid,
        Platform platform,
        String deviceName,
        boolean cleanStart,
        long sessionExpirySeconds,
        int receiveMaximum,
        TokenFacts token,
        Earlier resumes) {

    /**
     * A login that has taken place.
     *
     * @param atMillis when, by the clock of the node that has granted it
     * @param stamp the place it was given among the user's logins, {@link SessionDirectory#stamp}; 0 where that is not known
     */
    public record Earlier(long atMillis, long stamp) {}

    /** One that logs in now with a token that says nothing. */
    public Login(
            ConnectionKey connection,
            String uid,
            Platform platform,
            String deviceName,
            boolean cleanStart,
            long sessionExpirySeconds,
            int receiveMaximum) {
        this(
                connection,
                uid,
                platform,
                deviceName,
                cleanStart,
                sessionExpirySeconds,
                receiveMaximum,
                TokenFacts.NONE,
                null);
    }

    public DeviceKey device() {
        return new DeviceKey(uid, platform.wireName() + ':' + deviceName);
    }
}
