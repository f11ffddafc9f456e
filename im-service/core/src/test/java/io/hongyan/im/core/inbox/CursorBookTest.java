package io.hongyan.im.core.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.PartialResult;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.simulation.InMemoryStorage;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class CursorBookTest {
    private static final DeviceRoom ROOM = DeviceRoom.of(8);
    private static final DeviceKey PHONE = new DeviceKey("bob", "ios:x");
    private static final DeviceKey TABLET = new DeviceKey("bob", "ios:y");

    private final SlowDevices devices =
            new SlowDevices(new InMemoryStorage().ports().devices());
    private final DeliveryCounters counters = new DeliveryCounters();
    private final CursorBook book = new CursorBook(devices, InstantSource.fixed(Instant.ofEpochMilli(5)), counters);

    @Test
    void cursorIsKnownBeforeItIsStored() {
        book.start(PHONE, ROOM).cursor();
        book.moved(PHONE, 7);
        assertThat(book.start(PHONE, ROOM).cursor()).isEqualTo(7);
    }

    @Test
    void newDeviceStartsAtTheHighestCursorInMemory() {
        book.start(PHONE, ROOM).cursor();
        book.moved(PHONE, 7);
        assertThat(book.start(TABLET, ROOM).cursor()).isEqualTo(7);
        book.flush();
        assertThat(devices.find(TABLET))
                .hasValueSatisfying(device -> assertThat(device.cursor()).isEqualTo(7));
    }

    @Test
    void flushBetweenTheTwoLooksHidesNoCursor() {
        book.start(PHONE, ROOM).cursor();
        book.moved(PHONE, 7);
        devices.afterRead = book::flush;
        assertThat(book.start(PHONE, ROOM).cursor()).isEqualTo(7);
    }

    @Test
    void whatOneUserCannotHaveIsKeptAndTheRestIsWrittenOnce() {
        DeviceKey other = new DeviceKey("carol", "ios:x");
        book.start(PHONE, ROOM).cursor();
        book.start(other, ROOM).cursor();
        book.moved(PHONE, 7);
        book.moved(other, 3);
        devices.away = "bob";

        assertThatThrownBy(book::flush).isInstanceOf(StorageException.class);
        assertThatThrownBy(book::flush).isInstanceOf(StorageException.class);
        assertThat(devices.find(other)).map(Device::cursor).hasValue(3L);
        assertThat(counters.value(DeliveryCounter.CURSORS_WRITTEN)).isEqualTo(1);
        assertThat(book.start(PHONE, ROOM).cursor()).isEqualTo(7);

        devices.away = null;
        book.flush();
        assertThat(devices.find(PHONE)).map(Device::cursor).hasValue(7L);
        assertThat(counters.value(DeliveryCounter.CURSORS_WRITTEN)).isEqualTo(2);
    }

    /** Something else happens before the result of a read or a registration is seen. */
    private static final class SlowDevices implements Devices {
        private final Devices inner;
        private Runnable afterRead = () -> {};
        private String away;

        SlowDevices(Devices inner) {
            this.inner = inner;
        }

        @Override
        public Optional<Device> find(DeviceKey key) {
            Optional<Device> found = inner.find(key);
            afterRead.run();
            return found;
        }

        @Override
        public Device register(DeviceKey key, DeviceRoom room, long nowMillis) {
            Device made = inner.register(key, room, nowMillis);
            afterRead.run();
            return made;
        }

        @Override
        public PartialResult<CursorMove> moveCursors(Collection<CursorMove> moves, long nowMillis) {
            Map<Boolean, Set<CursorMove>> parts = moves.stream()
                    .collect(Collectors.partitioningBy(move -> move.key().uid().equals(away), Collectors.toSet()));
            inner.moveCursors(parts.get(false), nowMillis);
            return parts.get(true).isEmpty()
                    ? PartialResult.complete()
                    : new PartialResult<>(parts.get(true), new StorageException("away", null));
        }

        @Override
        public List<Known> all(String uid, int devicesMax) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void keepSession(DeviceKey key, KeptSession session, DeviceRoom room, long nowMillis) {
            inner.keepSession(key, session, room, nowMillis);
        }
    }
}
