package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.MessageLite;
import io.hongyan.im.app.client.HttpApi;
import io.hongyan.im.app.client.PahoClient;
import io.hongyan.im.app.client.Payloads;
import io.hongyan.protocol.v1.Conversation;
import io.hongyan.protocol.v1.ConversationsRequest;
import io.hongyan.protocol.v1.InboxEntry;
import io.hongyan.protocol.v1.Peer;
import io.hongyan.protocol.v1.PullRequest;
import io.hongyan.protocol.v1.ReadMark;
import io.hongyan.protocol.v1.Reply;
import io.hongyan.protocol.v1.SendAck;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Unread messages of a group, as a stock client is told of them and can count them by itself. */
@Tag("servers")
@Timeout(120)
final class UnreadTest {
    private static final Peer TEA =
            Peer.newBuilder().setKind(Peer.Kind.GROUP).setId("tea").build();

    @TempDir
    Path directory;

    private RunningServer server;
    private HttpApi business;

    @BeforeEach
    void start() throws Exception {
        server = RunningServer.start(directory);
        business = HttpApi.business(server);
        for (String uid : List.of("ann", "bob", "cid")) {
            business.post("/v1/users", "{\"uid\":\"" + uid + "\"}");
        }
        business.post("/v1/groups", "{\"id\":\"tea\",\"name\":\"n\",\"owner\":\"ann\",\"members\":[\"bob\"]}");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void messagesCountAndChangesDoNotFromJoiningOnAndAcrossARestart() throws Exception {
        try (PahoClient ann = PahoClient.online(server, "ann:iot:a");
                PahoClient bob = PahoClient.online(server, "bob:iot:b");
                PahoClient cid = PahoClient.online(server, "cid:iot:c")) {
            assertThat(send(ann, "m2").getOrdinal()).isEqualTo(1);
            assertThat(business.post("/v1/groups/tea/members", "{\"uids\":[\"cid\"]}")
                            .status())
                    .isEqualTo(200);
            SendAck second = send(ann, "m4");
            assertThat(List.of(second.getSeq(), second.getOrdinal())).containsExactly(4L, 2L);
            assertThat(send(ann, "m4").getOrdinal())
                    .as("a repeat gets the first answer")
                    .isEqualTo(2);

            assertThat(tea(bob)).satisfies(listed -> assertCounts(listed, 2, 0));
            assertThat(tea(cid)).satisfies(listed -> assertCounts(listed, 2, 1));
            assertThat(tea(ann)).satisfies(listed -> assertCounts(listed, 2, 2));
            assertThat(ordinals(bob)).containsExactly(0L, 1L, 1L, 2L);

            ReadMark above = ReadMark.newBuilder().setPeer(TEA).setSeq(99).build();
            bob.publish("im/read", above.toByteArray());
            await().atMost(Duration.ofSeconds(40))
                    .untilAsserted(() -> assertThat(ordinals(bob)).containsExactly(0L, 1L, 1L, 2L, 2L));
            assertThat(send(cid, "m5").getOrdinal()).isEqualTo(3);
        }
        server.restart();
        try (PahoClient ann = PahoClient.online(server, "ann:iot:a");
                PahoClient bob = PahoClient.online(server, "bob:iot:b");
                PahoClient cid = PahoClient.online(server, "cid:iot:c")) {
            assertThat(tea(ann)).satisfies(listed -> assertCounts(listed, 3, 2));
            assertThat(tea(bob)).satisfies(listed -> assertCounts(listed, 3, 2));
            assertThat(tea(cid)).satisfies(listed -> assertCounts(listed, 3, 3));
            send(ann, "m6");
            assertThat(tea(cid)).satisfies(listed -> assertCounts(listed, 4, 3));
        }
    }

    private static void assertCounts(Conversation listed, long head, long read) {
        assertThat(List.of(listed.getHeadOrdinal(), listed.getReadOrdinal(), listed.getUnread()))
                .containsExactly(head, read, head - read);
        assertThat(listed.getLastMessage().getOrdinal()).isEqualTo(head);
    }

    private static Conversation tea(PahoClient client) throws Exception {
        ConversationsRequest all =
                ConversationsRequest.newBuilder().setRequestId("all").build();
        return Reply.parseFrom(answer(client, "im/call/conversations", all))
                .getConversations()
                .getConversations(0);
    }

    /** Of messages and of read marks, in the order of the inbox. */
    private static List<Long> ordinals(PahoClient client) throws Exception {
        PullRequest all = PullRequest.newBuilder().setRequestId("pull").build();
        return Reply.parseFrom(answer(client, "im/call/pull", all)).getPull().getEntriesList().stream()
                .map(UnreadTest::ordinal)
                .toList();
    }

    private static long ordinal(InboxEntry entry) {
        return entry.hasMessage()
                ? entry.getMessage().getOrdinal()
                : entry.getEvent().getReadUpTo().getOrdinal();
    }

    private static SendAck send(PahoClient from, String id) throws Exception {
        return SendAck.parseFrom(answer(from, "im/send", Payloads.sendToGroup(id, "tea", "text of " + id)));
    }

    private static byte[] answer(PahoClient client, String topic, MessageLite request) throws Exception {
        List<byte[]> replies = client.others("reply");
        int before = replies.size();
        client.publish(topic, request.toByteArray());
        await().atMost(Duration.ofSeconds(40)).until(() -> replies.size() > before);
        return replies.get(before);
    }
}
