package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.im.app.client.HiveMq5Client;
import io.hongyan.im.app.client.PahoClient;
import io.hongyan.starters.Names;
import io.hongyan.starters.Redis;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two servers as in the distribution that share a Redis; here each has its own storage. */
@Tag("servers")
@Timeout(120)
final class TwoServersTest {
    private final String prefix = Names.unused("two-servers");

    @TempDir
    Path directory;

    @Test
    void newerLoginAtOneServerEndsTheOlderOneAtTheOther() throws Exception {
        try (RunningServer one = server("one");
                RunningServer two = server("two")) {
            await().atMost(Duration.ofSeconds(30)).until(() -> nodes(one) == 2 && nodes(two) == 2);
            try (PahoClient old = new PahoClient(one, "alice:android:phone", true)) {
                old.subscribe("u/alice/notice");
                try (HiveMq5Client newer = new HiveMq5Client(two, "alice:ios:tablet")) {
                    await().atMost(Duration.ofSeconds(30)).until(() -> old.lost() != null);
                    await().atMost(Duration.ofSeconds(30))
                            .untilAsserted(() -> assertThat(old.others("notice"))
                                    .as("told before it was closed")
                                    .hasSize(1));
                    assertThat(newer.ended()).isNull();
                    assertThat(two.metric("messaging_sessions_kicked_total")).isEqualTo(1);
                    assertThat(two.metric("cluster_logins_alone_total")).isZero();
                    MonitoringPage.explains(two.http("GET", "/metrics").body());
                }
            }
        }
    }

    @Test
    void eachServerTellsClientsOfBothGates() throws Exception {
        try (RunningServer one = server("one");
                RunningServer two = server("two")) {
            for (RunningServer asked : List.of(one, two)) {
                String token = asked.token("alice");
                await().atMost(Duration.ofSeconds(30))
                        .untilAsserted(() -> assertThat(
                                        asked.http("GET", "/v1/gates", null, "Authorization", "Bearer " + token)
                                                .body())
                                .contains("mqtt://127.0.0.1:" + one.mqttPort(), "mqtt://127.0.0.1:" + two.mqttPort()));
            }
        }
    }

    @Test
    void aGateThatKnewOneServerGoesToAnotherThatCameLater() throws Exception {
        try (RunningServer one = server("one", "HONGYAN_LINK_LISTEN", "127.0.0.1:0")) {
            try (RunningGate gate = RunningGate.start(directory.resolve("gate"), one.linkPort());
                    RunningServer two = server("two", "HONGYAN_LINK_LISTEN", "127.0.0.1:0")) {
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> gate.http("GET", "/metrics").body().contains("hongyan_link_nodes_known 2"));
                end(one);
                await().atMost(Duration.ofSeconds(30)).until(() -> two.metric("link_gates") == 1);
            }
        }
    }

    /** Closing it again does nothing. */
    private static void end(RunningServer server) {
        server.close();
    }

    @Test
    void serverWorksAloneWhereRedisIsAway() throws Exception {
        try (RunningServer server = RunningServer.start(
                        directory, "HONGYAN_REDIS_SERVERS", "127.0.0.1:1", "HONGYAN_REDIS_PREFIX", prefix);
                PahoClient alice = PahoClient.online(server, "alice:ios:a");
                HiveMq5Client bob = new HiveMq5Client(server, "bob:web:b")) {
            server.awaitReady();
            bob.send("m1", "alice", "hello");
            await().atMost(Duration.ofSeconds(30)).until(() -> alice.inbox().size() == 1);
            assertThat(server.metric("redis_away")).isEqualTo(1);
            assertThat(server.metric("cluster_logins_alone_total")).isEqualTo(2);
        }
    }

    private RunningServer server(String name, String... more) throws Exception {
        Redis redis = Redis.shared();
        List<String> settings = new ArrayList<>(
                List.of("HONGYAN_REDIS_SERVERS", redis.host() + ':' + redis.port(), "HONGYAN_REDIS_PREFIX", prefix));
        settings.addAll(List.of(more));
        return RunningServer.start(Files.createDirectories(directory.resolve(name)), settings.toArray(String[]::new));
    }

    private static long nodes(RunningServer server) {
        return server.metric("cluster_nodes");
    }
}
