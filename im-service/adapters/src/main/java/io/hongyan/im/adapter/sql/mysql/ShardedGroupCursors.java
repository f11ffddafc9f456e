package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.adapter.sql.SqlGroupCursors;
import io.hongyan.im.core.inbox.GroupCursors;
import io.hongyan.im.core.message.DeviceKey;
import java.util.Collection;
import java.util.Map;

/** Cursors in large groups are where their users are. */
final class ShardedGroupCursors implements GroupCursors {
    private static final String OR_RAISE = """
            ON DUPLICATE KEY UPDATE
               acknowledged_seq = GREATEST(im_group_cursor.acknowledged_seq, VALUES(acknowledged_seq))""";

    private final Shards shards;

    ShardedGroupCursors(Shards shards) {
        this.shards = shards;
    }

    private static GroupCursors at(SlotSession slotSession) {
        return new SqlGroupCursors(slotSession, slotSession, OR_RAISE);
    }

    @Override
    public Map<String, Long> find(DeviceKey device) {
        return shards.at(
                Slots.ofUser(device.uid()), slotSession -> at(slotSession).find(device));
    }

    @Override
    public void move(Collection<GroupCursorMove> moves) {
        shards.each(
                moves,
                move -> Slots.ofUser(move.device().uid()),
                (slotSession, some) -> at(slotSession).move(some));
    }

    @Override
    public void forget(DeviceKey device, Collection<String> groups) {
        shards.at(Slots.ofUser(device.uid()), slotSession -> {
            at(slotSession).forget(device, groups);
            return null;
        });
    }
}
