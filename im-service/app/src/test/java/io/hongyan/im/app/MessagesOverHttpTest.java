package io.hongyan.im.app;

import static io.hongyan.im.app.client.MessageCalls.pull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.hongyan.im.app.client.HttpApi;
import io.hongyan.im.app.client.MosquittoClient;
import io.hongyan.im.app.client.PahoClient;
import io.hongyan.protocol.v1.InboxEntry;
import io.hongyan.protocol.v1.Message;
import io.hongyan.protocol.v1.Peer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Messages that a business line changes over HTTP. */
@Tag("servers")
@Timeout(180)
final class MessagesOverHttpTest {
    private static final Duration WAIT = Duration.ofSeconds(40);

    @TempDir
    Path directory;

    @Test
    void aBusinessLineRecallsAndPinsAsTheSystem() throws Exception {
        try (RunningServer server = RunningServer.start(directory);
                PahoClient alice = PahoClient.online(server, "alice:ios:a");
                MosquittoClient bob = new MosquittoClient(server, "bob", "5")) {
            HttpApi business = HttpApi.business(server);
            server.token("cid");
            alice.send("m1", "bob", "an insult");
            String message = "/v1/conversations/direct:alice%7Cbob/messages/1";
            assertThat(business.put(message + "/pin", "{\"pinned\":true}").seq())
                    .isEqualTo(2);
            assertThat(business.call("POST", message + "/recall", null, "case-7")
                            .seq())
                    .isEqualTo(3);
            assertThat(business.call("POST", message + "/recall", null, "case-7")
                            .seq())
                    .isEqualTo(3);
            assertThat(business.post(message + "/recall", null).seq()).isZero();
            assertThat(business.put(message + "/pin", "{\"pinned\":true}").code())
                    .isEqualTo("UNKNOWN_MESSAGE");
            assertThat(business.post("/v1/conversations/direct:alice%7Ccid/messages/1/recall", null)
                            .code())
                    .isEqualTo("UNKNOWN_MESSAGE");
            assertThat(business.post("/v1/conversations/group:none/messages/1/recall", null)
                            .code())
                    .isEqualTo("UNKNOWN_CONVERSATION");
            assertThat(business.post("/v1/conversations/alice/messages/1/recall", null)
                            .code())
                    .isEqualTo("MALFORMED");
            assertThat(business.post("/v1/conversations/group:tea/messages/0/recall", null)
                            .code())
                    .isEqualTo("MALFORMED");
            assertThat(HttpApi.user(server, "alice")
                            .post(message + "/recall", null)
                            .code())
                    .isEqualTo("NOT_ALLOWED");

            Peer bobPeer =
                    Peer.newBuilder().setKind(Peer.Kind.DIRECT).setId("bob").build();
            assertThat(pull(alice).stream().map(InboxEntry::getMessage).filter(entry -> entry.getSeq() > 1))
                    .extracting(Message::getFrom, Message::getTo)
                    .containsOnly(tuple("$system", bobPeer));
            await().atMost(WAIT)
                    .untilAsserted(() -> assertThat(bob.lines())
                            .anyMatch(line -> line.contains("\"from\":\"$system\"")
                                    && line.contains("\"to\":{\"kind\":\"DIRECT\",\"id\":\"alice\"}")
                                    && line.contains("\"recalled\":{}")));
            JsonNode events = business.get("/v1/feed").body().path("events");
            List<JsonNode> stored = new ArrayList<>();
            events.forEach(event -> {
                if (event.has("messageStored")) {
                    stored.add(event.at("/messageStored/message"));
                }
            });
            assertThat(stored).hasSize(3);
            assertThat(stored.get(0).has("content")).isFalse();
            assertThat(stored.get(2).at("/content/change/targetSeq").asText()).isEqualTo("1");
        }
    }
}
