package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.adapter.sql.SqlGroupCursors;
import io.hongyan.im.core.inbox.GroupCursors;
import io.hongyan.im.core.message.DeviceKey;
import java.util.Collection;
import java.util.Map;

/** Cursors in large groups are where their users are. */
final class ShardedGroupCursors implements GroupCursors {
    private final Shards shards;

    ShardedGroupCursors(Shards shards) {
        this.shards = shards;
    }

    private static GroupCursors at(Place place) {
        return new SqlGroupCursors(place, place);
    }

    @Override
    public Map<String, Long> find(DeviceKey device) {
        return shards.at(Slots.ofUser(device.uid()), place -> at(place).find(device));
    }

    @Override
    public void move(Collection<GroupCursorMove> moves) {
        shards.each(
                moves,
                move -> Slots.ofUser(move.device().uid()),
                (place, some) -> at(place).move(some));
    }

    @Override
    public void forget(DeviceKey device, Collection<String> groups) {
        shards.at(Slots.ofUser(device.uid()), place -> {
            at(place).forget(device, groups);
            return null;
        });
    }
}
