package io.hongyan.im.core.inbox;

import io.hongyan.im.core.message.DeviceKey;

/**
 * A device as stored.
 *
 * @param cursor highest inbox number it has acknowledged without a gap
 * @param kept its MQTT session that outlives the connection, null where there is none
 * @param skipped whether it may have been known before and forgotten to make room, and was not told yet that it has missed
 *     what stands up to its cursor
 */
public record Device(DeviceKey key, long cursor, KeptSession kept, boolean skipped) {
    public Device(DeviceKey key, long cursor, KeptSession kept) {
        this(key, cursor, kept, false);
    }
}
