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
 * @param resumesLoginAtMillis 0 = it logs in now; else it has been connected since a login at that time, which another
 *     node, or this one before its start, has granted
 */
public record Login(
        ConnectionKey connection,
        String uid,
        Platform platform,
        String deviceName,
        boolean cleanStart,
        long sessionExpirySeconds,
        int receiveMaximum,
        long resumesLoginAtMillis) {

    /** One that logs in now. */
    public Login(
            ConnectionKey connection,
            String uid,
            Platform platform,
            String deviceName,
            boolean cleanStart,
            long sessionExpirySeconds,
            int receiveMaximum) {
        this(connection, uid, platform, deviceName, cleanStart, sessionExpirySeconds, receiveMaximum, 0);
    }

    boolean resumes() {
        return resumesLoginAtMillis != 0;
    }

    public DeviceKey device() {
        return new DeviceKey(uid, platform.wireName() + ':' + deviceName);
    }
}
