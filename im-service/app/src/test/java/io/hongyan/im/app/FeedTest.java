package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hongyan.im.app.client.HttpApi;
import io.hongyan.im.app.client.PahoClient;
import io.hongyan.protocol.v1.FeedEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The feed of the whole system, over HTTP. */
@Tag("long")
@Timeout(120)
final class FeedTest {
    private static final Path PAGE = Path.of("../../docs/feed.md");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    @Test
    void messagesSessionsAndReceiptsAreInTheFeed() throws Exception {
        try (RunningServer server = RunningServer.start(directory)) {
            try (PahoClient alice = PahoClient.online(server, "alice:android:a");
                    PahoClient bob = PahoClient.online(server, "bob:ios:b")) {
                alice.send("m1", "bob", "hello");
                await().atMost(Duration.ofSeconds(20)).until(() -> bob.inbox().size() == 1);
                await().atMost(Duration.ofSeconds(20)).until(() -> words(server).contains("receipt bob 1 0"));
            }
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> words(server).contains("closed alice BY_CLIENT")
                            && words(server).contains("closed bob BY_CLIENT"));
            assertThat(words(server))
                    .contains(
                            "node started", "opened alice android:a", "opened bob ios:b", "message direct:alice|bob 1");
        }
    }

    @Test
    void aLoginIsInTheFeedBeforeItIsAnswered() throws Exception {
        try (RunningServer server = RunningServer.start(directory)) {
            for (int i = 0; i < 20; i++) {
                try (PahoClient one = PahoClient.online(server, "user" + i + ":web:a")) {
                    assertThat(one.inbox()).isEmpty();
                    assertThat(words(server)).contains("opened user" + i + " web:a");
                }
            }
        }
    }

    @Test
    void aKickIsToldBeforeTheEndOfTheSession() throws Exception {
        try (RunningServer server = RunningServer.start(directory);
                PahoClient old = PahoClient.online(server, "alice:android:a");
                PahoClient newer = PahoClient.online(server, "alice:ios:b")) {
            await().atMost(Duration.ofSeconds(20)).until(() -> words(server).contains("closed alice KICKED"));
            assertThat(words(server).stream().filter(word -> word.contains("alice")))
                    .containsExactly(
                            "opened alice android:a",
                            "kicked alice android:a by ios:b",
                            "opened alice ios:b",
                            "closed alice KICKED");
            assertThat(old).isNotSameAs(newer);
        }
    }

    @Test
    void endsOfSessionsAreStoredWhenTheServerStops() throws Exception {
        try (RunningServer server = RunningServer.start(directory);
                PahoClient alice = PahoClient.online(server, "alice:android:a")) {
            server.restart();
            assertThat(words(server)).contains("closed alice STOPPING");
            assertThat(words(server).stream().filter("node started"::equals)).hasSize(2);
            assertThat(alice).isNotNull();
        }
    }

    @Test
    void aReaderWaitsForTheFirstEvent() throws Exception {
        try (RunningServer server = RunningServer.start(directory)) {
            JsonNode start = read(server, "");
            String next = start.get("next").asText();
            assertThat(read(server, "?after=" + next).get("events")).isEmpty();
            CompletableFuture<JsonNode> page =
                    CompletableFuture.supplyAsync(() -> read(server, "?after=" + next + "&wait_seconds=8"));
            try (PahoClient alice = PahoClient.online(server, "alice:android:a")) {
                assertThat(page.get().get("events")).isNotEmpty();
                assertThat(alice).isNotNull();
            }
        }
    }

    @Test
    void badQuestionsAreRefused() throws Exception {
        try (RunningServer server = RunningServer.start(directory)) {
            assertThat(get(server, "?after=123").statusCode()).isEqualTo(400);
            assertThat(get(server, "?limit=0").statusCode()).isEqualTo(400);
            assertThat(get(server, "?wait_seconds=61").statusCode()).isEqualTo(400);
            assertThat(server.http("GET", "/v1/feed").statusCode()).isEqualTo(401);
            HttpResponse<String> far = get(server, "?after=m999999999999999999.e999999999999999999");
            assertThat(far.statusCode()).isEqualTo(200);
            assertThat(JSON.readTree(far.body()).get("events")).isEmpty();
        }
    }

    @Test
    void withoutAFeedOnlyMessagesAreInIt() throws Exception {
        try (RunningServer server = RunningServer.start(directory, "HONGYAN_FEED_ENABLED", "false");
                PahoClient alice = PahoClient.online(server, "alice:android:a")) {
            server.token("bob");
            alice.send("m1", "bob", "hello");
            await().atMost(Duration.ofSeconds(20)).until(() -> !words(server).isEmpty());
            assertThat(words(server)).containsExactly("message direct:alice|bob 1");
        }
    }

    /** The page for readers has a program; it is compiled and run here. */
    @Test
    void theExampleOfThePagePrintsWhatHappened() throws Exception {
        Matcher code = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(PAGE));
        assertThat(code.find()).isTrue();
        Path program = Files.writeString(directory.resolve("FeedReader.java"), code.group(1));
        List<String> lines = new CopyOnWriteArrayList<>();
        try (RunningServer server = RunningServer.start(Files.createDirectory(directory.resolve("data")));
                PahoClient alice = PahoClient.online(server, "alice:android:a")) {
            server.token("bob");
            Process reader = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            program.toString(),
                            "http://127.0.0.1:" + server.httpPort(),
                            server.httpKey(),
                            directory.resolve("position").toString())
                    .redirectErrorStream(true)
                    .start();
            try {
                Thread output = new Thread(() -> copy(reader, lines), "reader");
                output.setDaemon(true);
                output.start();
                alice.send("m1", "bob", "hello");
                alice.send("m2", "bob", "still there?");
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> lines.contains("direct:alice|bob 2: alice says still there?"));
                assertThat(lines)
                        .contains("user:alice is online with android:a", "direct:alice|bob 1: alice says hello");
                await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(directory.resolve("position")));

                assertThat(HttpApi.business(server).post("/v1/data/epoch", null).status())
                        .isEqualTo(200);
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> Collections.frequency(lines, "direct:alice|bob 2: alice says still there?") == 2);
                assertThat(lines).containsOnlyOnce("other data: everything from the start");
            } finally {
                reader.destroyForcibly();
            }
        }
    }

    private static void copy(Process process, List<String> lines) {
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            output.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException ended) {
            lines.add("ended: " + ended.getMessage());
        }
    }

    /** The whole feed, a few words for each event. */
    private static List<String> words(RunningServer server) {
        List<String> words = new ArrayList<>();
        JsonNode page = read(server, "");
        while (!page.get("events").isEmpty()) {
            page.get("events").forEach(event -> words.add(word(event)));
            page = read(server, "?after=" + page.get("next").asText());
        }
        return words;
    }

    private static String word(JsonNode json) {
        FeedEvent.Builder event = FeedEvent.newBuilder();
        try {
            com.google.protobuf.util.JsonFormat.parser().merge(json.toString(), event);
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
        return switch (event.getBodyCase()) {
            case MESSAGE_STORED -> "message " + event.getKey() + ' ' + event.getKeySeq();
            case SESSION_OPENED ->
                "opened " + event.getSessionOpened().getUid() + ' '
                        + event.getSessionOpened().getDevice();
            case SESSION_CLOSED ->
                "closed " + event.getSessionClosed().getUid() + ' '
                        + event.getSessionClosed().getWhy();
            case SESSION_KICKED ->
                "kicked " + event.getSessionKicked().getUid() + ' '
                        + event.getSessionKicked().getDevice() + " by "
                        + event.getSessionKicked().getByDevice();
            case RECEIPT ->
                "receipt " + event.getReceipt().getUid() + ' '
                        + event.getReceipt().getDeliveredSeq() + ' '
                        + event.getReceipt().getReadSeq();
            case REPORT ->
                "report " + event.getReport().getDestination() + ' '
                        + event.getReport().getPayload().toStringUtf8();
            case NODE_STARTED -> {
                assertThat(event.getNodeStarted().getNode()).matches("gate-[0-9a-f]{16}");
                yield "node started";
            }
            default -> event.getBodyCase().name();
        };
    }

    private static JsonNode read(RunningServer server, String query) {
        try {
            HttpResponse<String> answer = get(server, query);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return JSON.readTree(answer.body());
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }

    private static HttpResponse<String> get(RunningServer server, String query) {
        return server.http("GET", "/v1/feed" + query, null, "Authorization", "Bearer " + server.httpKey());
    }
}
