package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hongyan.im.app.client.ChatClient.Received;
import io.hongyan.im.app.client.MosquittoClient;
import io.hongyan.im.app.client.PahoClient;
import io.hongyan.protocol.v1.Notice;
import io.hongyan.protocol.v1.PushNotice;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What business lines push over HTTP and users receive with stock clients. */
@Tag("servers")
@Timeout(120)
final class PushTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private RunningServer server;

    @BeforeEach
    void start() throws Exception {
        start(200);
    }

    private void start(int usersPerSecond) throws Exception {
        server = RunningServer.start(directory, "HONGYAN_PUSH_USERS_PER_SECOND_MAX", "" + usersPerSecond);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aStoredPushReachesWhoIsOnlineNowAndWhoComesLater() throws Exception {
        try (MosquittoClient alice = new MosquittoClient(server, "alice", "311")) {
            server.token("bob");
            HttpResponse<String> answer = submit("p1", "\"to\":[\"alice\",\"bob\",\"nobody\"]", 202);
            assertThat(JSON.readTree(answer.body()).get("pushId").asText()).isEqualTo("p1");
            JsonNode state = finished("p1");
            assertThat(state.get("stored").asInt()).isEqualTo(2);
            assertThat(state.get("unknownUids").get(0).asText()).isEqualTo("nobody");
            await().atMost(Duration.ofSeconds(20)).until(() -> alice.lines().size() == 1);
            JsonNode message = JSON.readTree(alice.lines().get(0)).get("message");
            assertThat(message.get("from").asText()).isEqualTo("$system");
            assertThat(message.get("to")).isEqualTo(JSON.readTree("{\"kind\":\"SYSTEM\",\"id\":\"orders\"}"));
            assertThat(message.get("clientMessageId").asText()).isEqualTo("p1");
            assertThat(message.get("content").get("text").get("text").asText()).isEqualTo("on its way");
        }
        try (PahoClient bob = PahoClient.online(server, "bob:ios:b")) {
            await().atMost(Duration.ofSeconds(20)).until(() -> bob.inbox().size() == 1);
            assertThat(bob.inbox()).extracting(Received::id).containsExactly("p1");
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> server.metric("pushes_finished_total") == 1);
    }

    @Test
    void thePushIdMakesAskingAgainHarmless() throws Exception {
        server.token("alice");
        submit("p1", "\"to\":[\"alice\"]", 202);
        finished("p1");
        assertThat(JSON.readTree(submit("p1", "\"to\":[\"alice\"]", 202).body())
                        .get("state")
                        .asText())
                .isEqualTo("FINISHED");
        assertThat(JSON.readTree(submit("p1", "\"everybody\":true", 409).body())
                        .get("code")
                        .asText())
                .isEqualTo("EXISTS");
        assertThat(server.metric("push_users_stored_total")).isEqualTo(1);
    }

    @Test
    void badPushesAreRefusedWithTheirReason() throws Exception {
        String ok = "\"channel\":\"orders\",\"to\":[\"alice\"],\"content\":{\"text\":{\"text\":\"x\"}}";
        for (String bad : new String[] {
            ok + ",\"everybody\":true",
            ok + ",\"mode\":\"later\"",
            ok + ",\"pushId\":\"with space\"",
            ok.replace("[\"alice\"]", "[]"),
            ok.replace("\"to\":[\"alice\"],", ""),
            ok.replace("orders", "or|ders"),
            ok.replace("{\"text\":{\"text\":\"x\"}}", "{}"),
            ok.replace("{\"text\":{\"text\":\"x\"}}", "{\"tex\":1}"),
            ok.replace("{\"text\":{\"text\":\"x\"}}", "\"x\"")
        }) {
            HttpResponse<String> answer = post('{' + bad + '}');
            assertThat(answer.statusCode()).as(bad + answer.body()).isEqualTo(400);
        }
        HttpResponse<String> change =
                post('{' + ok.replace("{\"text\":{\"text\":\"x\"}}", "{\"groupChange\":{}}") + '}');
        assertThat(change.statusCode()).as(change.body()).isEqualTo(403);
        assertThat(server.http("GET", "/v1/push/none", null, "Authorization", "Bearer " + server.httpKey())
                        .statusCode())
                .isEqualTo(404);
        assertThat(server.http("POST", "/v1/push", '{' + ok + '}').statusCode()).isEqualTo(401);
    }

    @Test
    void aRestartInTheMiddleDoublesNothing() throws Exception {
        // So slow that it is not finished before it is looked at.
        server.close();
        start(40);
        StringBuilder to = new StringBuilder("\"to\":[\"alice\"");
        for (int i = 0; i < 600; i++) {
            to.append(",\"nobody").append(i).append('"');
        }
        server.token("alice");
        submit("p1", to.append(",\"bob\"]").toString(), 202);
        server.token("bob");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> state("p1").get("recipients").asInt() > 0);
        assertThat(state("p1").get("state").asText()).isEqualTo("OPEN");
        server.close();
        start(200);
        JsonNode state = finished("p1");
        assertThat(state.get("recipients").asInt()).isEqualTo(602);
        assertThat(state.get("stored").asInt()).isEqualTo(2);
        for (String uid : new String[] {"alice", "bob"}) {
            try (PahoClient client = PahoClient.online(server, uid + ":ios:x")) {
                submit("last-" + uid, "\"to\":[\"" + uid + "\"]", 202);
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> client.inbox().size() == 2);
                assertThat(client.inbox()).extracting(Received::id).containsExactly("p1", "last-" + uid);
            }
        }
    }

    @Test
    void onlineOnlyIsANoticeForThoseWhoAreThere() throws Exception {
        server.token("bob");
        try (PahoClient alice = PahoClient.online(server, "alice:ios:a")) {
            submit("p1", "\"mode\":\"ONLINE_ONLY\",\"everybody\":true", 202);
            JsonNode state = finished("p1");
            assertThat(state.get("online").asInt()).isEqualTo(1);
            assertThat(state.get("offlineUids").get(0).asText()).isEqualTo("bob");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> alice.others("notice").size() == 1);
            PushNotice notice = Notice.parseFrom(alice.others("notice").get(0)).getPush();
            assertThat(notice.getPushId()).isEqualTo("p1");
            assertThat(notice.getChannel()).isEqualTo("orders");
            assertThat(notice.getContent().getText().getText()).isEqualTo("on its way");
            assertThat(alice.inbox()).isEmpty();
        }
    }

    private HttpResponse<String> submit(String id, String more, int status) throws Exception {
        HttpResponse<String> answer = post("{\"pushId\":\"" + id + "\",\"channel\":\"orders\"," + more
                + ",\"content\":{\"text\":{\"text\":\"on its way\"}}}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return answer;
    }

    private HttpResponse<String> post(String body) throws Exception {
        return server.http("POST", "/v1/push", body, "Authorization", "Bearer " + server.httpKey());
    }

    private JsonNode state(String id) throws Exception {
        return JSON.readTree(server.http("GET", "/v1/push/" + id, null, "Authorization", "Bearer " + server.httpKey())
                .body());
    }

    private JsonNode finished(String id) throws Exception {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> state(id).get("state").asText().equals("FINISHED"));
        return state(id);
    }
}
