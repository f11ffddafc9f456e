package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.adapter.sql.SqlDevices;
import io.hongyan.im.core.inbox.Device;
import io.hongyan.im.core.inbox.DeviceRoom;
import io.hongyan.im.core.inbox.Devices;
import io.hongyan.im.core.inbox.KeptSession;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.PartialResult;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Devices are where their users are. */
final class ShardedDevices implements Devices {
    private final Shards shards;

    ShardedDevices(Shards shards) {
        this.shards = shards;
    }

    private static Devices at(SlotSession slotSession) {
        return new SqlDevices(slotSession, slotSession);
    }

    private static int slotOf(DeviceKey key) {
        return Slots.ofUser(key.uid());
    }

    @Override
    public Optional<Device> find(DeviceKey key) {
        return shards.at(slotOf(key), slotSession -> at(slotSession).find(key));
    }

    @Override
    public Device register(DeviceKey key, DeviceRoom room, long nowMillis) {
        return shards.at(slotOf(key), slotSession -> at(slotSession).register(key, room, nowMillis));
    }

    @Override
    public PartialResult<CursorMove> moveCursors(Collection<CursorMove> moves, long nowMillis) {
        Set<CursorMove> left = new HashSet<>(moves);
        RuntimeException trouble = shards.eachPossible(moves, move -> slotOf(move.key()), (slotSession, some) -> {
            at(slotSession).moveCursors(some, nowMillis);
            some.forEach(left::remove);
        });
        return new PartialResult<>(left, trouble);
    }

    @Override
    public List<Known> all(String uid, int devicesMax) {
        return shards.at(Slots.ofUser(uid), slotSession -> at(slotSession).all(uid, devicesMax));
    }

    @Override
    public void keepSession(DeviceKey key, KeptSession session, DeviceRoom room, long nowMillis) {
        shards.at(slotOf(key), slotSession -> {
            at(slotSession).keepSession(key, session, room, nowMillis);
            return null;
        });
    }
}
