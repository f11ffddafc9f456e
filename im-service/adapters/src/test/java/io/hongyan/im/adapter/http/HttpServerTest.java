package io.hongyan.im.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hongyan.im.adapter.LogLines;
import io.hongyan.im.adapter.http.HttpServer.HttpSettings;
import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.protocol.ErrorCode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
final class HttpServerTest {
    private final List<String> obstacles = new CopyOnWriteArrayList<>();
    private final List<String> issued = new ArrayList<>();
    private final Metrics metrics = new Metrics();
    private final HttpClient client = HttpClient.newHttpClient();
    private HttpOnPort server;

    @BeforeEach
    void start() throws IOException {
        server = serverOn((uid, device, platform, ttl) -> {
            issued.add(uid + ' ' + device + ' ' + platform + ' ' + ttl);
            return "token-of-" + uid;
        });
    }

    @AfterEach
    void stop() {
        server.close();
        metrics.close();
    }

    @Test
    void healthIsAliveWhileItRuns() throws Exception {
        obstacles.add("The storage does not answer.");
        assertThat(get("/health").statusCode()).isEqualTo(200);
        assertThat(json(get("/health")).get("status").asText()).isEqualTo("alive");
    }

    @Test
    void readyNamesWhatStandsInTheWay() throws Exception {
        assertThat(get("/ready").statusCode()).isEqualTo(200);
        obstacles.add("The storage does not answer.");
        assertThat(get("/ready").statusCode()).isEqualTo(503);
        assertThat(json(get("/ready")).get("reasons").get(0).asText()).isEqualTo("The storage does not answer.");
    }

    @Test
    void metricsHoldWhatWasBoundAndTheJvm() throws Exception {
        AtomicLong stored = new AtomicLong(7);
        metrics.counter("sends_stored_total", "Messages stored", stored::get);
        metrics.gauge("sessions_open", "Sessions open now", () -> 3);
        String text = get("/metrics").body();
        assertThat(text)
                .contains("# HELP hongyan_sends_stored_total Messages stored")
                .contains("\nhongyan_sends_stored_total 7.0")
                .contains("\nhongyan_sessions_open 3.0")
                .contains("jvm_memory_used_bytes")
                .contains("process_files_open_files");
    }

    @Test
    void aTokenIsGivenForAWellFormedUser() throws Exception {
        HttpResponse<String> answer = post("/v1/dev/token?uid=alice");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).hasValue("text/plain");
        assertThat(answer.body()).isEqualTo("token-of-alice");
        post("/v1/dev/token?uid=bob@x.org&dev=d-1&plt=iot&ttl_seconds=60");
        assertThat(issued).containsExactly("alice null null 2592000", "bob@x.org d-1 iot 60");
    }

    @Test
    void badParametersAreProblems() throws Exception {
        for (String query : List.of(
                "",
                "?uid=",
                "?uid=a%20b",
                "?uid=a/b",
                "?uid=" + "x".repeat(65),
                "?uid=a&dev=:",
                "?uid=a&plt=%23",
                "?uid=a&ttl_seconds=0",
                "?uid=a&ttl_seconds=1e3",
                "?uid=a&ttl_seconds=99999999999999999999")) {
            HttpResponse<String> answer = post("/v1/dev/token" + query);
            assertThat(answer.statusCode()).as(query).isEqualTo(400);
            assertProblem(answer);
        }
        assertThat(issued).isEmpty();
    }

    @Test
    void unknownPathsAndMethodsAreProblems() throws Exception {
        HttpResponse<String> nothing = get("/nothing/here");
        assertThat(nothing.statusCode()).isEqualTo(404);
        assertProblem(nothing);
        HttpResponse<String> wrongMethod = get("/v1/dev/token?uid=alice");
        assertThat(wrongMethod.statusCode()).isEqualTo(405);
        assertProblem(wrongMethod);
    }

    @Test
    void withoutDevelopmentThereIsNoTokenPath() throws Exception {
        server.close();
        server = serverOn(null);
        assertThat(post("/v1/dev/token?uid=alice").statusCode()).isEqualTo(404);
    }

    @Test
    void troubleIsAProblemWithoutItsDetails() throws Exception {
        server.close();
        server = serverOn((uid, device, platform, ttl) -> {
            throw new IllegalStateException("a secret detail");
        });
        HttpResponse<String> answer = post("/v1/dev/token?uid=alice");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertProblem(answer);
        assertThat(answer.body()).doesNotContain("secret detail");
    }

    @Test
    void troubleThatCallersCanCauseAtWillIsSummedUpInTheLog() throws Exception {
        server.close();
        server = serverOn((uid, device, platform, ttl) -> {
            throw new IllegalStateException("a mistake");
        });
        try (LogLines log = new LogLines(Api.class)) {
            for (int i = 0; i < 20; i++) {
                assertThat(post("/v1/dev/token?uid=alice").statusCode()).isEqualTo(503);
            }
            assertThat(log.lines()).isEmpty();
            server.summarizeLog();
            assertThat(log.lines()).singleElement().asString().contains("20", "a mistake");
        }
    }

    private HttpOnPort serverOn(DevelopmentTokens tokens) throws IOException {
        List<Routes> routes =
                tokens == null ? List.of() : List.of(new DevelopmentRoutes(tokens, new BlockingWork(Runnable::run)));
        HttpOnPort made = new HttpOnPort(new HttpServer(
                new HttpSettings(4, 30_000, 16, 0, 0, 4_096, 5_000, 2_000, 500, 64L << 20),
                () -> obstacles,
                metrics,
                new Authentication(new BusinessKeys(), () -> null, () -> null),
                new SecureRandom(),
                routes));
        made.open();
        return made;
    }

    private void assertProblem(HttpResponse<String> answer) throws IOException {
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
        JsonNode body = json(answer);
        assertThat(body.get("status").asInt()).isEqualTo(answer.statusCode());
        assertThat(body.get("title").asText()).isNotEmpty();
        assertThat(ErrorCode.valueOf(body.get("code").asText())).isNotNull();
        assertThat(body.get("detail").asText()).endsWith(".");
    }

    private JsonNode json(HttpResponse<String> answer) throws IOException {
        return new ObjectMapper().readTree(answer.body());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(HttpRequest.newBuilder(uri(path)).GET().build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(uri(path)).POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }
}
