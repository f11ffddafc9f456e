package io.hongyan.im.app;

import static io.hongyan.im.app.client.MessageCalls.ask;
import static io.hongyan.im.app.client.MessageCalls.done;
import static io.hongyan.im.app.client.MessageCalls.edit;
import static io.hongyan.im.app.client.MessageCalls.history;
import static io.hongyan.im.app.client.MessageCalls.nextId;
import static io.hongyan.im.app.client.MessageCalls.pin;
import static io.hongyan.im.app.client.MessageCalls.pull;
import static io.hongyan.im.app.client.MessageCalls.pulledChanges;
import static io.hongyan.im.app.client.MessageCalls.react;
import static io.hongyan.im.app.client.MessageCalls.recall;
import static io.hongyan.im.app.client.MessageCalls.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.InvalidProtocolBufferException;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.hongyan.im.app.client.HiveMq5Client;
import io.hongyan.im.app.client.HttpApi;
import io.hongyan.im.app.client.MosquittoClient;
import io.hongyan.im.app.client.PahoClient;
import io.hongyan.im.app.client.Payloads;
import io.hongyan.protocol.v1.ChangeResult;
import io.hongyan.protocol.v1.Code;
import io.hongyan.protocol.v1.Content;
import io.hongyan.protocol.v1.EditRequest;
import io.hongyan.protocol.v1.HistoryRequest;
import io.hongyan.protocol.v1.InboxEntry;
import io.hongyan.protocol.v1.Merged;
import io.hongyan.protocol.v1.Message;
import io.hongyan.protocol.v1.MessageChange;
import io.hongyan.protocol.v1.Peer;
import io.hongyan.protocol.v1.Quote;
import io.hongyan.protocol.v1.RecallRequest;
import io.hongyan.protocol.v1.Reply;
import io.hongyan.protocol.v1.SendRequest;
import io.hongyan.protocol.v1.Text;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that change, as stock clients of both encodings and both versions of MQTT see them. */
@Tag("servers")
@Timeout(180)
final class MessageChangesTest {
    private static final Duration WAIT = Duration.ofSeconds(40);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Peer BOB = peer(Peer.Kind.DIRECT, "bob");
    private static final Peer CID = peer(Peer.Kind.DIRECT, "cid");
    private static final Peer ALICE = peer(Peer.Kind.DIRECT, "alice");
    private static final Peer TEA = peer(Peer.Kind.GROUP, "tea");
    private static final String PEER_ALICE = "\"peer\":{\"kind\":\"DIRECT\",\"id\":\"alice\"}";

    @TempDir
    Path directory;

    private RunningServer server;

    private void start(String... settings) throws Exception {
        server = RunningServer.start(directory, settings);
        for (String uid : List.of("alice", "bob", "cid")) {
            server.token(uid);
        }
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"311", "5"})
    void clientsOfBothEncodingsChangeWhatTheyWrote(String version) throws Exception {
        start();
        try (PahoClient alice = PahoClient.online(server, "alice:ios:a");
                HiveMq5Client second = new HiveMq5Client(server, "alice:web:b");
                MosquittoClient bob = new MosquittoClient(server, "bob", version)) {
            alice.send("m1", "bob", "helo");
            alice.send("m2", "bob", "not for bob");
            bob.ask("json/im/send", Payloads.sendJson("m3", "alice", "what?"));

            assertThat(done(alice, "im/call/edit", edit(BOB, 1, "hello")).getSeq())
                    .isEqualTo(4);
            second.publish("im/call/recall", recall(BOB, 2).toByteArray());
            await().atMost(WAIT).until(() -> !replies(second).isEmpty());
            assertThat(replies(second).get(0).getChange().getSeq()).isEqualTo(5);
            JsonNode edited = askJson(bob, "edit", 3, ",\"content\":{\"text\":{\"text\":\"fine\"}}");
            assertThat(edited.at("/change/seq").asLong()).isEqualTo(6);
            assertThat(askJson(bob, "react", 1, ",\"emoji\":\"👍\"")
                            .at("/change/seq")
                            .asLong())
                    .isEqualTo(7);
            assertThat(askJson(bob, "pin_message", 1, ",\"pinned\":true")
                            .at("/change/seq")
                            .asLong())
                    .isEqualTo(8);
            assertThat(askJson(bob, "recall", 3, "").at("/change/seq").asLong()).isEqualTo(9);

            List<MessageChange> seen = pulledChanges(alice);
            assertThat(seen).extracting(MessageChange::getTargetSeq).containsExactly(1L, 2L, 3L, 1L, 1L, 3L);
            assertThat(seen)
                    .extracting(MessageChange::getChangeCase)
                    .extracting(Enum::name)
                    .containsExactly("EDITED", "RECALLED", "EDITED", "REACTION", "PINNED", "RECALLED");
            await().atMost(WAIT)
                    .untilAsserted(() -> assertThat(bob.lines())
                            .anyMatch(line -> line.contains("\"change\":{\"targetSeq\":\"2\",\"recalled\":{}}"))
                            .anyMatch(
                                    line -> line.contains("\"edited\":{\"content\":{\"text\":{\"text\":\"hello\"}}}")));
            List<Message> log = history(alice, BOB);
            assertThat(log).hasSize(9);
            assertThat(log.get(0).getContent().getText().getText()).isEqualTo("hello");
            assertThat(log.get(0).getState().getStateSeq()).isEqualTo(8);
            assertThat(log.get(0).getState().getEditedAt()).isEqualTo(log.get(3).getSentAt());
            assertThat(log.get(0).getState().getPinned()).isTrue();
            assertThat(log.get(0).getState().getReactions(0).getMine()).isFalse();
            assertThat(bob.ask("json/im/call/history", "{\"requestId\":\"h\"," + PEER_ALICE + "}"))
                    .contains("\"reactions\":[{\"emoji\":\"👍\",\"count\":1,\"mine\":true}],\"pinned\":true}")
                    .doesNotContain("not for bob", "fine", "what?");
            for (int recalled : new int[] {1, 2}) {
                assertThat(log.get(recalled).getState().getRecalled()).isTrue();
                assertThat(log.get(recalled).getContent()).isEqualTo(Content.getDefaultInstance());
                assertThat(log.get(recalled).getOrdinal()).isEqualTo(recalled + 1);
            }
        }
    }

    @Test
    void whatMayNotBeChangedIsRefusedAndMqtt5IsToldInThePuback() throws Exception {
        start();
        try (PahoClient alice = PahoClient.online(server, "alice:ios:a");
                MosquittoClient bob = new MosquittoClient(server, "bob", "5")) {
            alice.send("m1", "bob", "hello");
            alice.send("m2", "bob", "gone");
            done(alice, "im/call/recall", recall(BOB, 2));

            assertThat(refused(alice, "im/call/edit", edit(BOB, 2, "back"))).isEqualTo(Code.UNKNOWN_MESSAGE);
            assertThat(refused(alice, "im/call/edit", edit(BOB, 3, "the change")))
                    .isEqualTo(Code.UNKNOWN_MESSAGE);
            assertThat(refused(alice, "im/call/edit", edit(BOB, 99, "?"))).isEqualTo(Code.UNKNOWN_MESSAGE);
            assertThat(askJson(bob, "edit", 1, ",\"content\":{\"text\":{\"text\":\"mine\"}}")
                            .path("code")
                            .asText())
                    .isEqualTo("NOT_ALLOWED");
            assertThat(askJson(bob, "recall", 1, "").path("code").asText()).isEqualTo("NOT_ALLOWED");
            assertThat(askJson(bob, "react", 2, ",\"emoji\":\"x\"").path("code").asText())
                    .isEqualTo("UNKNOWN_MESSAGE");

            ChangeResult first = done(alice, "im/call/react", react(BOB, 1, "👍"));
            assertThat(first.getSeq()).isEqualTo(4);
            assertThat(done(alice, "im/call/react", react(BOB, 1, "👍"))).isEqualTo(ChangeResult.getDefaultInstance());
            RecallRequest again = recall(BOB, 1);
            ChangeResult recalled = done(alice, "im/call/recall", again);
            assertThat(done(alice, "im/call/recall", again)).isEqualTo(recalled);
            assertThat(history(alice, BOB)).hasSize(5);
            assertThat(server.metric("messaging_message_changes_refused_total{reason=\"unknown_message\"}"))
                    .isEqualTo(4);
            assertThat(server.metric("messaging_message_changes_refused_total{reason=\"not_allowed\"}"))
                    .isEqualTo(2);
        }
    }

    @Test
    void afterItsTimeOnlyTheOwnerOfAGroupRecalls() throws Exception {
        start("HONGYAN_MESSAGES_EDIT_SECONDS_MAX", "0", "HONGYAN_MESSAGES_RECALL_SECONDS_MAX", "0");
        makeTea("bob");
        try (PahoClient alice = PahoClient.online(server, "alice:ios:a");
                PahoClient bob = PahoClient.online(server, "bob:ios:b")) {
            bob.publish("im/send", Payloads.sendToGroup("m2", "tea", "hello").toByteArray());
            // At least a millisecond later than the message.
            await().atMost(WAIT)
                    .until(() -> ask(bob, "im/call/edit", edit(TEA, 2, "late")).getCode() == Code.TOO_LATE);
            assertThat(refused(bob, "im/call/recall", recall(TEA, 2))).isEqualTo(Code.TOO_LATE);
            assertThat(refused(bob, "im/call/pin_message", pin(TEA, 2))).isEqualTo(Code.NOT_ALLOWED);
            done(alice, "im/call/pin_message", pin(TEA, 2));
            done(alice, "im/call/recall", recall(TEA, 2));
            assertThat(history(bob, TEA).get(1).getState().getRecalled()).isTrue();
        }
    }

    @Test
    void ofTwoEditsAtOnceBothAreStoredAndTheLaterOneStands() throws Exception {
        start();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (PahoClient phone = PahoClient.online(server, "alice:ios:a");
                PahoClient desk = PahoClient.online(server, "alice:mac:d")) {
            phone.send("m1", "bob", "?");
            List<CompletableFuture<ChangeResult>> both = new ArrayList<>();
            for (PahoClient device : List.of(phone, desk)) {
                EditRequest edit = edit(BOB, 1, "by " + (device == phone ? "phone" : "desk"));
                both.add(CompletableFuture.supplyAsync(() -> done(device, "im/call/edit", edit), threads));
            }
            long byPhone = both.get(0).join().getSeq();
            long byDesk = both.get(1).join().getSeq();

            assertThat(List.of(byPhone, byDesk)).containsExactlyInAnyOrder(2L, 3L);
            Message message = history(desk, BOB).get(0);
            assertThat(message.getContent().getText().getText()).isEqualTo(byPhone == 3 ? "by phone" : "by desk");
            assertThat(message.getState().getStateSeq()).isEqualTo(3);
            assertThat(pulledChanges(phone))
                    .extracting(
                            change -> change.getEdited().getContent().getText().getText())
                    .containsExactlyInAnyOrder("by phone", "by desk")
                    .element(1)
                    .isEqualTo(message.getContent().getText().getText());
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aDeviceThatWasAwayNeverGetsWhatWasRecalledNorItsQuote() throws Exception {
        start();
        try (PahoClient alice = PahoClient.online(server, "alice:ios:a");
                PahoClient desk = PahoClient.online(server, "bob:mac:d")) {
            try (PahoClient phone = PahoClient.online(server, "bob:ios:p")) {
                alice.send("m1", "bob", "first");
                await().atMost(WAIT).until(() -> !phone.inbox().isEmpty());
            }
            alice.send("m2", "bob", "a secret");
            Content answer = Content.newBuilder()
                    .setText(Text.newBuilder().setText("ok"))
                    .setReplyTo(Quote.newBuilder().setSeq(2).setFrom("alice").setExcerpt("a sec"))
                    .build();
            desk.publish(
                    "im/send",
                    SendRequest.newBuilder()
                            .setClientMessageId("m3")
                            .setTo(ALICE)
                            .setContent(answer)
                            .build()
                            .toByteArray());
            done(alice, "im/call/edit", edit(BOB, 2, "a secret!"));
            done(alice, "im/call/recall", recall(BOB, 2));

            try (PahoClient phone = new PahoClient(server, "bob:ios:p", true)) {
                phone.subscribe("u/bob/reply");
                List<InboxEntry> backlog = pull(phone).stream()
                        .filter(entry -> entry.getMessage().getSeq() > 1)
                        .toList();
                assertThat(backlog).hasSize(4);
                assertThat(backlog.toString()).doesNotContain("a sec");
                assertThat(backlog.get(0).getMessage().getState().getRecalled()).isTrue();
                assertThat(backlog.get(0).getMessage().getState().getStateSeq()).isEqualTo(5);
                assertThat(backlog.get(1).getMessage().getContent().getReplyTo())
                        .isEqualTo(Quote.newBuilder().setSeq(2).setFrom("alice").build());
                assertThat(backlog.get(2)
                                .getMessage()
                                .getContent()
                                .getChange()
                                .getEdited()
                                .getContent())
                        .isEqualTo(Content.getDefaultInstance());
                phone.subscribe("u/bob/#");
                await().atMost(WAIT).until(() -> phone.inbox().size() >= 4);
                assertThat(phone.inbox().toString()).doesNotContain("a sec");
            }
        }
        server.restart();
        try (PahoClient alice = PahoClient.online(server, "alice:ios:a")) {
            assertThat(history(alice, BOB).toString()).contains("first").doesNotContain("a sec");
        }
    }

    @Test
    void aRecallLeavesWhatWasForwardedOrQuotedInAnotherConversation() throws Exception {
        start();
        try (PahoClient alice = PahoClient.online(server, "alice:ios:a");
                PahoClient bob = PahoClient.online(server, "bob:ios:b");
                PahoClient cid = PahoClient.online(server, "cid:ios:c")) {
            alice.send("m1", "bob", "a secret");
            Content secret = Content.newBuilder()
                    .setText(Text.newBuilder().setText("a secret"))
                    .build();
            Merged forwarded = Merged.newBuilder()
                    .setTitle("Alice and Bob")
                    .addItems(Merged.Item.newBuilder()
                            .setName("Alice")
                            .setSentAt(1)
                            .setContent(secret))
                    .build();
            sendToCid(bob, "f1", Content.newBuilder().setMerged(forwarded).build());
            sendToCid(
                    bob,
                    "q1",
                    Content.newBuilder()
                            .setText(Text.newBuilder().setText("look"))
                            .setReplyTo(Quote.newBuilder()
                                    .setSeq(1)
                                    .setFrom("alice")
                                    .setExcerpt("a sec"))
                            .build());

            done(alice, "im/call/recall", recall(BOB, 1));

            assertThat(history(alice, BOB).toString()).doesNotContain("a sec");
            assertThat(history(bob, ALICE).toString()).doesNotContain("a sec");
            for (List<Message> log : List.of(history(bob, CID), history(cid, BOB))) {
                assertThat(log).hasSize(2);
                assertThat(log.get(0).getContent().getMerged()).isEqualTo(forwarded);
                assertThat(log.get(0).hasState()).isFalse();
                assertThat(log.get(1).getContent().getReplyTo().getExcerpt()).isEqualTo("a sec");
            }
        }
    }

    private static void sendToCid(PahoClient client, String id, Content content) throws Exception {
        SendRequest request = SendRequest.newBuilder()
                .setClientMessageId(id)
                .setTo(CID)
                .setContent(content)
                .build();
        client.publish("im/send", request.toByteArray());
    }

    @Test
    void reactionsOfALargeGroupAreToldTogether() throws Exception {
        int members = 60;
        start("HONGYAN_GROUPS_LARGE_ABOVE", "20", "HONGYAN_GROUPS_FAN_OUT_INLINE_MAX", "10");
        List<String> uids = IntStream.range(0, members).mapToObj(i -> "u" + i).toList();
        uids.forEach(server::token);
        makeTea(uids.toArray(String[]::new));
        List<PahoClient> clients = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try (PahoClient alice = PahoClient.online(server, "alice:ios:a")) {
            await().atMost(WAIT).until(() -> head(alice) == 2);
            alice.publish("im/send", Payloads.sendToGroup("m", "tea", "Who?").toByteArray());
            for (String uid : uids) {
                clients.add(PahoClient.online(server, uid + ":iot:d"));
            }
            CompletableFuture<?>[] all = clients.stream()
                    .map(client -> CompletableFuture.supplyAsync(
                            () -> done(client, "im/call/react", react(TEA, 3, "🙋")), threads))
                    .toArray(CompletableFuture[]::new);
            CompletableFuture.allOf(all).join();
            for (CompletableFuture<?> one : all) {
                assertThat(one.join()).isEqualTo(ChangeResult.getDefaultInstance());
            }
            assertThat(history(alice, TEA).get(2).getState().getReactions(0).getCount())
                    .isEqualTo(members);

            PahoClient member = clients.get(7);
            await().atMost(WAIT)
                    .untilAsserted(() -> assertThat(countsOn(member)).endsWith(members));
            List<Message> told = history(alice, TEA).stream()
                    .filter(message -> message.getContent().getChange().hasReactionCounts())
                    .toList();
            for (int i = 1; i < told.size(); i++) {
                assertThat(told.get(i).getSentAt() - told.get(i - 1).getSentAt())
                        .as("at most once a second")
                        .isGreaterThanOrEqualTo(1_000);
            }
            assertThat(told).hasSizeLessThan(members / 2);
            assertThat(server.metric("messaging_reaction_counts_told_total")).isEqualTo(told.size());
            assertThat(history(member, TEA).get(2).getState().getReactions(0).getMine())
                    .isTrue();
        } finally {
            threads.shutdownNow();
            clients.forEach(PahoClient::close);
        }
    }

    // ---- what clients ask

    private static Peer peer(Peer.Kind kind, String id) {
        return Peer.newBuilder().setKind(kind).setId(id).build();
    }

    private void makeTea(String... members) {
        String list = List.of(members).stream().map(uid -> '"' + uid + '"').collect(Collectors.joining(",", "[", "]"));
        HttpApi.business(server)
                .post("/v1/groups", "{\"id\":\"tea\",\"name\":\"n\",\"owner\":\"alice\",\"members\":" + list + '}')
                .seq();
    }

    /** Of a message between alice and bob, in JSON. */
    private JsonNode askJson(MosquittoClient client, String call, long seq, String more) throws Exception {
        return JSON.readTree(client.ask(
                "json/im/call/" + call,
                "{\"requestId\":\"r\"," + PEER_ALICE + ",\"seq\":\"" + seq + "\",\"clientMessageId\":\"" + nextId()
                        + '"' + more + '}'));
    }

    private static List<Reply> replies(HiveMq5Client client) throws InvalidProtocolBufferException {
        List<Reply> replies = new ArrayList<>();
        for (Mqtt5Publish publish : client.others()) {
            if (publish.getTopic().toString().endsWith("/reply")) {
                replies.add(Reply.parseFrom(publish.getPayloadAsBytes()));
            }
        }
        return replies;
    }

    private static long head(PahoClient client) {
        HistoryRequest request =
                HistoryRequest.newBuilder().setRequestId("h").setPeer(TEA).build();
        return ask(client, "im/call/history", request).getHistory().getHeadSeq();
    }

    /** Counts that came by the stream of the large group. */
    private static List<Integer> countsOn(PahoClient client) throws InvalidProtocolBufferException {
        List<Integer> counts = new ArrayList<>();
        for (byte[] payload : client.others("group/tea")) {
            MessageChange change =
                    InboxEntry.parseFrom(payload).getMessage().getContent().getChange();
            if (change.hasReactionCounts()) {
                counts.add(change.getReactionCounts().getCounts(0).getCount());
            }
        }
        return counts;
    }
}
