package io.hongyan.im.adapter.sql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hongyan.im.adapter.sql.LoginRows.DeviceRow;
import io.hongyan.im.core.inbox.Device;
import io.hongyan.im.core.inbox.Devices;
import io.hongyan.im.core.inbox.KeptSession;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.Left;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Devices are rows; the filters of a kept session are a JSON array in theirs. */
final class SqlDevices implements Devices {
    private final Reads readers;
    private final Writes writes;
    private static final ObjectMapper JSON = new ObjectMapper();

    SqlDevices(Reads readers, Writes writes) {
        this.readers = readers;
        this.writes = writes;
    }

    @Override
    public Optional<Device> find(DeviceKey key) {
        return Optional.ofNullable(readers.readOne(reader -> reader.loginRows().device(key.uid(), key.device())))
                .map(row -> toDevice(key, row));
    }

    @Override
    public Device register(DeviceKey key, int devicesMax, long nowMillis) {
        DeviceRow row = writes.write(transaction -> {
            use(transaction, key, devicesMax, nowMillis);
            return transaction.loginRows().device(key.uid(), key.device());
        });
        return toDevice(key, row);
    }

    @Override
    public Left<CursorMove> moveCursors(Collection<CursorMove> moves, long nowMillis) {
        if (!moves.isEmpty()) {
            writes.write(transaction -> {
                DeviceMapper devices = transaction.batching(DeviceMapper.class);
                for (CursorMove move : moves) {
                    devices.moveCursor(move.key().uid(), move.key().device(), move.seq(), nowMillis);
                }
                return null;
            });
        }
        return Left.nothing();
    }

    @Override
    public void keepSession(DeviceKey key, KeptSession session, int devicesMax, long nowMillis) {
        String filters = session == null ? null : write(session.filters());
        Long expiresAt = session == null ? null : session.expiresAtMillis();
        writes.write(transaction -> {
            if (session != null) {
                use(transaction, key, devicesMax, nowMillis);
            }
            transaction
                    .mapper(DeviceMapper.class)
                    .updateSession(key.uid(), key.device(), filters, expiresAt, nowMillis);
            return null;
        });
    }

    @Override
    public List<Known> all(String uid, int devicesMax) {
        return readers.readOne(reader -> reader.mapper(DeviceMapper.class).findAll(uid, devicesMax)).stream()
                .map(row -> new Known(new DeviceKey(uid, row.device()), row.lastUsedAt()))
                .toList();
    }

    private static void use(Transaction transaction, DeviceKey key, int devicesMax, long nowMillis)
            throws SQLException {
        Long userId = transaction.loginRows().userId(key.uid());
        if (userId == null) {
            throw new IllegalArgumentException("device of a user that does not exist: " + key.uid());
        }
        DeviceMapper devices = transaction.mapper(DeviceMapper.class);
        if (devices.use(userId, key.device(), nowMillis) == 0) {
            devices.insert(userId, key.device(), nowMillis);
            devices.deleteLeastUsed(userId, key.device(), devicesMax - 1);
        }
    }

    private Device toDevice(DeviceKey key, DeviceRow row) {
        KeptSession kept = row.filters() == null ? null : new KeptSession(read(row.filters()), row.expiresAt());
        return new Device(key, row.cursor(), kept);
    }

    private String write(List<KeptSession.Filter> filters) {
        try {
            return JSON.writeValueAsString(filters);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("filters of a session", e);
        }
    }

    private List<KeptSession.Filter> read(String filters) {
        try {
            return List.of(JSON.readValue(filters, KeptSession.Filter[].class));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("filters of a session as stored", e);
        }
    }
}
