package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hongyan.im.app.client.ChatClient.Received;
import io.hongyan.im.app.client.HiveMq5Client;
import io.hongyan.im.app.client.HttpApi;
import io.hongyan.im.app.client.PahoClient;
import io.hongyan.im.app.client.Payloads;
import io.hongyan.im.app.config.ConfigException;
import io.hongyan.im.app.config.SettingsReader;
import io.hongyan.starters.MariaDb;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole server with MariaDB instead of the embedded database. */
@Tag("servers")
@Timeout(180)
final class MysqlServerTest {
    /** More than stand in the inboxes with the message itself. */
    private static final int MEMBERS = 150;

    @TempDir
    Path directory;

    @Test
    void whatWasSentBeforeARestartIsThereAfterIt() throws Exception {
        MariaDb database = MariaDb.shared();
        try (RunningServer server = start(database.jdbcUrl("whole_server"), database.user())) {
            List<String> members =
                    IntStream.range(0, MEMBERS).mapToObj(i -> "u" + i).toList();
            members.forEach(server::token);
            makeGroup(server, members);
            try (PahoClient first = PahoClient.online(server, "u0:iot:a")) {
                first.send("m1", "u1", "to one");
                first.publish(
                        "im/send", Payloads.sendToGroup("g1", "many", "to many").toByteArray());
                try (PahoClient last = PahoClient.online(server, "u149:iot:a")) {
                    eventually(() ->
                            assertThat(last.inbox()).extracting(Received::id).contains("g1"));
                }
            }
            server.restart();
            try (PahoClient second = PahoClient.online(server, "u1:iot:a");
                    PahoClient first = PahoClient.online(server, "u0:iot:a")) {
                eventually(() ->
                        assertThat(second.inbox()).extracting(Received::id).contains("m1", "g1"));
                first.send("m2", "u1", "afterwards");
                eventually(() ->
                        assertThat(second.inbox()).extracting(Received::id).contains("m2"));
            }
            server.awaitReady();
            assertThat(server.metric("storage_commits_total")).isPositive();
            assertThat(Files.exists(directory.resolve("hongyan.db"))).isFalse();
        }
    }

    @Test
    void withoutItsDatabaseTheServerDoesNotStartAndSaysWhy() throws Exception {
        Server server = new Server(
                SettingsReader.read(null, environment("jdbc:mysql://127.0.0.1:1/hongyan", "root")),
                UnaryOperator.identity(),
                fault -> {});
        try (server) {
            assertThatThrownBy(server::start)
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("jdbc:mysql://127.0.0.1:1/hongyan");
        }
    }

    @Test
    void aSecondServerOnTheSameDatabaseWithoutRedisDoesNotStartAndSaysWhy() throws Exception {
        MariaDb database = MariaDb.shared();
        String url = database.jdbcUrl("two_without_redis");
        try (RunningServer first = start(url, database.user())) {
            Map<String, String> other = new HashMap<>(environment(url, database.user()));
            other.put("HONGYAN_DATA_DIRECTORY", directory.resolve("other").toString());
            try (Server second = new Server(SettingsReader.read(null, other), UnaryOperator.identity(), fault -> {})) {
                assertThatThrownBy(second::start)
                        .isInstanceOf(StartException.class)
                        .hasMessageContaining("uses the database")
                        .hasMessageContaining("redis.servers");
            }
            first.awaitReady();
        }
    }

    @Test
    void anEpochThatBeganElsewhereIsNoticedWhileTheServerRuns() throws Exception {
        MariaDb database = MariaDb.shared();
        String url = database.jdbcUrl("epochs");
        try (RunningServer server = start(url, database.user())) {
            String first;
            try (HiveMq5Client alice = new HiveMq5Client(server, "alice:mac:a");
                    PahoClient bob = PahoClient.online(server, "bob:ios:b")) {
                first = DataEpochTest.told(alice);

                assertThat(NewEpochMain.run(environment(url, database.user()))).isZero();

                eventually(() -> assertThat(alice.ended()).isNotNull());
                eventually(() -> assertThat(bob.lost()).isNotNull());
            }
            try (HiveMq5Client alice = new HiveMq5Client(server, "alice:mac:a")) {
                assertThat(DataEpochTest.told(alice)).isNotEqualTo(first);
                assertThat(HttpApi.business(server)
                                .get("/v1/data")
                                .body()
                                .path("dataEpoch")
                                .asText())
                        .isEqualTo(DataEpochTest.told(alice));
            }
        }
    }

    @Test
    void aDatabaseThatGoesBackWhileTheServerRunsGetsAnotherEpoch() throws Exception {
        MariaDb database = MariaDb.shared();
        String url = database.jdbcUrl("goes_back");
        try (RunningServer server = start(url, database.user());
                HiveMq5Client alice = new HiveMq5Client(server, "alice:mac:a")) {
            Path seen = directory.resolve("data-newest");
            String before = Files.readString(seen);
            server.token("bob");
            alice.send("m1", "bob", "this will be lost");
            eventually(() -> assertThat(Files.readString(seen)).isNotEqualTo(before));

            // As a replica that lacks the newest: what is numbered is less than it was.
            try (Connection other = DriverManager.getConnection(url, database.user(), "");
                    Statement statement = other.createStatement()) {
                statement.execute("DELETE FROM im_feed");
                statement.execute("DELETE FROM im_event");
                statement.execute("UPDATE im_feed_sequence SET last_message = 0, last_event = 0");
            }

            eventually(() -> assertThat(alice.ended()).isNotNull());
            try (HiveMq5Client again = new HiveMq5Client(server, "alice:mac:a")) {
                assertThat(DataEpochTest.told(again)).isNotEqualTo(DataEpochTest.told(alice));
            }
        }
    }

    @Test
    void aUrlOfSomethingElseIsRefused() {
        assertThatThrownBy(() -> SettingsReader.read(null, environment("jdbc:postgresql://host/db", "root")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("storage.mysql.url");
    }

    private RunningServer start(String url, String user) throws Exception {
        return RunningServer.start(
                directory,
                "HONGYAN_STORAGE_ENGINE",
                "mysql",
                "HONGYAN_STORAGE_MYSQL_URL",
                url,
                "HONGYAN_STORAGE_MYSQL_USER",
                user);
    }

    private Map<String, String> environment(String url, String user) {
        return Map.of(
                "HONGYAN_LISTEN_MQTT", "127.0.0.1:0",
                "HONGYAN_LISTEN_WEBSOCKET", "127.0.0.1:0",
                "HONGYAN_LISTEN_HTTP", "127.0.0.1:0",
                "HONGYAN_DATA_DIRECTORY", directory.toString(),
                "HONGYAN_STORAGE_ENGINE", "mysql",
                "HONGYAN_STORAGE_MYSQL_URL", url,
                "HONGYAN_STORAGE_MYSQL_USER", user);
    }

    private static void makeGroup(RunningServer server, List<String> members) {
        String others = members.stream().skip(1).map(uid -> '"' + uid + '"').collect(Collectors.joining(","));
        String body =
                "{\"id\":\"many\",\"name\":\"n\",\"owner\":\"" + members.get(0) + "\",\"members\":[" + others + "]}";
        assertThat(HttpApi.business(server).post("/v1/groups", body).status()).isEqualTo(201);
    }

    private static void eventually(ThrowingRunnable check) {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(check);
    }
}
