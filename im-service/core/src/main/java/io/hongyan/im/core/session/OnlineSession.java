package io.hongyan.im.core.session;

import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.DeviceKey;

/**
 * A device that is online: the user's route to it.
 *
 * @param lastPacketAtMillis when something last came from it; half a minute late
 * @param tokenIssuedAt of the token it has logged in with, Unix seconds, 0 = not known
 */
public record OnlineSession(
        ConnectionKey connection,
        DeviceKey device,
        Platform platform,
        long loginAtMillis,
        long lastPacketAtMillis,
        long tokenIssuedAt) {

    /** One that has just logged in with a token that says nothing. */
    public OnlineSession(ConnectionKey connection, DeviceKey device, Platform platform, long loginAtMillis) {
        this(connection, device, platform, loginAtMillis, loginAtMillis, 0);
    }

    OnlineSession lastSeen(long atMillis) {
        return new OnlineSession(
                connection, device, platform, loginAtMillis, Math.max(lastPacketAtMillis, atMillis), tokenIssuedAt);
    }
}
