package io.hongyan.im.core.inbox;

import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.StorageException;
import java.util.Collection;
import java.util.Map;

/**
 * How far each device has come in the streams of large groups. What is kept of a device goes with the device. Safe for
 * many threads; blocks; writes are durable on return. Throws {@link StorageException}.
 */
public interface GroupCursors {
    /** The highest number acknowledged without a gap, by group; empty for an unknown device. */
    Map<String, Long> find(DeviceKey device);

    /** Raises cursors, never lowers one; unknown devices are passed over. All in one transaction. */
    void move(Collection<GroupCursorMove> moves);

    /** Forgets the cursors of a device in these groups. */
    void forget(DeviceKey device, Collection<String> groups);

    /** A device has acknowledged everything of a group up to {@code seq}. */
    record GroupCursorMove(DeviceKey device, String group, long seq) {}
}
