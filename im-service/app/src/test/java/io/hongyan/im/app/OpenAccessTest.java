package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.app.client.RawClient;
import io.hongyan.im.app.client.RawClient.Packet;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code mqtt.access: open}: a plain broker beside messaging, which stays closed. */
@Timeout(60)
final class OpenAccessTest {
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path directory;

    @Test
    void anyClientMayUseAnyTopicOutsideMessaging() throws Exception {
        try (RunningServer server = RunningServer.start(directory, "HONGYAN_MQTT_ACCESS", "open");
                RawClient lamp = new RawClient(server.mqttPort(), true);
                RawClient thermometer = new RawClient(server.mqttPort(), false)) {
            assertThat(lamp.connect("lamp", null, null, "house/lamp/gone").reason())
                    .isZero();
            assertThat(thermometer.connect("thermometer", null, null, null).reason())
                    .isZero();
            assertThat(lamp.subscribe(1, 1, "house/#").reason()).isEqualTo(1);
            assertThat(thermometer.publish(1, 1, "house/kitchen", HELLO).type()).isEqualTo(RawClient.PUBACK);
            Packet delivered = lamp.read();
            assertThat(delivered.type()).isEqualTo(RawClient.PUBLISH);
            assertThat(new String(delivered.body(), StandardCharsets.UTF_8))
                    .contains("house/kitchen")
                    .endsWith("hello");
        }
    }

    @Test
    void messagingStaysClosedToThem() throws Exception {
        try (RunningServer server = RunningServer.start(directory, "HONGYAN_MQTT_ACCESS", "open");
                RawClient lamp = new RawClient(server.mqttPort(), true);
                RawClient alice = new RawClient(server.mqttPort(), true)) {
            assertThat(lamp.connect("lamp", null, null, null).reason()).isZero();
            assertThat(lamp.subscribe(1, 1, "u/alice/inbox").reason()).isEqualTo(0x87);
            assertThat(lamp.publish(2, 1, "im/send", HELLO).reason()).isEqualTo(0x87);
            assertThat(alice.connect("alice:iot:x", null, null, null).reason())
                    .as("the client id of a user needs that user's token")
                    .isEqualTo(0x86);
        }
    }
}
