package io.hongyan.im.adapter.sql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hongyan.im.adapter.sql.LoginRows.DeviceRow;
import io.hongyan.im.core.inbox.Device;
import io.hongyan.im.core.inbox.DeviceRoom;
import io.hongyan.im.core.inbox.Devices;
import io.hongyan.im.core.inbox.KeptSession;
import io.hongyan.im.core.inbox.NoDeviceRoomException;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.PartialResult;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Devices are rows; the filters of a kept session are a JSON array in theirs. */
public final class SqlDevices implements Devices {
    private final ReadExecutor reads;
    private final WriteExecutor writes;
    /** The cursor of a device that may have missed what stands up to it, and was not told yet, is stored below 0. */
    private static final int SKIPPED = -1;

    private static final String MOVE_CURSOR = """
            UPDATE im_device
               SET acknowledged_seq = CASE WHEN acknowledged_seq < ? THEN ? ELSE acknowledged_seq END, last_used_at = ?
             WHERE user_id = (SELECT id FROM im_user WHERE uid = ?) AND device = ?""";

    private static final ObjectMapper JSON = new ObjectMapper();

    public SqlDevices(ReadExecutor reads, WriteExecutor writes) {
        this.reads = reads;
        this.writes = writes;
    }

    @Override
    public Optional<Device> find(DeviceKey key) {
        return Optional.ofNullable(
                        reads.readOne(connection -> connection.loginRows().device(key.uid(), key.device())))
                .map(row -> toDevice(key, row));
    }

    @Override
    public Device register(DeviceKey key, DeviceRoom room, long nowMillis) {
        DeviceRow row = writes.write(transaction -> use(transaction, key, room, nowMillis) == Use.NO_ROOM
                ? null
                : transaction.loginRows().device(key.uid(), key.device()));
        if (row == null) {
            throw new NoDeviceRoomException(key.uid());
        }
        return toDevice(key, row);
    }

    /**
     * Makes the only device of a user who was made in the same transaction.
     *
     * @param session null where none is kept
     */
    public static void insertFirst(Transaction transaction, DeviceKey key, KeptSession session, long nowMillis)
            throws SQLException {
        transaction
                .loginRows()
                .insertFirstDevice(key.uid(), key.device(), filters(session), expiresAt(session), nowMillis);
    }

    @Override
    public PartialResult<CursorMove> moveCursors(Collection<CursorMove> moves, long nowMillis) {
        if (!moves.isEmpty()) {
            writes.write(transaction -> {
                try (PreparedStatement update = transaction.connection().prepareStatement(MOVE_CURSOR)) {
                    for (CursorMove move : moves) {
                        update.setLong(1, move.seq());
                        update.setLong(2, move.seq());
                        update.setLong(3, nowMillis);
                        update.setString(4, move.key().uid());
                        update.setString(5, move.key().device());
                        update.addBatch();
                    }
                    update.executeBatch();
                }
                return null;
            });
        }
        return PartialResult.complete();
    }

    @Override
    public void keepSession(DeviceKey key, KeptSession session, DeviceRoom room, long nowMillis) {
        String filters = filters(session);
        Use used = writes.write(transaction -> {
            if (session != null && use(transaction, key, room, nowMillis) == Use.NO_ROOM) {
                return Use.NO_ROOM;
            }
            transaction
                    .mapper(DeviceMapper.class)
                    .updateSession(key.uid(), key.device(), filters, expiresAt(session), nowMillis);
            return Use.USED;
        });
        if (used == Use.NO_ROOM) {
            throw new NoDeviceRoomException(key.uid());
        }
    }

    @Override
    public List<Known> all(String uid, int devicesMax) {
        return reads.readOne(connection -> connection.mapper(DeviceMapper.class).findAll(uid, devicesMax)).stream()
                .map(row -> new Known(new DeviceKey(uid, row.device()), row.lastUsedAt()))
                .toList();
    }

    private enum Use {
        USED,
        NO_ROOM
    }

    /** Where there is no room nothing is changed. */
    private static Use use(Transaction transaction, DeviceKey key, DeviceRoom room, long nowMillis)
            throws SQLException {
        Long userId = transaction.loginRows().userId(key.uid());
        if (userId == null) {
            throw new IllegalArgumentException("device of a user that does not exist: " + key.uid());
        }
        DeviceMapper devices = transaction.mapper(DeviceMapper.class);
        if (devices.use(userId, key.device(), nowMillis) > 0) {
            return Use.USED;
        }
        List<String> known = devices.leastUsedFirst(userId);
        int surplus = known.size() + 1 - room.devicesMax();
        if (surplus <= 0) {
            devices.insert(userId, key.device(), nowMillis, 1);
            return Use.USED;
        }
        Set<String> online = room.onlineOf().apply(key.uid());
        List<String> forgotten = known.stream()
                .filter(device -> !online.contains(device))
                .limit(surplus)
                .toList();
        if (forgotten.isEmpty()) {
            return Use.NO_ROOM;
        }
        devices.insert(userId, key.device(), nowMillis, SKIPPED);
        for (String device : forgotten) {
            devices.delete(userId, device);
        }
        return Use.USED;
    }

    static Device toDevice(DeviceKey key, DeviceRow row) {
        KeptSession kept = row.filters() == null ? null : new KeptSession(read(row.filters()), row.expiresAt());
        return new Device(key, Math.abs(row.cursor()), kept, row.cursor() < 0);
    }

    private static Long expiresAt(KeptSession session) {
        return session == null ? null : session.expiresAtMillis();
    }

    private static String filters(KeptSession session) {
        try {
            return session == null ? null : JSON.writeValueAsString(session.filters());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("filters of a session", e);
        }
    }

    private static List<KeptSession.Filter> read(String filters) {
        try {
            return List.of(JSON.readValue(filters, KeptSession.Filter[].class));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("filters of a session as stored", e);
        }
    }
}
