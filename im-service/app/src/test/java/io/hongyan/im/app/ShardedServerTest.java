package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.im.app.client.ChatClient.Received;
import io.hongyan.im.app.client.HttpApi;
import io.hongyan.im.app.client.PahoClient;
import io.hongyan.im.app.client.Payloads;
import io.hongyan.starters.MariaDb;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole server with its data over two databases. */
@Tag("servers")
@Timeout(240)
final class ShardedServerTest {
    /** More than have their inbox rows with the message. */
    private static final int MEMBERS = 120;

    @TempDir
    Path directory;

    @Test
    void usersOfBothDatabasesWriteToEachOtherWhileSlotsMoveAndAfterARestart() throws Exception {
        MariaDb database = MariaDb.shared();
        String yaml = """
                storage:
                  engine: mysql
                  mysql:
                    user: %s
                    databases:
                      one:
                        url: "%s"
                      two:
                        url: "%s"
                """.formatted(database.user(), database.jdbcUrl("whole_one"), database.jdbcUrl("whole_two"));
        List<String> uids = IntStream.range(0, MEMBERS).mapToObj(i -> "u" + i).toList();
        try (RunningServer server = RunningServer.startWithFile(directory, yaml)) {
            MonitoringPage.explains(server.http("GET", "/metrics").body());
            uids.forEach(server::token);
            String others = uids.stream().skip(1).map(uid -> '"' + uid + '"').collect(Collectors.joining(","));
            assertThat(HttpApi.business(server)
                            .post(
                                    "/v1/groups",
                                    "{\"id\":\"many\",\"name\":\"n\",\"owner\":\"u0\",\"members\":[" + others + "]}")
                            .status())
                    .isEqualTo(201);
            try (PahoClient first = PahoClient.online(server, "u0:iot:a");
                    PahoClient last = PahoClient.online(server, "u119:iot:a")) {
                for (int i = 1; i < 9; i++) {
                    first.send("m" + i, "u" + i, "to one");
                }
                first.publish(
                        "im/send", Payloads.sendToGroup("g1", "many", "to many").toByteArray());
                eventually(
                        () -> assertThat(last.inbox()).extracting(Received::id).contains("g1"));
                assertThat(server.metric("storage_slots{database=\"one\"}")).isEqualTo(512);

                String file = directory.resolve("hongyan.yaml").toString();
                assertThat(MoveSlotsMain.run(file, "0-40", "two")).isZero();
                assertThat(MoveSlotsMain.run(file, "0", "three")).isEqualTo(2);
                for (int i = 1; i < 9; i++) {
                    first.send("n" + i, "u" + i, "after the move");
                }
                first.publish(
                        "im/send", Payloads.sendToGroup("g2", "many", "to many").toByteArray());
                eventually(
                        () -> assertThat(last.inbox()).extracting(Received::id).contains("g2"));
            }
            server.restart();
            for (int i = 1; i < 9; i++) {
                int number = i;
                try (PahoClient client = PahoClient.online(server, "u" + i + ":iot:a")) {
                    eventually(() -> assertThat(client.inbox())
                            .extracting(Received::id)
                            .contains("m" + number, "g1", "n" + number, "g2"));
                }
            }
            assertThat(server.metric("storage_slots{database=\"one\"}")).isEqualTo(471);
            server.awaitReady();
        }
        assertThat(Files.exists(directory.resolve("hongyan.db"))).isFalse();
    }

    private static void eventually(ThrowingRunnable check) {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(check);
    }
}
