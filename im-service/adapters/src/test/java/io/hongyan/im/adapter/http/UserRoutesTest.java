package io.hongyan.im.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.session.LookUpUsers.Found;
import io.hongyan.im.core.session.OnlineSession;
import io.hongyan.im.core.session.Platform;
import io.hongyan.im.core.session.UserStanding;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class UserRoutesTest {
    @Test
    void aUserIsShownWithTheOldestOfTheDevicesThatAreOnline() {
        List<OnlineSession> online = IntStream.range(0, UserRoutes.DEVICES_MAX + 100)
                .mapToObj(i -> new OnlineSession(
                        new ConnectionKey("gate", i), new DeviceKey("ann", "iot:" + i), Platform.IOT, i))
                .toList();
        UserRoutes.User shown = UserRoutes.User.of(new Found("ann", UserStanding.GOOD, online));
        assertThat(shown.online()).hasSize(UserRoutes.DEVICES_MAX);
        assertThat(shown.online().get(0).device()).isEqualTo("iot:0");
    }
}
