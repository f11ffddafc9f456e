package io.hongyan.im.adapter.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.broker.hook.ConnectionId;
import io.hongyan.broker.hook.PublishVerdict.Acknowledge;
import io.hongyan.protocol.v1.Code;
import io.hongyan.protocol.v1.Conversation;
import io.hongyan.protocol.v1.ConversationsRequest;
import io.hongyan.protocol.v1.Peer;
import io.hongyan.protocol.v1.Reply;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code im/call/conversations} for some conversations by name. */
@Timeout(30)
final class ConversationsCallTest {
    private final AdapterUnderTest adapter = new AdapterUnderTest(TopicAccess.OWN);
    private ConnectionId alice;

    @BeforeEach
    void messages() {
        alice = adapter.listening("alice:iot:a", "u/alice/reply");
        for (String uid : new String[] {"bob", "carol", "dave"}) {
            ConnectionId other = adapter.online(uid + ":iot:x");
            adapter.publish(
                    other,
                    "json/im/send",
                    "{\"clientMessageId\":\"m\",\"to\":{\"kind\":\"DIRECT\",\"id\":\"alice\"},"
                            + "\"content\":{\"text\":{\"text\":\"from " + uid + "\"}}}");
        }
    }

    private static Peer direct(String uid) {
        return Peer.newBuilder().setKind(Peer.Kind.DIRECT).setId(uid).build();
    }

    private Reply ask(ConversationsRequest.Builder request) throws Exception {
        Acknowledge answer = (Acknowledge)
                adapter.publish(alice, "im/call/conversations", request.build().toByteArray(), 1);
        return Reply.parseFrom(answer.reply().payload());
    }

    private static List<String> peers(Reply reply) {
        assertThat(reply.getCode()).isEqualTo(Code.OK);
        return reply.getConversations().getConversationsList().stream()
                .map(Conversation::getPeer)
                .map(Peer::getId)
                .toList();
    }

    @Test
    void justThoseOfTheUserAreGivenInTheOrderAsked() throws Exception {
        Reply reply = ask(ConversationsRequest.newBuilder()
                .setRequestId("r")
                .addOnly(direct("dave"))
                .addOnly(direct("nobody"))
                .addOnly(Peer.newBuilder().setKind(Peer.Kind.GROUP).setId("g"))
                .addOnly(Peer.newBuilder().setKind(Peer.Kind.SYSTEM).setId("news"))
                .addOnly(direct("bob")));
        assertThat(peers(reply)).containsExactly("dave", "bob");
        assertThat(reply.getConversations().getVersion()).isZero();
        assertThat(reply.getConversations().getNext()).isEmpty();
        Conversation dave = reply.getConversations().getConversations(0);
        assertThat(dave.getHeadSeq()).isEqualTo(1);
        assertThat(dave.getUnread()).isEqualTo(1);
        assertThat(dave.getLastMessage().getContent().getText().getText()).isEqualTo("from dave");
    }

    @Test
    void marksThatAreNotWrittenYetCount() throws Exception {
        adapter.publish(
                adapter.online("alice:iot:b"),
                "json/im/read",
                "{\"peer\":{\"kind\":\"DIRECT\",\"id\":\"bob\"},\"seq\":\"1\"}");
        Reply reply = ask(ConversationsRequest.newBuilder().addOnly(direct("bob")));
        assertThat(reply.getConversations().getConversations(0).getReadSeq()).isEqualTo(1);
        assertThat(reply.getConversations().getConversations(0).getUnread()).isZero();
    }

    @Test
    void pagesGoOnWhereTheOneBeforeEnded() throws Exception {
        ConversationsRequest.Builder request = ConversationsRequest.newBuilder()
                .addOnly(direct("carol"))
                .addOnly(direct("nobody"))
                .addOnly(direct("bob"))
                .addOnly(direct("dave"))
                .setLimit(2);
        Reply first = ask(request);
        assertThat(peers(first)).containsExactly("carol");
        Reply second = ask(request.setPage(first.getConversations().getNext()));
        assertThat(peers(second)).containsExactly("bob", "dave");
        assertThat(second.getConversations().getNext()).isEmpty();
    }

    @Test
    void whatCannotBeAskedIsRefused() throws Exception {
        ConversationsRequest.Builder many = ConversationsRequest.newBuilder();
        for (int i = 0; i < 200; i++) {
            many.addOnly(direct("bob"));
        }
        assertThat(peers(ask(many))).hasSize(200);
        assertThat(ask(many.addOnly(direct("bob"))).getCode()).isEqualTo(Code.MALFORMED);
        ConversationsRequest.Builder one = ConversationsRequest.newBuilder().addOnly(direct("bob"));
        assertThat(ask(one.clone().setAfterVersion(1)).getReason()).contains("only takes at most 200 peers");
        assertThat(ask(one.clone().setLimit(-1)).getCode()).isEqualTo(Code.MALFORMED);
        for (String page : new String[] {"1", "x", "-1", "9999999999999999999"}) {
            assertThat(ask(one.clone().setPage(page)).getCode()).as(page).isEqualTo(Code.MALFORMED);
        }
        assertThat(ask(one.clone().addOnly(Peer.getDefaultInstance())).getCode())
                .isEqualTo(Code.MALFORMED);
        assertThat(ask(one.clone().addOnly(direct("a/b"))).getCode()).isEqualTo(Code.UNKNOWN_CONVERSATION);
    }

    /** As the page of the protocol shows it. */
    @Test
    void bothFormsSayTheSame() {
        byte[] bytes = HexFormat.of().parseHex("0a0272322a070801 1203626f622a0508021201 67".replace(" ", ""));
        Acknowledge binary = (Acknowledge) adapter.publish(alice, "im/call/conversations", bytes, 1);
        ConnectionId json = adapter.listening("alice:iot:j", "json/u/alice/reply");
        Acknowledge text = (Acknowledge)
                adapter.publish(
                        json,
                        "json/im/call/conversations",
                        "{\"requestId\":\"r2\",\"only\":[{\"kind\":\"DIRECT\",\"id\":\"bob\"},{\"kind\":\"GROUP\",\"id\":\"g\"}]}");
        assertThat(new String(binary.reply().payload(), StandardCharsets.UTF_8))
                .contains("r2")
                .contains("from bob");
        assertThat(new String(text.reply().payload(), StandardCharsets.UTF_8))
                .contains("\"requestId\":\"r2\"")
                .contains("\"text\":\"from bob\"")
                .doesNotContain("from carol");
    }
}
