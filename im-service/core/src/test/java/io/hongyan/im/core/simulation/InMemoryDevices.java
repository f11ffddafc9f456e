package io.hongyan.im.core.simulation;

import io.hongyan.im.core.inbox.Device;
import io.hongyan.im.core.inbox.DeviceRoom;
import io.hongyan.im.core.inbox.Devices;
import io.hongyan.im.core.inbox.GroupCursors;
import io.hongyan.im.core.inbox.KeptSession;
import io.hongyan.im.core.inbox.NoDeviceRoomException;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.PartialResult;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The devices of an {@link InMemoryStorage}. */
final class InMemoryDevices implements Devices {
    private record Row(DeviceKey key, long cursor, KeptSession kept, long usedAtMillis, boolean skipped) {}

    private final Object lock;
    /** By uid, then by device. */
    private final Map<String, TreeMap<String, Row>> rows = new TreeMap<>();

    private final Map<DeviceKey, TreeMap<String, Long>> groupCursors = new HashMap<>();

    private final Map<DeviceKey, Set<Long>> skippedTo = new HashMap<>();

    private Consumer<DeviceKey> onEviction = evicted -> {};

    InMemoryDevices(Object lock) {
        this.lock = lock;
    }

    /** @param listener is told of each device that makes room for another one */
    void onEviction(Consumer<DeviceKey> listener) {
        onEviction = listener;
    }

    /** Whether it was ever made known as one that may have missed what stands up to a number. */
    boolean skipped(DeviceKey key, long seq) {
        synchronized (lock) {
            return skippedTo.getOrDefault(key, Set.of()).contains(seq);
        }
    }

    boolean knows(DeviceKey key) {
        synchronized (lock) {
            return row(key) != null;
        }
    }

    @Override
    public Optional<Device> find(DeviceKey key) {
        synchronized (lock) {
            return Optional.ofNullable(row(key)).map(InMemoryDevices::asDevice);
        }
    }

    @Override
    public Device register(DeviceKey key, DeviceRoom room, long nowMillis) {
        synchronized (lock) {
            TreeMap<String, Row> ofUser = rows.computeIfAbsent(key.uid(), uid -> new TreeMap<>());
            Row present = ofUser.get(key.device());
            long cursor = present != null
                    ? present.cursor
                    : ofUser.values().stream().mapToLong(Row::cursor).max().orElse(0);
            boolean full = present == null && ofUser.size() >= room.devicesMax();
            if (full) {
                makeRoom(key.uid(), ofUser, room);
            }
            boolean skipped = present == null ? full && cursor > 0 : present.skipped;
            if (present == null && skipped) {
                skippedTo.computeIfAbsent(key, same -> new HashSet<>()).add(cursor);
            }
            Row row = new Row(key, cursor, present == null ? null : present.kept, nowMillis, skipped);
            ofUser.put(key.device(), row);
            return asDevice(row);
        }
    }

    private void makeRoom(String uid, TreeMap<String, Row> ofUser, DeviceRoom room) {
        Set<String> online = room.onlineOf().apply(uid);
        List<Row> forgotten = ofUser.values().stream()
                .filter(row -> !online.contains(row.key.device()))
                .sorted(Comparator.comparingLong(Row::usedAtMillis))
                .limit(ofUser.size() + 1L - room.devicesMax())
                .toList();
        if (forgotten.isEmpty()) {
            throw new NoDeviceRoomException(uid);
        }
        for (Row row : forgotten) {
            ofUser.remove(row.key.device());
            groupCursors.remove(row.key);
            onEviction.accept(row.key);
        }
    }

    @Override
    public PartialResult<CursorMove> moveCursors(Collection<CursorMove> moves, long nowMillis) {
        synchronized (lock) {
            for (CursorMove move : moves) {
                Row row = row(move.key());
                if (row != null) {
                    put(new Row(
                            row.key,
                            Math.max(row.cursor, move.seq()),
                            row.kept,
                            nowMillis,
                            row.skipped && move.seq() < row.cursor));
                }
            }
        }
        return PartialResult.complete();
    }

    void forget(String uid) {
        synchronized (lock) {
            TreeMap<String, Row> ofUser = rows.remove(uid);
            if (ofUser != null) {
                ofUser.values().forEach(row -> groupCursors.remove(row.key));
            }
        }
    }

    @Override
    public List<Known> all(String uid, int devicesMax) {
        synchronized (lock) {
            return rows.getOrDefault(uid, new TreeMap<>()).values().stream()
                    .sorted(Comparator.comparingLong(Row::usedAtMillis).reversed())
                    .limit(devicesMax)
                    .map(row -> new Known(row.key, row.usedAtMillis))
                    .toList();
        }
    }

    @Override
    public void keepSession(DeviceKey key, KeptSession session, DeviceRoom room, long nowMillis) {
        synchronized (lock) {
            if (session != null) {
                register(key, room, nowMillis);
            }
            Row row = row(key);
            if (row != null) {
                put(new Row(key, row.cursor, session, session == null ? row.usedAtMillis : nowMillis, row.skipped));
            }
        }
    }

    /** Goes with the devices. */
    GroupCursors groupCursors() {
        return new GroupCursors() {
            @Override
            public Map<String, Long> find(DeviceKey device) {
                synchronized (lock) {
                    return Map.copyOf(groupCursors.getOrDefault(device, new TreeMap<>()));
                }
            }

            @Override
            public void move(Collection<GroupCursorMove> moves) {
                synchronized (lock) {
                    for (GroupCursorMove move : moves) {
                        if (row(move.device()) != null) {
                            groupCursors
                                    .computeIfAbsent(move.device(), device -> new TreeMap<>())
                                    .merge(move.group(), move.seq(), Math::max);
                        }
                    }
                }
            }

            @Override
            public void forget(DeviceKey device, Collection<String> groups) {
                synchronized (lock) {
                    groupCursors.getOrDefault(device, new TreeMap<>()).keySet().removeAll(groups);
                }
            }
        };
    }

    /** All devices of a user. */
    List<Device> of(String uid) {
        synchronized (lock) {
            List<Device> all = new ArrayList<>();
            rows.getOrDefault(uid, new TreeMap<>()).values().forEach(row -> all.add(asDevice(row)));
            return all;
        }
    }

    private Row row(DeviceKey key) {
        TreeMap<String, Row> ofUser = rows.get(key.uid());
        return ofUser == null ? null : ofUser.get(key.device());
    }

    private void put(Row row) {
        rows.get(row.key.uid()).put(row.key.device(), row);
    }

    private static Device asDevice(Row row) {
        return new Device(row.key, row.cursor, row.kept, row.skipped);
    }
}
