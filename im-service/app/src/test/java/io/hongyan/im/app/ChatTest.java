package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.im.app.client.ChatClient;
import io.hongyan.im.app.client.ChatClient.Received;
import io.hongyan.im.app.client.HiveMq5Client;
import io.hongyan.im.app.client.MosquittoClient;
import io.hongyan.im.app.client.PahoClient;
import io.hongyan.im.app.client.Payloads;
import io.hongyan.protocol.v1.HistoryRequest;
import io.hongyan.protocol.v1.Notice;
import io.hongyan.protocol.v1.Peer;
import io.hongyan.protocol.v1.PullRequest;
import io.hongyan.protocol.v1.ReadMark;
import io.hongyan.protocol.v1.Reply;
import io.hongyan.protocol.v1.SendAck;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowingConsumer;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What users see: online, offline, on several devices, across a restart. */
@Tag("servers")
@Timeout(120)
final class ChatTest {
    @TempDir
    Path directory;

    private RunningServer server;

    @BeforeEach
    void start() throws Exception {
        server = RunningServer.start(directory);
        server.token("bob");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void theBacklogComesFirstAndInOrderThenTheNews() throws Exception {
        try (PahoClient alice = PahoClient.online(server, "alice:iot:a")) {
            for (int i = 1; i <= 400; i++) {
                alice.send("m" + i, "bob", "text " + i);
            }
            try (PahoClient bob = PahoClient.online(server, "bob:ios:b")) {
                alice.send("m401", "bob", "text 401");
                eventually(() -> assertThat(bob.inbox()).hasSize(401));
                assertThat(bob.inbox()).extracting(Received::id).containsExactlyElementsOf(ids(1, 401));
                assertThat(bob.inbox())
                        .extracting(Received::inboxSeq)
                        .isSorted()
                        .doesNotHaveDuplicates();
            }
        }
    }

    @Test
    void whatWasAcknowledgedDoesNotComeAgain() throws Exception {
        try (PahoClient alice = PahoClient.online(server, "alice:iot:a")) {
            alice.send("m1", "bob", "1");
            try (PahoClient bob = PahoClient.online(server, "bob:ios:b")) {
                eventually(() -> assertThat(bob.inbox()).hasSize(1));
            }
            await().until(() -> server.metric("gate_deliveries_acknowledged_total") == 1);
            server.restart();
        }
        try (PahoClient alice = PahoClient.online(server, "alice:iot:a");
                PahoClient bob = PahoClient.online(server, "bob:ios:b")) {
            alice.send("m2", "bob", "2");
            eventually(() -> assertThat(bob.inbox()).extracting(Received::id).containsExactly("m2"));
        }
    }

    @Test
    void aKeptSessionResumesWithoutSubscribingAgainEvenAcrossARestart() throws Exception {
        try (PahoClient bob = new PahoClient(server, "bob:ios:b", false)) {
            assertThat(bob.sessionPresent()).isFalse();
            bob.subscribe("u/bob/inbox");
        }
        server.restart();
        try (PahoClient alice = PahoClient.online(server, "alice:iot:a")) {
            alice.send("m1", "bob", "1");
        }
        try (PahoClient bob = new PahoClient(server, "bob:ios:b", false)) {
            assertThat(bob.sessionPresent()).isTrue();
            eventually(() -> assertThat(bob.inbox()).extracting(Received::id).containsExactly("m1"));
        }
        try (PahoClient bob = new PahoClient(server, "bob:ios:b", true)) {
            assertThat(bob.sessionPresent()).isFalse();
        }
    }

    @Test
    void eachDeviceHasItsOwnCursorAndSeesWhatTheOthersSent() throws Exception {
        try (PahoClient phone = PahoClient.online(server, "alice:ios:phone");
                HiveMq5Client laptop = new HiveMq5Client(server, "alice:mac:laptop");
                PahoClient bob = PahoClient.online(server, "bob:ios:b")) {
            phone.send("m1", "bob", "from the phone");
            bob.send("m2", "alice", "back");
            laptop.send("m3", "bob", "from the laptop");
            eventually(() -> {
                assertThat(bob.inbox()).extracting(Received::id).containsExactly("m1", "m3");
                assertThat(phone.inbox()).extracting(Received::id).containsExactly("m2", "m3");
                assertThat(laptop.inbox()).extracting(Received::id).containsExactly("m1", "m2");
            });
        }
    }

    @Test
    void sendingAgainReturnsTheFirstAnswerEvenAfterARestart() throws Exception {
        SendAck first = sendAndHear("m1");
        assertThat(first.getSeq()).isEqualTo(1);
        server.restart();
        assertThat(sendAndHear("m1")).isEqualTo(first);
        assertThat(sendAndHear("m2").getSeq()).isEqualTo(2);
    }

    private SendAck sendAndHear(String id) throws Exception {
        try (PahoClient alice = PahoClient.online(server, "alice:iot:a")) {
            alice.send(id, "bob", "hello");
            eventually(() -> assertThat(alice.others("reply")).hasSize(1));
            return SendAck.parseFrom(alice.others("reply").get(0));
        }
    }

    @Test
    void qosZeroIsStoredWithoutAnAnswer() throws Exception {
        try (PahoClient alice = PahoClient.online(server, "alice:iot:a");
                PahoClient bob = PahoClient.online(server, "bob:ios:b")) {
            alice.publishUnacknowledged(
                    "im/send", Payloads.send("m0", "bob", "hello").toByteArray());
            eventually(() -> assertThat(bob.inbox()).extracting(Received::id).containsExactly("m0"));
            assertThat(alice.others("reply")).isEmpty();
        }
    }

    @Test
    void mqttFiveSeesTheNumbersInPuback() throws Exception {
        try (HiveMq5Client alice = new HiveMq5Client(server, "alice:iot:a")) {
            var result =
                    alice.publish("im/send", Payloads.send("m1", "bob", "hello").toByteArray());
            assertThat(result.getError()).isEmpty();
            assertThat(server.metric("messaging_sends_stored_total")).isEqualTo(1);
            eventually(() -> assertThat(alice.others()).hasSize(1));
            assertThat(SendAck.parseFrom(alice.others().get(0).getPayloadAsBytes())
                            .getInboxSeq())
                    .isEqualTo(1);
        }
    }

    @Test
    void pullAndHistoryReadWhatWasMissed() throws Exception {
        try (PahoClient alice = PahoClient.online(server, "alice:iot:a");
                PahoClient bob = new PahoClient(server, "bob:ios:b", true)) {
            for (int i = 1; i <= 5; i++) {
                alice.send("m" + i, "bob", "text " + i);
            }
            bob.subscribe("u/bob/reply");
            Reply page = ask(
                    bob,
                    "pull",
                    PullRequest.newBuilder()
                            .setRequestId("p")
                            .setLimit(3)
                            .build()
                            .toByteArray());
            assertThat(page.getPull().getEntriesList())
                    .extracting(entry -> entry.getMessage().getClientMessageId())
                    .containsExactly("m1", "m2", "m3");
            assertThat(page.getPull().getHeadSeq()).isEqualTo(5);
            Reply rest = ask(
                    bob, "pull", PullRequest.newBuilder().setAfterSeq(3).build().toByteArray());
            assertThat(rest.getPull().getEntriesCount()).isEqualTo(2);
            Peer peer =
                    Peer.newBuilder().setKind(Peer.Kind.DIRECT).setId("alice").build();
            Reply history = ask(
                    bob,
                    "history",
                    HistoryRequest.newBuilder()
                            .setPeer(peer)
                            .setBeforeSeq(3)
                            .build()
                            .toByteArray());
            assertThat(history.getHistory().getMessagesList())
                    .extracting(message -> message.getSeq())
                    .containsExactly(1L, 2L);
        }
    }

    private static Reply ask(PahoClient client, String method, byte[] request) throws Exception {
        int before = client.others("reply").size();
        client.publish("im/call/" + method, request);
        eventually(() -> assertThat(client.others("reply")).hasSize(before + 1));
        return Reply.parseFrom(client.others("reply").get(before));
    }

    @Test
    void receiptsTellTheSenderWhatWasDeliveredAndRead() throws Exception {
        try (PahoClient alice = PahoClient.online(server, "alice:iot:a");
                PahoClient bob = PahoClient.online(server, "bob:ios:b")) {
            alice.send("m1", "bob", "hello");
            eventuallyNotice(
                    alice,
                    notice -> assertThat(notice.getReceipt().getDeliveredSeq()).isEqualTo(1));
            Peer peer =
                    Peer.newBuilder().setKind(Peer.Kind.DIRECT).setId("alice").build();
            bob.publish(
                    "im/read",
                    ReadMark.newBuilder().setPeer(peer).setSeq(1).build().toByteArray());
            eventuallyNotice(alice, notice -> {
                assertThat(notice.getReceipt().getReadSeq()).isEqualTo(1);
                assertThat(notice.getReceipt().getFrom()).isEqualTo("bob");
            });
        }
    }

    @Test
    void theConversationListComesAsJsonToo() throws Exception {
        try (MosquittoClient bob = new MosquittoClient(server, "bob", "5");
                ChatClient alice = PahoClient.online(server, "alice:iot:a")) {
            alice.send("m1", "bob", "hello");
            eventually(() -> assertThat(bob.inbox()).hasSize(1));
            assertThat(bob.ask("json/im/call/conversations", "{\"requestId\":\"r\"}"))
                    .contains("\"requestId\":\"r\"")
                    .contains("\"unread\":\"1\"")
                    .contains("\"clientMessageId\":\"m1\"");
        }
    }

    @Test
    void aNewerLoginOfTheClassDisplacesTheOlderOne() throws Exception {
        try (HiveMq5Client phone = new HiveMq5Client(server, "bob:android:phone");
                HiveMq5Client watch = new HiveMq5Client(server, "bob:iot:watch");
                HiveMq5Client web = new HiveMq5Client(server, "bob:web:browser")) {
            try (HiveMq5Client tablet = new HiveMq5Client(server, "bob:ios:tablet")) {
                await().atMost(Duration.ofSeconds(10))
                        .until(() -> phone.ended() != null && !phone.others().isEmpty());
                assertThat(phone.ended()).hasMessageContaining("DISCONNECT");
                Notice told = Notice.parseFrom(phone.others().get(0).getPayloadAsBytes());
                assertThat(told.getKicked().getByDevice()).isEqualTo("ios:tablet");
                assertThat(told.getKicked().getAt()).isPositive();
                assertThat(tablet.ended()).isNull();
            }
            assertThat(watch.ended()).isNull();
            assertThat(web.ended()).isNull();
            assertThat(server.metric("messaging_sessions_kicked_total")).isEqualTo(1);
        }
    }

    @Test
    void logoutIsAcknowledgedAndTheConnectionEnds() throws Exception {
        try (PahoClient bob = new PahoClient(server, "bob:ios:b", false)) {
            bob.subscribe("u/bob/inbox");
            bob.publish("im/logout", new byte[0]);
            await().until(() -> !bob.connected());
        }
        try (PahoClient bob = new PahoClient(server, "bob:ios:b", false)) {
            assertThat(bob.sessionPresent()).isFalse();
        }
    }

    @Test
    void genericTopicsOfTheOwnTreeWorkAsUsual() throws Exception {
        try (PahoClient bob = new PahoClient(server, "bob:ios:b", true)) {
            bob.subscribe("t/bob/#");
            bob.publish("t/bob/lamp", "on".getBytes());
            await().until(() -> bob.topic("t/bob/lamp").size() == 1);
        }
    }

    private static void eventuallyNotice(PahoClient client, ThrowingConsumer<Notice> expected) {
        eventually(() -> {
            List<byte[]> notices = client.others("notice");
            assertThat(notices).isNotEmpty();
            expected.accept(Notice.parseFrom(notices.get(notices.size() - 1)));
        });
    }

    private static List<String> ids(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(i -> "m" + i).toList();
    }

    private static void eventually(ThrowingRunnable check) {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(check);
    }
}
