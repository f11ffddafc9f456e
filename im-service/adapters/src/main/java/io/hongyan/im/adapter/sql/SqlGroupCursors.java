package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.inbox.GroupCursors;
import io.hongyan.im.core.message.DeviceKey;
import java.util.Collection;
import java.util.Map;

/** A row per device and large group; a trigger forgets those of a device that is forgotten. */
public final class SqlGroupCursors implements GroupCursors {
    private final ReadExecutor readers;
    private final WriteExecutor writes;

    public SqlGroupCursors(ReadExecutor readers, WriteExecutor writes) {
        this.readers = readers;
        this.writes = writes;
    }

    @Override
    public Map<String, Long> find(DeviceKey device) {
        return readers.readOne(reader -> reader.loginRows().groupCursors(device.uid(), device.device()));
    }

    @Override
    public void move(Collection<GroupCursorMove> moves) {
        if (moves.isEmpty()) {
            return;
        }
        writes.write(transaction -> {
            GroupCursorMapper cursors = transaction.batching(GroupCursorMapper.class);
            for (GroupCursorMove move : moves) {
                cursors.move(move.device().uid(), move.device().device(), move.group(), move.seq());
            }
            return null;
        });
    }

    @Override
    public void forget(DeviceKey device, Collection<String> groups) {
        writes.write(transaction -> {
            GroupCursorMapper cursors = transaction.batching(GroupCursorMapper.class);
            groups.forEach(group -> cursors.delete(device.uid(), device.device(), group));
            return null;
        });
    }
}
