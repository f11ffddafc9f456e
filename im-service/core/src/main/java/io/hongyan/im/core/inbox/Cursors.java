package io.hongyan.im.core.inbox;

import io.hongyan.im.core.message.DeviceKey;

/** Where devices stand in their inboxes, as it is known now. Any thread. */
public interface Cursors {
    /** The device has acknowledged everything up to {@code seq}; never lowers a cursor. Does not block. */
    void acknowledged(DeviceKey key, long seq);

    /**
     * Where the device stands, made known to the storage if it was not: a new device starts after the last entry that
     * any device of the user has acknowledged. Blocks.
     *
     * @throws NoDeviceRoomException all devices that are kept are online
     */
    Start start(DeviceKey key, DeviceRoom room);

    /**
     * @param cursor it has acknowledged everything up to this number, or begins behind it
     * @param skipped it may have missed what stands up to there and is to be told so
     */
    record Start(long cursor, boolean skipped) {}
}
