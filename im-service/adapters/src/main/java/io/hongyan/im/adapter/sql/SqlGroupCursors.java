package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.inbox.GroupCursors;
import io.hongyan.im.core.message.DeviceKey;
import java.sql.PreparedStatement;
import java.util.Collection;
import java.util.Map;

/** A row per device and large group; a trigger forgets those of a device that is forgotten. */
public final class SqlGroupCursors implements GroupCursors {
    /** Nothing where the device is not known. */
    private static final String INSERT = """
            INSERT INTO im_group_cursor (user_id, device, group_name, acknowledged_seq)
            SELECT d.user_id, d.device, ?, ? FROM im_device d
             WHERE d.user_id = (SELECT id FROM im_user WHERE uid = ?) AND d.device = ?
            """;

    private static final String DELETE = """
            DELETE FROM im_group_cursor
             WHERE user_id = (SELECT id FROM im_user WHERE uid = ?) AND device = ? AND group_name = ?""";

    private final ReadExecutor reads;
    private final WriteExecutor writes;
    private final String move;

    /** @param orRaise what follows an INSERT, so that the number of a row that is there becomes the larger of the two */
    public SqlGroupCursors(ReadExecutor reads, WriteExecutor writes, String orRaise) {
        this.reads = reads;
        this.writes = writes;
        this.move = INSERT + orRaise;
    }

    @Override
    public Map<String, Long> find(DeviceKey device) {
        return reads.readOne(connection -> connection.loginRows().groupCursors(device.uid(), device.device()));
    }

    @Override
    public void move(Collection<GroupCursorMove> moves) {
        if (moves.isEmpty()) {
            return;
        }
        writes.write(transaction -> {
            try (PreparedStatement insert = transaction.connection().prepareStatement(move)) {
                for (GroupCursorMove one : moves) {
                    insert.setString(1, one.group());
                    insert.setLong(2, one.seq());
                    insert.setString(3, one.device().uid());
                    insert.setString(4, one.device().device());
                    insert.addBatch();
                }
                insert.executeBatch();
            }
            return null;
        });
    }

    @Override
    public void forget(DeviceKey device, Collection<String> groups) {
        writes.write(transaction -> {
            try (PreparedStatement delete = transaction.connection().prepareStatement(DELETE)) {
                for (String group : groups) {
                    delete.setString(1, device.uid());
                    delete.setString(2, device.device());
                    delete.setString(3, group);
                    delete.addBatch();
                }
                delete.executeBatch();
            }
            return null;
        });
    }
}
