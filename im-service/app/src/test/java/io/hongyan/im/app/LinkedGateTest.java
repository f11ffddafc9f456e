package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.im.app.client.ChatClient.Received;
import io.hongyan.im.app.client.HiveMq5Client;
import io.hongyan.im.app.client.PahoClient;
import io.hongyan.im.app.config.SettingsReader;
import io.hongyan.protocol.v1.Notice;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server with its own clients serves a gate too; stock clients use both. */
@Timeout(180)
final class LinkedGateTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final List<String> faults = new CopyOnWriteArrayList<>();
    private RunningServer server;
    private GateServer gate;

    @BeforeEach
    void start() throws Exception {
        server = RunningServer.start(directory, "HONGYAN_LINK_LISTEN", "127.0.0.1:0");
        gate = new GateServer(
                SettingsReader.read(
                        null,
                        Map.of(
                                "HONGYAN_ROLE", "broker",
                                "HONGYAN_DATA_DIRECTORY",
                                        directory.resolve("gate").toString(),
                                "HONGYAN_LISTEN_MQTT", "127.0.0.1:0",
                                "HONGYAN_LISTEN_WEBSOCKET", "off",
                                "HONGYAN_LISTEN_HTTP", "127.0.0.1:0",
                                "HONGYAN_LINK_NODES", "127.0.0.1:" + server.linkPort(),
                                "HONGYAN_LINK_LEASE_MILLIS", "120000",
                                "HONGYAN_MQTT_READ_PAUSED_MILLIS_MAX", "120000")),
                faults::add);
        gate.start();
        await().atMost(PATIENCE).until(() -> readyStatus() == 200);
    }

    @AfterEach
    void stop() {
        gate.close();
        server.close();
        assertThat(faults).isEmpty();
    }

    private int readyStatus() throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + gate.httpPort() + "/ready");
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void clientsOfTheGateAndOfTheServerTalkAndThoseOfTheGateOutliveARestart() throws Exception {
        try (PahoClient alice = PahoClient.onlineAt(gate.mqttPort(), server, "alice:android:p")) {
            try (HiveMq5Client bob = new HiveMq5Client(server, "bob:ios:h")) {
                alice.send("m1", "bob", "over the link and back");
                bob.send("m2", "alice", "likewise");
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(bob.inbox())
                                .extracting(Received::text)
                                .containsExactly("over the link and back"));
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(alice.inbox())
                                .extracting(Received::text)
                                .containsExactly("likewise"));
            }
            server.restart();
            alice.send("m3", "bob", "to the server that was started again");
            try (HiveMq5Client bob = new HiveMq5Client(server, "bob:ios:h")) {
                bob.send("m4", "alice", "from it");
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(alice.inbox())
                                .extracting(Received::text)
                                .endsWith("from it"));
                assertThat(alice.inbox().stream().map(Received::inboxSeq).distinct())
                        .as("what comes again has the same number")
                        .isSorted();
            }
            assertThat(alice.connected()).isTrue();
            assertThat(alice.lost()).isNull();
        }
    }

    @Test
    void aNewerLoginAtTheServerDisplacesOneAtTheGate() throws Exception {
        try (PahoClient earlier = PahoClient.onlineAt(gate.mqttPort(), server, "carol:android:p");
                HiveMq5Client later = new HiveMq5Client(server, "carol:ios:h")) {
            await().atMost(PATIENCE).until(() -> earlier.lost() != null);
            assertThat(earlier.others("notice"))
                    .anySatisfy(bytes -> assertThat(
                                    Notice.parseFrom(bytes).getKicked().getByDevice())
                            .isEqualTo("ios:h"));
            assertThat(later.ended()).isNull();
        }
    }

    @Test
    void aGateIsDrainedByItself() throws Exception {
        try (PahoClient alice = PahoClient.onlineAt(gate.mqttPort(), server, "alice:android:p");
                HiveMq5Client bob = new HiveMq5Client(server, "bob:ios:h")) {
            String key = Files.readString(directory.resolve("gate").resolve(ApiAccess.DEVELOPMENT_KEY_FILE))
                    .strip();
            HttpRequest drain = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + gate.httpPort() + "/v1/node/drain"))
                    .header("Authorization", "Bearer " + key)
                    .POST(BodyPublishers.ofString("{}"))
                    .build();
            assertThat(HttpClient.newHttpClient()
                            .send(drain, BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);
            await().atMost(PATIENCE).until(() -> alice.lost() != null);
            assertThat(readyStatus()).isEqualTo(503);
            assertThat(bob.ended()).isNull();
            assertThat(server.http("GET", "/ready").statusCode()).isEqualTo(200);
        }
    }
}
