package io.hongyan.im.app.fault;

import io.hongyan.im.core.Storage;
import io.hongyan.im.core.inbox.Device;
import io.hongyan.im.core.inbox.DeviceRoom;
import io.hongyan.im.core.inbox.Devices;
import io.hongyan.im.core.inbox.KeptSession;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.PartialResult;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Ignores cursor moves, so that a device always begins where it began the first time. */
final class StuckCursors implements Devices {
    private final Devices devices;

    private StuckCursors(Devices devices) {
        this.devices = devices;
    }

    static Storage around(Storage storage) {
        return storage.with(Devices.class, new StuckCursors(storage.devices()));
    }

    @Override
    public Optional<Device> find(DeviceKey key) {
        return devices.find(key);
    }

    @Override
    public Device register(DeviceKey key, DeviceRoom room, long nowMillis) {
        return devices.register(key, room, nowMillis);
    }

    @Override
    public PartialResult<CursorMove> moveCursors(Collection<CursorMove> moves, long nowMillis) {
        // The fault.
        return PartialResult.complete();
    }

    @Override
    public List<Known> all(String uid, int devicesMax) {
        return devices.all(uid, devicesMax);
    }

    @Override
    public void keepSession(DeviceKey key, KeptSession session, DeviceRoom room, long nowMillis) {
        devices.keepSession(key, session, room, nowMillis);
    }
}
