package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.InvalidProtocolBufferException;
import io.hongyan.im.app.client.ChatClient;
import io.hongyan.im.app.client.ChatClient.Received;
import io.hongyan.im.app.client.HttpApi;
import io.hongyan.im.app.client.MosquittoClient;
import io.hongyan.im.app.client.PahoClient;
import io.hongyan.im.app.client.Payloads;
import io.hongyan.protocol.v1.SendAck;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Groups as stock clients see them. */
@Tag("servers")
@Timeout(120)
final class GroupChatTest {
    @TempDir
    Path directory;

    private RunningServer server;
    private HttpApi business;

    @BeforeEach
    void start() throws Exception {
        server = RunningServer.start(directory);
        business = HttpApi.business(server);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void membersOnlineAndOfflineGetWhatWasSentWhileTheyWereIn() throws Exception {
        users("ann", "bob", "cid", "dan");
        makeGroup("tea", "ann", "bob", "cid");
        try (PahoClient ann = PahoClient.online(server, "ann:iot:a");
                MosquittoClient bob = new MosquittoClient(server, "bob", "5")) {
            send(ann, "m2", "tea");
            eventually(() -> assertSeqs(bob, 1, 2));
            HttpApi.user(server, "cid").post("/v1/groups/tea/leave", null);
            send(ann, "m4", "tea");
            business.post("/v1/groups/tea/members", "{\"uids\":[\"dan\"]}");
            send(ann, "m6", "tea");

            eventually(() -> assertSeqs(bob, 1, 2, 3, 4, 5, 6));
            assertThat(bob.inbox().get(1).text()).isEqualTo("text of m2");
            eventually(() -> assertSeqs(ann, 1, 3, 5));
            assertThat(ann.others("reply"))
                    .as("the own ones are named by their answers")
                    .extracting(reply -> SendAck.parseFrom(reply).getInboxSeq())
                    .containsExactly(2L, 4L, 6L);
        }
        try (PahoClient cid = PahoClient.online(server, "cid:iot:c");
                PahoClient dan = PahoClient.online(server, "dan:iot:d")) {
            eventually(() -> assertSeqs(cid, 1, 2, 3));
            eventually(() -> assertSeqs(dan, 5, 6));
        }
    }

    @Test
    void aGroupAboveTheInlineLimitIsServedByMarkerAcrossARestart() throws Exception {
        List<String> members = IntStream.range(0, 150).mapToObj(i -> "u" + i).toList();
        users(members.toArray(String[]::new));
        makeGroup("many", "u0", members.subList(1, 150).toArray(String[]::new));
        try (PahoClient sender = PahoClient.online(server, "u0:iot:a");
                PahoClient first = PahoClient.online(server, "u1:iot:a")) {
            for (int seq = 2; seq <= 20; seq++) {
                send(sender, "m" + seq, "many");
            }
            assertThat(SendAck.parseFrom(sender.others("reply").get(0)).getInboxSeq())
                    .isZero();
            eventually(() -> assertSeqs(first, LongStream.rangeClosed(1, 20).toArray()));
            eventually(() -> assertThat(pushedOrNamed(sender))
                    .as("the sender can explain every number of its inbox")
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, 20).boxed().toList()));
        }
        server.restart();
        try (PahoClient last = PahoClient.online(server, "u149:iot:a")) {
            eventually(() -> assertSeqs(last, LongStream.rangeClosed(1, 20).toArray()));
        }
    }

    @Test
    void aGroupBecomesLargeAndItsMessagesStandInNoInboxAnyMore() throws Exception {
        List<String> members = IntStream.range(0, 201).mapToObj(i -> "u" + i).toList();
        users(members.toArray(String[]::new));
        makeGroup("big", "u0", members.subList(1, 201).toArray(String[]::new));
        try (PahoClient sender = PahoClient.online(server, "u0:iot:a");
                PahoClient member = PahoClient.online(server, "u1:iot:a")) {
            eventually(() -> assertSeqs(member, 1, 2));
            assertThat(business.get("/v1/groups/big").body().get("large").asBoolean())
                    .isTrue();
            send(sender, "m3", "big");
            business.call("DELETE", "/v1/groups/big/members/u1", null);
            eventually(() -> assertSeqs(member, 1, 2, 4));
        }
    }

    private void users(String... uids) {
        for (String uid : uids) {
            assertThat(business.post("/v1/users", "{\"uid\":\"" + uid + "\"}").status())
                    .isEqualTo(200);
        }
    }

    private void makeGroup(String id, String owner, String... members) {
        String list = List.of(members).stream().collect(Collectors.joining("\",\"", "[\"", "\"]"));
        assertThat(business.post(
                                "/v1/groups",
                                "{\"id\":\"" + id + "\",\"name\":\"n\",\"owner\":\"" + owner + "\",\"members\":" + list
                                        + "}")
                        .status())
                .isEqualTo(201);
    }

    private static void send(PahoClient from, String id, String group) throws Exception {
        from.publish("im/send", Payloads.sendToGroup(id, group, "text of " + id).toByteArray());
    }

    private static List<Long> pushedOrNamed(PahoClient client) throws InvalidProtocolBufferException {
        List<Long> numbers =
                new ArrayList<>(client.inbox().stream().map(Received::inboxSeq).toList());
        for (byte[] reply : client.others("reply")) {
            numbers.add(SendAck.parseFrom(reply).getInboxSeq());
        }
        return numbers.stream().filter(number -> number > 0).sorted().toList();
    }

    private static void assertSeqs(ChatClient client, long... seqs) {
        assertThat(client.inbox())
                .extracting(Received::seq)
                .containsExactlyElementsOf(LongStream.of(seqs).boxed().toList());
    }

    private static void eventually(ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(40)).untilAsserted(assertion);
    }
}
