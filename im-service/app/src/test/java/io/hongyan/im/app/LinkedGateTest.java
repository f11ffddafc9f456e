package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.im.app.client.ChatClient.Received;
import io.hongyan.im.app.client.HiveMq5Client;
import io.hongyan.im.app.client.PahoClient;
import io.hongyan.protocol.v1.Notice;
import java.nio.file.Path;
import java.time.Duration;
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

    private RunningServer server;
    private RunningGate gate;

    @BeforeEach
    void start() throws Exception {
        server = RunningServer.start(directory, "HONGYAN_LINK_LISTEN", "127.0.0.1:0");
        gate = RunningGate.start(
                directory.resolve("gate"),
                server.linkPort(),
                "HONGYAN_LINK_LEASE_MILLIS",
                "120000",
                "HONGYAN_MQTT_READ_PAUSED_MILLIS_MAX",
                "120000");
    }

    @AfterEach
    void stop() {
        gate.close();
        server.close();
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
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(earlier.others("notice"))
                            .anySatisfy(bytes -> assertThat(
                                            Notice.parseFrom(bytes).getKicked().getByDevice())
                                    .isEqualTo("ios:h")));
            assertThat(later.ended()).isNull();
        }
    }

    @Test
    void aGateIsDrainedByItself() throws Exception {
        try (PahoClient alice = PahoClient.onlineAt(gate.mqttPort(), server, "alice:android:p");
                HiveMq5Client bob = new HiveMq5Client(server, "bob:ios:h")) {
            assertThat(gate.http("POST", "/v1/node/drain").statusCode()).isEqualTo(200);
            await().atMost(PATIENCE).until(() -> alice.lost() != null);
            assertThat(gate.http("GET", "/ready").statusCode()).isEqualTo(503);
            assertThat(bob.ended()).isNull();
            server.awaitReady();
        }
    }
}
