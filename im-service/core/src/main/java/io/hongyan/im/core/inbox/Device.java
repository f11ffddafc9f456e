package io.hongyan.im.core.inbox;

import io.hongyan.im.core.message.DeviceKey;

/**
 * A device as stored.
 *
 * @param cursor highest inbox number it has acknowledged without a gap
 * @param kept its MQTT session that outlives the connection, null where there is none
 */
public record Device(DeviceKey key, long cursor, KeptSession kept) {}
