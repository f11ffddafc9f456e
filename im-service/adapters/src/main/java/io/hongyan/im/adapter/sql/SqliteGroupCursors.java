package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.inbox.GroupCursors;
import io.hongyan.im.core.message.DeviceKey;
import java.util.Collection;
import java.util.Map;

/** A row per device and large group; a trigger forgets those of a device that is forgotten. */
final class SqliteGroupCursors implements GroupCursors {
    private final Readers readers;
    private final GroupCommit writes;
    private final SqliteWriter writer;

    SqliteGroupCursors(Readers readers, GroupCommit writes, SqliteWriter writer) {
        this.readers = readers;
        this.writes = writes;
        this.writer = writer;
    }

    @Override
    public Map<String, Long> find(DeviceKey device) {
        return readers.read(reader -> reader.loginRows().groupCursors(device.uid(), device.device()));
    }

    @Override
    public void move(Collection<GroupCursorMove> moves) {
        if (moves.isEmpty()) {
            return;
        }
        writes.write(() -> {
            for (GroupCursorMove move : moves) {
                writing().move(move.device().uid(), move.device().device(), move.group(), move.seq());
            }
            return null;
        });
    }

    @Override
    public void forget(DeviceKey device, Collection<String> groups) {
        writes.write(() -> {
            groups.forEach(group -> writing().delete(device.uid(), device.device(), group));
            return null;
        });
    }

    /** Within a write. */
    private GroupCursorMapper writing() {
        return writer.mapper(GroupCursorMapper.class);
    }
}
