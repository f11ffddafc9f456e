package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5DisconnectException;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAckReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5DisconnectReasonCode;
import io.hongyan.im.app.client.ChatClient.Received;
import io.hongyan.im.app.client.HiveMq5Client;
import io.hongyan.im.app.client.Payloads;
import io.hongyan.im.app.client.RawClient;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that is drained over HTTP, as real clients see it. */
@Timeout(120)
final class DrainTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String ELSEWHERE = "mqtt2.example.com:1883";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    @Test
    void clientsAreMovedAwayAndTheServerIsReadyAgainAfterwards() throws Exception {
        try (RunningServer server = RunningServer.start(directory, "HONGYAN_STOP_SERVER_REFERENCE", ELSEWHERE);
                HiveMq5Client alice = new HiveMq5Client(server, "alice:ios:a");
                RawClient bob = new RawClient(server.mqttPort(), false)) {
            assertThat(bob.connect("bob:ios:b", "bob", server.token("bob"), null)
                            .reason())
                    .isZero();
            assertThat(node(server, "GET", "").toString())
                    .isEqualTo("{\"state\":\"SERVING\",\"clients\":2,\"movedAwayTotal\":\"0\"}");

            JsonNode begun = node(server, "POST", "/drain", "{\"clientsPerSecond\":1000}");
            assertThat(begun.get("clientsPerSecond").asInt()).isEqualTo(1_000);
            assertThat(begun.get("serverReference").asText()).isEqualTo(ELSEWHERE);
            await().atMost(PATIENCE).until(() -> alice.ended() != null);
            assertThat(alice.ended()).isInstanceOfSatisfying(Mqtt5DisconnectException.class, ended -> {
                assertThat(ended.getMqttMessage().getReasonCode())
                        .isEqualTo(Mqtt5DisconnectReasonCode.USE_ANOTHER_SERVER);
                assertThat(ended.getMqttMessage().getServerReference().orElseThrow())
                        .hasToString(ELSEWHERE);
            });
            assertThat(bob.read().type()).isEqualTo(RawClient.CLOSED);
            await().atMost(PATIENCE)
                    .until(() -> node(server, "GET", "").get("state").asText().equals("DRAINED"));

            assertThatThrownBy(() -> new HiveMq5Client(server, "carol:ios:c").close())
                    .isInstanceOfSatisfying(Mqtt5ConnAckException.class, refused -> {
                        assertThat(refused.getMqttMessage().getReasonCode())
                                .isEqualTo(Mqtt5ConnAckReasonCode.USE_ANOTHER_SERVER);
                        assertThat(refused.getMqttMessage().getServerReference().orElseThrow())
                                .hasToString(ELSEWHERE);
                    });
            try (RawClient dave = new RawClient(server.mqttPort(), false)) {
                assertThat(dave.connect("dave:ios:d", "dave", server.token("dave"), null)
                                .reason())
                        .isEqualTo(3);
            }
            HttpResponse<String> ready = server.http("GET", "/ready");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.body()).contains("The server is draining.");
            assertThat(server.metric("draining")).isEqualTo(1);
            assertThat(server.metric("clients_connected")).isZero();
            assertThat(server.metric("gate_connections_ended_total{reason=\"draining\"}"))
                    .isEqualTo(2);
            assertThat(server.metric("gate_connects_refused_total{reason=\"draining\"}"))
                    .isEqualTo(2);

            assertThat(node(server, "DELETE", "/drain").get("state").asText()).isEqualTo("SERVING");
            server.awaitReady();
            assertThat(server.metric("draining")).isZero();
            try (HiveMq5Client again = new HiveMq5Client(server, "alice:ios:a")) {
                again.send("m1", "bob", "here again");
            }
        }
    }

    @Test
    void drainingAndStartingAgainWhileSomebodyWritesLosesAndDoublesNothing() throws Exception {
        AtomicBoolean writing = new AtomicBoolean(true);
        AtomicInteger acknowledged = new AtomicInteger();
        AtomicReference<Exception> broken = new AtomicReference<>();
        try (RunningServer server = RunningServer.start(directory)) {
            server.token("bob");
            String token = server.token("alice");
            int port = server.mqttPort();
            Thread writer = new Thread(() -> {
                while (writing.get()) {
                    try {
                        write(port, token, writing, acknowledged);
                    } catch (IOException away) {
                        // As a client does: it sends again what has no answer yet.
                    } catch (Exception unexpected) {
                        broken.set(unexpected);
                        return;
                    }
                }
            });
            writer.start();
            for (int round = 1; round <= 2; round++) {
                int before = acknowledged.get();
                await().atMost(PATIENCE).until(() -> acknowledged.get() >= before + 100);
                node(server, "POST", "/drain", "{}");
                await().atMost(PATIENCE)
                        .until(() ->
                                node(server, "GET", "").get("state").asText().equals("DRAINED"));
                server.restart();
            }
            int before = acknowledged.get();
            await().atMost(PATIENCE).until(() -> acknowledged.get() >= before + 100);
            writing.set(false);
            writer.join(PATIENCE.toMillis());
            assertThat(broken.get()).isNull();

            int last = acknowledged.get();
            try (HiveMq5Client bob = new HiveMq5Client(server, "bob:ios:b")) {
                await().atMost(PATIENCE).until(() -> bob.inbox().size() >= last);
                List<String> texts = new ArrayList<>();
                for (int i = 1; i <= last; i++) {
                    texts.add("number " + i);
                }
                assertThat(bob.inbox()).extracting(Received::text).startsWith(texts.toArray(String[]::new));
                assertThat(bob.inbox()).extracting(Received::id).doesNotHaveDuplicates();
            }
        }
    }

    /** Sends until the connection ends; the numbers continue after the acknowledged ones. */
    private static void write(int port, String token, AtomicBoolean writing, AtomicInteger acknowledged)
            throws IOException {
        try (RawClient alice = new RawClient(port, true)) {
            if (alice.connect("alice:ios:a", "alice", token, null).type() != RawClient.CONNACK) {
                return;
            }
            while (writing.get()) {
                int number = acknowledged.get() + 1;
                byte[] message =
                        Payloads.send("m" + number, "bob", "number " + number).toByteArray();
                RawClient.Packet answer = alice.publish(number % 65_535 + 1, 1, "im/send", message);
                if (answer.type() != RawClient.PUBACK) {
                    return;
                }
                assertThat(answer.reason()).isZero();
                acknowledged.incrementAndGet();
            }
        }
    }

    @Test
    void whatDoesNotFitIsRefused() throws Exception {
        try (RunningServer server = RunningServer.start(directory)) {
            for (String body : List.of(
                    "",
                    "{\"clientsPerSecond\":0}",
                    "{\"clientsPerSecond\":100001}",
                    "{\"clientsPerSecond\":\"many\"}",
                    "{\"serverReference\":\"\"}",
                    "{\"serverReference\":\"a\\u0000b\"}",
                    "{\"serverReference\":\"" + "x".repeat(256) + "\"}",
                    "{\"seconds\":5}")) {
                HttpResponse<String> refused = call(server, "POST", "/drain", body);
                assertThat(refused.statusCode()).as(body).isEqualTo(400);
                assertThat(refused.body()).contains("MALFORMED");
            }
            assertThat(server.http("POST", "/v1/node/drain", "{}").statusCode()).isEqualTo(401);
            String user = "Bearer " + server.token("alice");
            assertThat(server.http("POST", "/v1/node/drain", "{}", "Authorization", user)
                            .statusCode())
                    .isEqualTo(403);
            assertThat(node(server, "DELETE", "/drain").get("state").asText()).isEqualTo("SERVING");
            server.awaitReady();
        }
    }

    @Test
    void limitsAreShownAndChangedWhileItRuns() throws Exception {
        try (RunningServer server = RunningServer.start(directory)) {
            String key = "flood.connections_per_address_max";
            assertThat(limit(node(server, "GET", "/limits"), key)).isEqualTo("100000");
            JsonNode changed = node(
                    server,
                    "PUT",
                    "/limits",
                    "{\"limits\":[{\"name\":\"" + key + "\",\"value\":\"1\"},"
                            + "{\"name\":\"flood.deny\",\"value\":\"192.0.2.0/24,2001:db8::/32\"}]}");
            assertThat(limit(changed, key)).isEqualTo("1");
            assertThat(limit(changed, "flood.deny")).isEqualTo("192.0.2.0/24,2001:db8:0:0:0:0:0:0/32");
            assertThat(limit(changed, "flood.connections_max")).as("not named").isEqualTo("200000");
            try (RawClient alice = new RawClient(server.mqttPort(), false);
                    RawClient bob = new RawClient(server.mqttPort(), false)) {
                assertThat(alice.connect("alice:ios:a", "alice", server.token("alice"), null)
                                .reason())
                        .isZero();
                assertThat(bob.connect("bob:ios:b", "bob", server.token("bob"), null)
                                .type())
                        .isEqualTo(RawClient.CLOSED);
            }
            assertThat(server.metric("gate_sockets_refused_total{reason=\"address\"}"))
                    .isEqualTo(1);
            for (String wrong : List.of(
                    "{\"limits\":[{\"name\":\"flood.connections_max\",\"value\":\"many\"}]}",
                    "{\"limits\":[{\"name\":\"flood.connexions_max\",\"value\":\"1\"}]}",
                    "{\"limits\":[{\"name\":\"flood.deny\",\"value\":\"example.com\"}]}",
                    "{\"limits\":[{\"name\":\"flood.deny\"}]}")) {
                HttpResponse<String> refused = call(server, "PUT", "/limits", wrong);
                assertThat(refused.statusCode()).as(wrong).isEqualTo(400);
                assertThat(refused.body())
                        .containsAnyOf("flood.", "limits[0].value")
                        .doesNotContain("HONGYAN");
            }
            assertThat(limit(node(server, "GET", "/limits"), key)).isEqualTo("1");
        }
    }

    @Test
    void sizesAndNumbersOfMqttAreChangedToo() throws Exception {
        try (RunningServer server = RunningServer.start(directory);
                RawClient before = new RawClient(server.mqttPort(), true)) {
            before.connect("alice:iot:a", "alice", server.token("alice"), null);
            assertThat(before.subscribe(1, 1, "t/alice/3/4").reason()).isEqualTo(1);
            JsonNode changed = node(
                    server,
                    "PUT",
                    "/limits",
                    "{\"limits\":[{\"name\":\"mqtt.packet_bytes_max\",\"value\":\"70000\"},"
                            + "{\"name\":\"mqtt.topic_levels_max\",\"value\":\"3\"},"
                            + "{\"name\":\"mqtt.unanswered_publishes_max\",\"value\":\"5\"},"
                            + "{\"name\":\"mqtt.outbound_bytes_max\",\"value\":\"200000\"}]}");
            for (JsonNode limits : List.of(changed, node(server, "GET", "/limits"))) {
                assertThat(limit(limits, "mqtt.packet_bytes_max")).isEqualTo("70000");
                assertThat(limit(limits, "mqtt.topic_levels_max")).isEqualTo("3");
                assertThat(limit(limits, "mqtt.unanswered_publishes_max")).isEqualTo("5");
                assertThat(limit(limits, "mqtt.outbound_bytes_max")).isEqualTo("200000");
                assertThat(limit(limits, "mqtt.filters_max")).as("not named").isEqualTo("64");
            }
            assertThat(before.subscribe(2, 1, "t/alice/3/5").reason()).isEqualTo(0x8F);
            assertThat(before.publish(3, 1, "t/alice/x", new byte[80_000]).reason())
                    .as("what its client was told holds on")
                    .isZero();
            try (RawClient after = new RawClient(server.mqttPort(), true)) {
                after.connect("bob:iot:b", "bob", server.token("bob"), null);
                assertThat(after.publish(1, 1, "t/bob/x", new byte[80_000]).reason())
                        .isEqualTo(0x95);
            }
            assertRefused(server, "mqtt.packet_bytes_max", "10", "mqtt.packet_bytes_max takes");
            assertRefused(server, "mqtt.packet_bytes_max", "2000", "content_bytes_max is above mqtt.packet_bytes_max");
            assertRefused(server, "mqtt.write_buffer_low_bytes", "999999", "mqtt.write_buffer_low_bytes is above");
            assertRefused(server, "mqtt.publish_millis_max", "1000", "mqtt.publish_millis_max cannot be changed");
            assertRefused(server, "http.body_bytes_max", "1000", "http.body_bytes_max cannot be changed");
            assertThat(node(server, "GET", "/limits")).isEqualTo(changed);
        }
    }

    private static void assertRefused(RunningServer server, String name, String value, String words) throws Exception {
        HttpResponse<String> refused = call(
                server, "PUT", "/limits", "{\"limits\":[{\"name\":\"" + name + "\",\"value\":\"" + value + "\"}]}");
        assertThat(refused.statusCode()).as(name).isEqualTo(400);
        assertThat(refused.body()).contains("MALFORMED", words).doesNotContain("HONGYAN");
    }

    private static String limit(JsonNode limits, String name) {
        for (JsonNode limit : limits.get("limits")) {
            if (limit.get("name").asText().equals(name)) {
                return limit.get("value").asText();
            }
        }
        throw new AssertionError(name + " is not among " + limits);
    }

    private static JsonNode node(RunningServer server, String method, String path) throws Exception {
        return node(server, method, path, null);
    }

    private static JsonNode node(RunningServer server, String method, String path, String body) throws Exception {
        HttpResponse<String> answer = call(server, method, path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private static HttpResponse<String> call(RunningServer server, String method, String path, String body) {
        return server.http(method, "/v1/node" + path, body, "Authorization", "Bearer " + server.httpKey());
    }
}
