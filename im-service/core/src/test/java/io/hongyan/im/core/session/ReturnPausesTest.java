package io.hongyan.im.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.message.DeviceKey;
import org.junit.jupiter.api.Test;

final class ReturnPausesTest {
    private static final DeviceKey PHONE = new DeviceKey("ann", "ios:phone");

    private final ReturnPauses pauses = new ReturnPauses();

    @Test
    void ofTooManyDevicesTheOneThatIsQuietForLongestIsForgotten() {
        pauses.displaced(new DeviceKey("first", "ios:a"), 0, 1);
        pauses.displaced(new DeviceKey("second", "ios:a"), 0, 1);
        assertThat(pauses.returning(new DeviceKey("first", "ios:a"), 0, 1)).isPositive();
        for (int i = 0; i < ReturnPauses.DEVICES_MAX - 1; i++) {
            pauses.displaced(new DeviceKey("user" + i, "ios:a"), 0, 1);
        }
        assertThat(pauses.size()).isEqualTo(ReturnPauses.DEVICES_MAX);
        assertThat(pauses.returning(new DeviceKey("second", "ios:a"), 0, 1)).isZero();
        assertThat(pauses.returning(new DeviceKey("first", "ios:a"), 0, 1)).isPositive();
    }

    @Test
    void whatIsForgottenTakesNoRoom() {
        for (int i = 0; i < 100; i++) {
            pauses.displaced(new DeviceKey("user" + i, "ios:a"), 0, 1);
        }
        pauses.displaced(PHONE, 0, 2 + ReturnPause.QUIET_MILLIS);
        assertThat(pauses.size()).isEqualTo(1);
    }

    @Test
    void aClockThatIsSetBackDoesNotMakeItLonger() {
        pauses.displaced(PHONE, 0, 1_000_000);
        assertThat(pauses.returning(PHONE, 0, 10)).isEqualTo(ReturnPause.FIRST_MILLIS);
    }
}
