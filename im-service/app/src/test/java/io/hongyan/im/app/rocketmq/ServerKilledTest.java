package io.hongyan.im.app.rocketmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.im.app.client.Payloads;
import io.hongyan.im.app.client.RawClient;
import io.hongyan.protocol.v1.FeedEvent;
import io.hongyan.starters.RocketMq;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server dies between sending to RocketMQ and storing the position: events come again, none is missing. */
@Tag("servers")
@Timeout(300)
final class ServerKilledTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Pattern READY =
            Pattern.compile("ready after \\d+ ms: MQTT 127.0.0.1:(\\d+), WebSocket off, HTTP 127.0.0.1:(\\d+)");

    @TempDir
    Path directory;

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void killWhatIsLeft() {
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    void afterSigkillEveryAcknowledgedMessageArrivesInOrder() throws Exception {
        RocketMq rocketMq = RocketMq.shared();
        rocketMq.makeTopics("feed-server-killed:4");
        try (RemotingReader reader =
                new RemotingReader(rocketMq.nameServer(), "feed-server-killed", "feed-server-killed")) {
            Matcher first = start(rocketMq);
            send(first, 1, 60);
            // Positions are written some time after sending, so this is nearly always before it.
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> messages(reader).anyMatch(event -> event.getKeySeq() == 60));
            processes.get(0).destroyForcibly().waitFor();

            Matcher second = start(rocketMq);
            send(second, 61, 120);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> FeedOverRocketMqTest.assertTextsInOrder(
                            FeedOverRocketMqTest.parsed(reader), "direct:alice|bob", 120));
            System.out.println("messages that came again: " + (messages(reader).count() - 120));
        }
    }

    private static Stream<FeedEvent> messages(RemotingReader reader) {
        return FeedOverRocketMqTest.parsed(reader).stream().filter(FeedEvent::hasMessageStored);
    }

    private Matcher start(RocketMq rocketMq) throws IOException {
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
                        "HONGYAN_DATA_DIRECTORY", directory.resolve("data").toString(),
                        "HONGYAN_LISTEN_MQTT", "127.0.0.1:0",
                        "HONGYAN_LISTEN_WEBSOCKET", "off",
                        "HONGYAN_LISTEN_HTTP", "127.0.0.1:0",
                        "HONGYAN_ROCKETMQ_NAME_SERVERS", rocketMq.nameServer(),
                        "HONGYAN_ROCKETMQ_FEED_TOPIC", "feed-server-killed"));
        processes.add(builder.redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start());
        await().atMost(PATIENCE)
                .until(() -> READY.matcher(Files.readString(output)).find());
        Matcher ready = READY.matcher(Files.readString(output));
        assertThat(ready.find()).isTrue();
        return ready;
    }

    /** Each is acknowledged before the next. */
    private static void send(Matcher ready, int from, int to) throws Exception {
        token(ready, "bob");
        try (RawClient alice = new RawClient(Integer.parseInt(ready.group(1)), true)) {
            alice.connect("alice:iot:a", "alice", token(ready, "alice"), null);
            for (int i = from; i <= to; i++) {
                byte[] message = Payloads.send("m" + i, "bob", "number " + i).toByteArray();
                assertThat(alice.publish(i, 1, "im/send", message).type()).isEqualTo(RawClient.PUBACK);
            }
        }
    }

    private static String token(Matcher ready, String uid) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + ready.group(2) + "/v1/dev/token?uid=" + uid);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString())
                .body()
                .strip();
    }
}
