package io.hongyan.im.core.session;

import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.DeviceKey;

/** A device that is online: the user's route to it. */
public record OnlineSession(ConnectionKey connection, DeviceKey device, Platform platform, long loginAtMillis) {}
