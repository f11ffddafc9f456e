package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.push.PushState;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server is killed in the middle of a paced push to everybody: each user has it once, and nobody lacks it. */
@Tag("long")
@Timeout(240)
final class PushKilledTest {
    private static final Pattern READY = Pattern.compile("HTTP 127.0.0.1:(\\d+)");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int USERS = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    Path directory;

    private final List<Process> processes = new ArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void killWhatIsLeft() {
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    void afterSigkillThePushGoesOnAndReachesEachUserOnce() throws Exception {
        List<String> uids = IntStream.range(0, USERS).mapToObj(i -> "u" + i).toList();
        StoredData.makeUsers(data(), uids);
        String first = start();
        JsonNode submitted = http(
                first,
                "POST",
                "/v1/push",
                "{\"pushId\":\"p1\",\"channel\":\"news\",\"everybody\":true,"
                        + "\"content\":{\"text\":{\"text\":\"hello\"}}}");
        assertThat(submitted.get("state").asText()).isEqualTo("OPEN");
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> state(first).get("stored").asInt() > 0);
        processes.get(0).destroyForcibly().waitFor();
        StoredData.ask(data(), storage -> {
            PushState killed = storage.pushes().find("p1").orElseThrow();
            assertThat(killed.finished()).isFalse();
            assertThat(killed.counts().stored()).isBetween(1L, USERS - 1L);
            return null;
        });

        String second = start();
        await().atMost(PATIENCE).until(() -> state(second).get("state").asText().equals("FINISHED"));
        assertThat(state(second).get("recipients").asInt()).isEqualTo(USERS);
        assertThat(state(second).get("stored").asInt()).isEqualTo(USERS);
        processes.get(1).destroy();
        assertThat(processes.get(1).waitFor(60, TimeUnit.SECONDS)).isTrue();

        StoredData.ask(data(), storage -> {
            for (String uid : uids) {
                List<Entry> inbox = storage.inbox().read(uid, 0, 100, 1 << 20).entries();
                assertThat(inbox).as(uid).hasSize(1);
                assertThat(((Entry.OfMessage) inbox.get(0)).message().clientMessageId())
                        .isEqualTo("p1");
            }
            return null;
        });
    }

    /** @return the port of HTTP */
    private String start() throws IOException {
        Path output = directory.resolve("output-" + processes.size());
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classes,
                "io.hongyan.im.app.Main");
        builder.environment()
                .putAll(Map.of(
                        "HONGYAN_DATA_DIRECTORY", data().toString(),
                        "HONGYAN_LISTEN_MQTT", "127.0.0.1:0",
                        "HONGYAN_LISTEN_WEBSOCKET", "off",
                        "HONGYAN_LISTEN_HTTP", "127.0.0.1:0",
                        "HONGYAN_PUSH_USERS_PER_SECOND_MAX", "100"));
        processes.add(builder.redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start());
        await().atMost(PATIENCE).until(() -> Files.readString(output).contains("ready after "));
        Matcher ready = READY.matcher(Files.readString(output)
                .lines()
                .filter(line -> line.contains("ready after "))
                .findFirst()
                .orElseThrow());
        assertThat(ready.find()).isTrue();
        return ready.group(1);
    }

    private Path data() {
        return directory.resolve("data");
    }

    private JsonNode state(String port) throws Exception {
        return http(port, "GET", "/v1/push/p1", "");
    }

    private JsonNode http(String port, String method, String path, String body) throws Exception {
        String key =
                Files.readString(data().resolve(ApiAccess.DEVELOPMENT_KEY_FILE)).strip();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Authorization", "Bearer " + key)
                .method(method, BodyPublishers.ofString(body))
                .build();
        return JSON.readTree(client.send(request, BodyHandlers.ofString()).body());
    }
}
