package io.hongyan.im.app.rocketmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hongyan.im.app.MonitoringPage;
import io.hongyan.im.app.RunningServer;
import io.hongyan.im.app.client.ChatClient.Received;
import io.hongyan.im.app.client.MosquittoClient;
import io.hongyan.im.app.client.PahoClient;
import io.hongyan.protocol.v1.Content;
import io.hongyan.protocol.v1.PushRequest;
import io.hongyan.protocol.v1.Text;
import io.hongyan.starters.RocketMq;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pushes that business lines write to a topic of a real RocketMQ and users receive with stock clients. */
@Tag("servers")
@Timeout(300)
final class PushTopicTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    @Test
    void pushesReachUsersOnceAndTheFeedSaysWhatBecameOfEach() throws Exception {
        RocketMq rocketMq = RocketMq.shared();
        rocketMq.makeTopics("push-feed:2", "push-good:2");
        try (RunningServer server = server(rocketMq, "push-good", "push-good");
                MosquittoClient alice = new MosquittoClient(server, "alice", "311");
                PahoClient bob = PahoClient.online(server, "bob:ios:b");
                RemotingWriter line = new RemotingWriter(rocketMq.nameServer(), "push-good")) {
            byte[] first = push("p1").addTo("alice").addTo("nobody").build().toByteArray();
            line.write(first);
            line.write(first);
            line.write(("{\"pushId\":\"p2\",\"channel\":\"shop\",\"everybody\":true,\"mode\":\"ONLINE_ONLY\","
                            + "\"content\":{\"text\":{\"text\":\"for those who are here\"}}}")
                    .getBytes(StandardCharsets.UTF_8));
            await().atMost(PATIENCE).until(() -> server.metric("push_messages_taken_total") == 3);
            MonitoringPage.explains(server.http("GET", "/metrics").body());
            String other = line.write(push("p1").addTo("bob").build().toByteArray());
            String garbage = line.write(new byte[] {1, 2, 3});
            String large = line.write(push("p3")
                    .addTo("alice")
                    .setContent(text("x".repeat(3_000)))
                    .build()
                    .toByteArray());
            line.write(push("p4").addTo("alice").addTo("bob").build().toByteArray());

            await().atMost(PATIENCE).until(() -> bodies(server, "pushFinished").size() == 3);
            await().atMost(PATIENCE).until(() -> bodies(server, "pushRefused").size() == 3);
            await().atMost(PATIENCE).until(() -> alice.lines().size() == 2);
            assertThat(alice.inbox()).extracting(Received::id).containsExactlyInAnyOrder("p1", "p4");
            await().atMost(PATIENCE).until(() -> bob.others("notice").size() == 1);
            assertThat(bob.inbox()).extracting(Received::id).containsExactly("p4");

            assertThat(bodies(server, "pushRefused"))
                    .extracting(refused -> refused.path("pushId").asText()
                            + ' '
                            + refused.get("code").asText()
                            + ' '
                            + refused.get("messageId").asText())
                    .containsExactlyInAnyOrder("p1 EXISTS " + other, " MALFORMED " + garbage, " TOO_LARGE " + large);
            assertThat(bodies(server, "pushUnreached"))
                    .contains(
                            JSON.readTree("{\"pushId\":\"p1\",\"unknown\":[\"nobody\"]}"),
                            JSON.readTree("{\"pushId\":\"p2\",\"offline\":[\"alice\"]}"));
            assertThat(bodies(server, "pushFinished"))
                    .contains(JSON.readTree(
                            "{\"pushId\":\"p2\",\"recipients\":\"2\",\"online\":\"1\",\"offline\":\"1\"}"));
            assertThat(server.metric("push_messages_taken_total")).isEqualTo(4);
            assertThat(server.metric("push_messages_refused_total")).isEqualTo(3);
            assertThat(server.metric("pushes_submitted_total")).isEqualTo(3);
            assertThat(server.metric("push_topic_queues")).isEqualTo(2);
        }
        // A group that has read nothing: RocketMQ delivers everything again.
        try (RunningServer server = server(rocketMq, "push-good", "push-good-again");
                PahoClient alice = PahoClient.online(server, "alice:ios:new")) {
            await().atMost(PATIENCE).until(() -> server.metric("push_messages_taken_total") == 4);
            await().atMost(PATIENCE).until(() -> server.metric("push_messages_refused_total") == 3);
            assertThat(server.metric("pushes_submitted_total")).isZero();
            assertThat(server.metric("messaging_sends_stored_total")).isZero();
            assertThat(alice.inbox()).isEmpty();
        }
    }

    @Test
    void readingBeginsWithTheTopicAndGoesOnAfterOutagesOfBothSides() throws Exception {
        RocketMq rocketMq = RocketMq.shared();
        rocketMq.makeTopics("push-feed:2");
        try (RunningServer server = server(rocketMq, "push-late", "push-late");
                PahoClient alice = PahoClient.online(server, "alice:ios:a")) {
            assertThat(server.metric("push_topic_queues")).isZero();
            rocketMq.makeTopics("push-late:3");
            await().atMost(PATIENCE).until(() -> server.metric("push_topic_queues") == 3);
            push(rocketMq, "p1", alice.uid());
            await().atMost(PATIENCE).until(() -> ids(alice).equals(List.of("p1")));

            rocketMq.kill();
            rocketMq.start();
            push(rocketMq, "p2", alice.uid());
            await().atMost(PATIENCE).until(() -> ids(alice).equals(List.of("p1", "p2")));
            await().atMost(PATIENCE).until(() -> server.metric("push_messages_taken_total") == 2);

            server.restart();
            push(rocketMq, "p3", alice.uid());
            await().atMost(PATIENCE).until(() -> server.metric("push_users_stored_total") == 1);
            assertThat(server.metric("push_messages_taken_total"))
                    .as("what was taken before the restart does not come again")
                    .isEqualTo(1);
            server.awaitReady();
        }
    }

    @Test
    void whereTooManyPushesAreOpenTheTopicWaits() throws Exception {
        RocketMq rocketMq = RocketMq.shared();
        rocketMq.makeTopics("push-feed:2", "push-full:1");
        try (RunningServer server = RunningServer.start(
                        directory,
                        "HONGYAN_ROCKETMQ_NAME_SERVERS",
                        rocketMq.nameServer(),
                        "HONGYAN_ROCKETMQ_FEED_TOPIC",
                        "push-feed",
                        "HONGYAN_ROCKETMQ_PUSH_ENABLED",
                        "true",
                        "HONGYAN_ROCKETMQ_PUSH_TOPIC",
                        "push-full",
                        "HONGYAN_ROCKETMQ_PUSH_GROUP",
                        "push-full",
                        "HONGYAN_PUSH_OPEN_MAX",
                        "1",
                        "HONGYAN_PUSH_USERS_PER_SECOND_MAX",
                        "100");
                RemotingWriter line = new RemotingWriter(rocketMq.nameServer(), "push-full")) {
            for (int i = 1; i <= 3; i++) {
                PushRequest.Builder push = push("p" + i);
                for (int user = 0; user < 150; user++) {
                    push.addTo("nobody" + user);
                }
                line.write(push.build().toByteArray());
            }
            await().atMost(PATIENCE).until(() -> server.metric("pushes_finished_total") == 3);
            assertThat(server.metric("push_messages_put_off_total")).isPositive();
            assertThat(server.metric("push_messages_taken_total")).isEqualTo(3);
            assertThat(server.metric("push_messages_refused_total")).isZero();
            assertThat(bodies(server, "pushRefused")).isEmpty();
        }
    }

    private RunningServer server(RocketMq rocketMq, String topic, String group) throws Exception {
        return RunningServer.start(
                directory,
                "HONGYAN_ROCKETMQ_NAME_SERVERS",
                rocketMq.nameServer(),
                "HONGYAN_ROCKETMQ_FEED_TOPIC",
                "push-feed",
                "HONGYAN_ROCKETMQ_PUSH_ENABLED",
                "true",
                "HONGYAN_ROCKETMQ_PUSH_TOPIC",
                topic,
                "HONGYAN_ROCKETMQ_PUSH_GROUP",
                group,
                "HONGYAN_ROCKETMQ_PUSH_BYTES_MAX",
                "2000");
    }

    private static void push(RocketMq rocketMq, String id, String uid) throws Exception {
        try (RemotingWriter line = new RemotingWriter(rocketMq.nameServer(), "push-late")) {
            line.write(push(id).addTo(uid).build().toByteArray());
        }
    }

    private static PushRequest.Builder push(String id) {
        return PushRequest.newBuilder().setPushId(id).setChannel("shop").setContent(text("on its way"));
    }

    private static Content text(String text) {
        return Content.newBuilder().setText(Text.newBuilder().setText(text)).build();
    }

    private static List<String> ids(PahoClient client) {
        return client.inbox().stream().map(Received::id).toList();
    }

    /** Of all events of this kind in the feed. */
    private static List<JsonNode> bodies(RunningServer server, String kind) throws Exception {
        List<JsonNode> found = new ArrayList<>();
        JsonNode page;
        String after = "";
        do {
            page = JSON.readTree(server.http(
                            "GET",
                            "/v1/feed?limit=1000&after=" + after,
                            null,
                            "Authorization",
                            "Bearer " + server.httpKey())
                    .body());
            for (JsonNode event : page.get("events")) {
                if (event.has(kind)) {
                    found.add(event.get(kind));
                }
            }
            after = page.get("next").asText();
        } while (!page.get("events").isEmpty());
        return found;
    }
}
