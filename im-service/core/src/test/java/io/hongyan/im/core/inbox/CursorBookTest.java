package io.hongyan.im.core.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.metrics.MessagingCounters;
import io.hongyan.im.core.simulation.InMemoryStorage;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
final class CursorBookTest {
    private static final DeviceKey PHONE = new DeviceKey("bob", "ios:x");
    private static final DeviceKey TABLET = new DeviceKey("bob", "ios:y");

    private final SlowDevices devices =
            new SlowDevices(new InMemoryStorage().ports().devices());
    private final CursorBook book =
            new CursorBook(devices, InstantSource.fixed(Instant.ofEpochMilli(5)), new MessagingCounters());

    @Test
    void cursorIsKnownBeforeItIsStored() {
        book.startingPoint(PHONE, 8);
        book.moved(PHONE, 7);
        assertThat(book.startingPoint(PHONE, 8)).isEqualTo(7);
    }

    @Test
    void newDeviceStartsAtTheHighestCursorInMemory() {
        book.startingPoint(PHONE, 8);
        book.moved(PHONE, 7);
        assertThat(book.startingPoint(TABLET, 8)).isEqualTo(7);
        book.flush();
        assertThat(devices.find(TABLET))
                .hasValueSatisfying(device -> assertThat(device.cursor()).isEqualTo(7));
    }

    @Test
    void flushBetweenTheTwoLooksHidesNoCursor() {
        book.startingPoint(PHONE, 8);
        book.moved(PHONE, 7);
        devices.afterRead = book::flush;
        assertThat(book.startingPoint(PHONE, 8)).isEqualTo(7);
    }

    /** Something else happens before the result of a read or a registration is seen. */
    private static final class SlowDevices implements Devices {
        private final Devices inner;
        private Runnable afterRead = () -> {};

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
        public Device register(DeviceKey key, int devicesMax, long nowMillis) {
            Device made = inner.register(key, devicesMax, nowMillis);
            afterRead.run();
            return made;
        }

        @Override
        public void moveCursors(Collection<CursorMove> moves, long nowMillis) {
            inner.moveCursors(moves, nowMillis);
        }

        @Override
        public void keepSession(DeviceKey key, KeptSession session, int devicesMax, long nowMillis) {
            inner.keepSession(key, session, devicesMax, nowMillis);
        }
    }
}
