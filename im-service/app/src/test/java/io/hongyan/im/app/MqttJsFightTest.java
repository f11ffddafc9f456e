package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.app.client.LineProgram;
import io.hongyan.im.app.client.PahoClient;
import io.hongyan.im.app.client.Programs;
import java.nio.file.Path;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@link FightTest} with mqtt.js as the other client, in both versions of MQTT. */
@Tag("servers")
@Timeout(180)
final class MqttJsFightTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    5 | connack 159 Another device has displaced this one; come back in [1-5] seconds, or .*
                    4 | connack 3 ?
                    """)
    void mqttJsIsToldToWaitWhenItComesBackAtOnceAndANewLoginWins(int version, String refused) throws Exception {
        try (RunningServer server = RunningServer.start(directory)) {
            MqttAsyncClient phone = FightTest.stubborn(server, "bob:android:phone");
            try (LineProgram tablet = Programs.stubborn(server, "bob:ios:tablet", version)) {
                tablet.awaitLine("connack 0 ?");
                // The phone waits, comes back, and displaces it.
                tablet.awaitLine(refused);
                if (version == 5) {
                    assertThat(tablet.lines()).contains("disconnect 142");
                }
                long before = FightTest.displaced(server);
                assertThat(before).isGreaterThanOrEqualTo(2);
                try (PahoClient person = new PahoClient(server, "bob:ios:new", true)) {
                    assertThat(FightTest.displaced(server))
                            .as("by %s", person.uid())
                            .isGreaterThan(before);
                }
            } finally {
                phone.disconnectForcibly(0, 0, false);
                phone.close(true);
            }
        }
    }
}
