package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.im.app.client.PahoClient;
import java.nio.file.Path;
import java.time.Duration;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two devices of a user, of one class, with stock clients that reconnect whatever the reason was. */
@Timeout(120)
final class FightTest {
    @TempDir
    private Path directory;

    @Test
    void stockClientsThatDisplaceEachOtherAreSlowedDownAndANewLoginWinsAtOnce() throws Exception {
        try (RunningServer server = RunningServer.start(directory)) {
            MqttAsyncClient phone = stubborn(server, "bob:android:phone");
            MqttAsyncClient tablet = stubborn(server, "bob:ios:tablet");
            // The phone reconnects at once, is refused, waits, and logs in again.
            await().atMost(Duration.ofSeconds(30)).until(() -> tooSoon(server) >= 1 && displaced(server) >= 1);
            await().atMost(Duration.ofSeconds(60)).until(() -> displaced(server) >= 2 && tooSoon(server) >= 2);

            long before = displaced(server);
            try (PahoClient person = new PahoClient(server, "bob:ios:new", true)) {
                assertThat(displaced(server)).as("by %s", person.uid()).isGreaterThan(before);
            }
            phone.disconnectForcibly(0, 0, false);
            tablet.disconnectForcibly(0, 0, false);
            phone.close(true);
            tablet.close(true);
        }
    }

    static long displaced(RunningServer server) {
        return server.metric("messaging_sessions_kicked_total");
    }

    private static long tooSoon(RunningServer server) {
        return server.metric("mqtt_connects_refused_total{reason=\"return_too_soon\"}");
    }

    /** With the client's own reconnect. */
    static MqttAsyncClient stubborn(RunningServer server, String clientId) throws MqttException {
        MqttAsyncClient client =
                new MqttAsyncClient("tcp://127.0.0.1:" + server.mqttPort(), clientId, new MemoryPersistence());
        String uid = clientId.substring(0, clientId.indexOf(':'));
        MqttConnectOptions options = new MqttConnectOptions();
        options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
        options.setUserName(uid);
        options.setPassword(server.token(uid).toCharArray());
        options.setAutomaticReconnect(true);
        client.connect(options).waitForCompletion(20_000);
        return client;
    }
}
