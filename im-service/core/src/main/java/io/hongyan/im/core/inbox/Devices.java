package io.hongyan.im.core.inbox;

import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.PartialResult;
import io.hongyan.im.core.message.StorageException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The devices of all users, who must exist where a device is made. Safe for many threads; blocks; writes are durable on
 * return. Throws {@link StorageException}.
 */
public interface Devices {
    Optional<Device> find(DeviceKey key);

    /**
     * The device, made if it was not known: then its cursor is the highest of the user's devices, 0 for the first one.
     * Where the user has as many as are kept, the one that was used longest ago and is not online is forgotten; and since
     * this one may be one that was forgotten earlier, it is {@link Device#skipped} until its cursor moves.
     *
     * @throws NoDeviceRoomException all that are kept are online
     */
    Device register(DeviceKey key, DeviceRoom room, long nowMillis);

    /** The same where nobody is online. */
    default Device register(DeviceKey key, int devicesMax, long nowMillis) {
        return register(key, DeviceRoom.of(devicesMax), nowMillis);
    }

    /**
     * Raises cursors, never lowers one; unknown devices are passed over. All in one transaction.
     *
     * @return of a storage with several parts, those of the parts that did not answer
     */
    PartialResult<CursorMove> moveCursors(Collection<CursorMove> moves, long nowMillis);

    /** Keeps or, with null, forgets the session of a device; registers the device if there is something to keep, as {@link #register} does. */
    void keepSession(DeviceKey key, KeptSession session, DeviceRoom room, long nowMillis);

    /** The same where nobody is online. */
    default void keepSession(DeviceKey key, KeptSession session, int devicesMax, long nowMillis) {
        keepSession(key, session, DeviceRoom.of(devicesMax), nowMillis);
    }

    /** The user's devices, the one that was used last first; so many at most. */
    List<Known> all(String uid, int devicesMax);

    /**
     * A device as it is listed.
     *
     * @param lastUsedAtMillis when it last logged in or acknowledged anything
     */
    record Known(DeviceKey key, long lastUsedAtMillis) {}

    /** A device has acknowledged everything up to {@code seq}. */
    record CursorMove(DeviceKey key, long seq) {}
}
