package io.hongyan.im.adapter.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.hongyan.broker.hook.ConnectionId;
import io.hongyan.broker.hook.PublishVerdict;
import io.hongyan.broker.hook.PublishVerdict.Acknowledge;
import io.hongyan.im.adapter.mqtt.AdapterUnderTest.Sent;
import io.hongyan.im.core.group.GroupChange;
import io.hongyan.im.core.group.GroupChange.Created;
import io.hongyan.im.core.group.GroupChange.Dissolved;
import io.hongyan.im.core.group.GroupChange.MemberMuted;
import io.hongyan.im.core.group.GroupChange.MembersRemoved;
import io.hongyan.im.core.group.GroupRole;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.SendOutcome;
import io.hongyan.im.core.message.SystemUser;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.send.SendOrigin;
import io.hongyan.protocol.ErrorCode;
import io.hongyan.protocol.v1.Content;
import io.hongyan.protocol.v1.GroupChange.Nothing;
import io.hongyan.protocol.v1.InboxEntry;
import io.hongyan.protocol.v1.Message;
import io.hongyan.protocol.v1.Peer;
import io.hongyan.protocol.v1.SendAck;
import io.hongyan.protocol.v1.SendRequest;
import io.hongyan.protocol.v1.Text;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Groups and system channels on the wire. */
@Timeout(30)
final class GroupMessagesTest {
    private static final Peer GROUP =
            Peer.newBuilder().setKind(Peer.Kind.GROUP).setId("g").build();
    private static final String JSON_GROUP = "{\"kind\":\"GROUP\",\"id\":\"g\"}";

    private final AdapterUnderTest adapter = new AdapterUnderTest(TopicAccess.OWN);
    private ConnectionId ann;
    private ConnectionId bob;
    private int changes;

    @BeforeEach
    void makeGroup() {
        ann = adapter.listening("ann:iot:a", "u/ann/#");
        bob = adapter.listening("bob:iot:b", "json/u/bob/#");
        adapter.online("cid:iot:c");
        change(new Created("ann", "Tea", false, 0, List.of("bob")));
    }

    @Test
    void membersAreSentTheChangeAndTheMessages() throws Exception {
        Acknowledge answer = (Acknowledge) send(ann, "m-1", GROUP);
        assertThat(answer.reasonCode()).isZero();
        SendAck ack = SendAck.parseFrom(answer.reply().payload());
        assertThat(ack.getSeq()).isEqualTo(2);
        assertThat(ack.getInboxSeq()).isEqualTo(2);

        List<Sent> entries = inboxOf(ann);
        InboxEntry created = InboxEntry.parseFrom(entries.get(0).bytes());
        assertThat(entries).as("not the own message").hasSize(1);
        assertThat(created.getMessage().getFrom()).isEqualTo(SystemUser.UID);
        assertThat(created.getMessage().getTo()).isEqualTo(GROUP);
        assertThat(created.getMessage()
                        .getContent()
                        .getGroupChange()
                        .getCreated()
                        .getMembersList())
                .containsExactly("bob");
        assertThat(inboxOf(bob))
                .extracting(Sent::payload)
                .satisfiesExactly(
                        first -> assertThat(first)
                                .startsWith("{\"seq\":\"1\",\"message\":{\"from\":\"$system\"")
                                .contains("\"groupChange\":{\"created\":{\"owner\":\"ann\",\"name\":\"Tea\""),
                        second -> assertThat(second)
                                .startsWith("{\"seq\":\"2\",\"message\":{\"from\":\"ann\"")
                                .contains("\"to\":" + JSON_GROUP)
                                .contains("\"text\":\"hello\""));
    }

    @Test
    void whoMayNotWriteIsToldWhy() throws Exception {
        assertSendRefused(send(ann, "m", GROUP.toBuilder().setId("other").build()), ErrorCode.UNKNOWN_CONVERSATION);
        assertSendRefused(send(ann, "m", GROUP.toBuilder().setId("no/group").build()), ErrorCode.UNKNOWN_CONVERSATION);
        assertSendRefused(send(ann, "m", GROUP.toBuilder().setId("").build()), ErrorCode.MALFORMED);
        ConnectionId cid = adapter.listening("cid:iot:c", "u/cid/reply");
        assertSendRefused(send(cid, "m", GROUP), ErrorCode.NOT_A_MEMBER);
        change(new MemberMuted("bob", Long.MAX_VALUE));
        ConnectionId other = adapter.listening("bob:iot:other", "u/bob/reply");
        assertSendRefused(send(other, "m", GROUP), ErrorCode.MUTED);
        change(new MembersRemoved(List.of("bob")));
        assertSendRefused(send(other, "m", GROUP), ErrorCode.NOT_A_MEMBER);
        change(new Dissolved());
        assertSendRefused(send(ann, "m", GROUP), ErrorCode.DISSOLVED);
        Peer system = Peer.newBuilder().setKind(Peer.Kind.SYSTEM).setId("news").build();
        assertSendRefused(send(ann, "m", system), ErrorCode.NOT_ALLOWED);
        Peer room = Peer.newBuilder().setKind(Peer.Kind.ROOM).setId("r").build();
        assertSendRefused(send(ann, "m", room), ErrorCode.UNKNOWN_CONVERSATION);
    }

    @Test
    void clientsDoNotWriteChangesOfGroups() throws Exception {
        Content change = Content.newBuilder()
                .setGroupChange(
                        io.hongyan.protocol.v1.GroupChange.newBuilder().setDissolved(Nothing.getDefaultInstance()))
                .build();
        SendRequest request = request("m", GROUP).toBuilder().setContent(change).build();
        assertSendRefused(adapter.publish(ann, "im/send", request.toByteArray(), 1), ErrorCode.NOT_ALLOWED);
        byte[] second =
                request.toBuilder().clearClientMessageId().clearTo().build().toByteArray();
        byte[] first = request("m", GROUP).toByteArray();
        assertSendRefused(adapter.publish(ann, "im/send", joined(first, second), 1), ErrorCode.NOT_ALLOWED);
        Acknowledge json = (Acknowledge) adapter.publish(
                bob,
                "json/im/send",
                "{\"clientMessageId\":\"m\",\"to\":" + JSON_GROUP
                        + ",\"content\":{\"groupChange\":{\"dissolved\":{}}}}");
        assertThat(json.reasonCode()).isEqualTo(ErrorCode.NOT_ALLOWED.mqttReason());
        assertThat(adapter.counters.value(MqttCounter.REQUESTS_GROUP_CHANGE)).isEqualTo(3);
        assertThat(adapter.storage.ports().history().head(Conversation.group("g")))
                .isEqualTo(1);
    }

    @Test
    void callsAnswerForGroups() {
        send(ann, "m-1", GROUP);
        assertThat(call("conversations", "{}"))
                .contains("\"peer\":" + JSON_GROUP)
                .contains("\"headSeq\":\"2\"", "\"unread\":\"1\"");
        assertThat(call("history", "{\"peer\":" + JSON_GROUP + "}"))
                .contains("\"text\":\"hello\"", "\"headSeq\":\"2\"");
        assertThat(call("members", "{\"peer\":" + JSON_GROUP + ",\"limit\":1}"))
                .contains("\"members\":[{\"uid\":\"ann\",\"role\":\"OWNER\",\"joinedSeq\":\"1\"}]", "\"next\":\"ann\"");
        assertThat(call("members", "{\"peer\":" + JSON_GROUP + ",\"page\":\"ann\"}"))
                .contains("\"members\":[{\"uid\":\"bob\",\"role\":\"MEMBER\",\"joinedSeq\":\"1\"}]")
                .doesNotContain("next");
        adapter.publish(
                bob,
                "json/im/send",
                "{\"clientMessageId\":\"b\",\"to\":" + JSON_GROUP + ",\"content\":{\"text\":{\"text\":\"yes\"}}}");
        ConnectionId reader = adapter.online("ann:iot:reader");
        adapter.publish(reader, "json/im/read", "{\"peer\":" + JSON_GROUP + ",\"seq\":3}");
        adapter.messaging.flush();
        assertThat(call("receipts", "{\"peer\":" + JSON_GROUP + ",\"seq\":3}"))
                .contains("\"recipients\":1,\"delivered\":1,\"read\":1,\"readBy\":[\"ann\"]");
    }

    @Test
    void callsAreRefusedToWhoIsNotInTheGroup() {
        String peer = "{\"peer\":" + JSON_GROUP + "}";
        String unknown = "{\"peer\":{\"kind\":\"GROUP\",\"id\":\"x\"}}";
        String direct = "{\"peer\":{\"kind\":\"DIRECT\",\"id\":\"ann\"}}";
        ConnectionId cid = adapter.listening("cid:iot:c", "json/u/cid/reply");
        for (String method : List.of("history", "members")) {
            assertRefused(cid, "json/im/call/" + method, peer, ErrorCode.NOT_A_MEMBER);
            assertRefused(cid, "json/im/call/" + method, unknown, ErrorCode.UNKNOWN_CONVERSATION);
            assertRefused(cid, "json/im/call/" + method, "{}", ErrorCode.MALFORMED);
        }
        assertRefused(cid, "json/im/call/members", direct, ErrorCode.UNKNOWN_CONVERSATION);
        String first = "{\"peer\":" + JSON_GROUP + ",\"seq\":1}";
        assertRefused(cid, "json/im/call/receipts", first, ErrorCode.NOT_A_MEMBER);
        assertRefused(cid, "json/im/call/receipts", peer, ErrorCode.MALFORMED);
        assertRefused(bob, "json/im/call/receipts", first, ErrorCode.NOT_ALLOWED);
        assertRefused(cid, "json/im/read", first, ErrorCode.NOT_A_MEMBER);
        assertRefused(bob, "json/im/call/members", "{\"peer\":" + JSON_GROUP + ",\"limit\":501}", ErrorCode.MALFORMED);
        assertRefused(
                bob,
                "json/im/signal",
                "{\"to\":{\"kind\":\"SYSTEM\",\"id\":\"news\"},\"typing\":{}}",
                ErrorCode.NOT_ALLOWED);
    }

    @Test
    void aSystemChannelIsReadOnly() throws Exception {
        Draft push = new Draft(
                Conversation.system("news", "ann"),
                SystemUser.UID,
                SystemUser.DEVICE,
                "push-1",
                Content.newBuilder()
                        .setText(Text.newBuilder().setText("hello"))
                        .build()
                        .toByteArray());
        adapter.messaging.messages().lane().submit(push, SendOrigin.server());
        adapter.runLane();
        Message message = InboxEntry.parseFrom(inboxOf(ann).get(1).bytes()).getMessage();
        assertThat(message.getFrom()).isEqualTo(SystemUser.UID);
        assertThat(message.getTo())
                .isEqualTo(Peer.newBuilder()
                        .setKind(Peer.Kind.SYSTEM)
                        .setId("news")
                        .build());
    }

    @Test
    void everyChangeIsWrittenAsTheContractSays() throws Exception {
        List<GroupChange> changes = List.of(
                new Created("o", "n", true, 5, List.of("m")),
                new GroupChange.MembersAdded(List.of("a", "b")),
                new MembersRemoved(List.of("a")),
                new GroupChange.Joined(),
                new GroupChange.Left(),
                new GroupChange.RoleSet("a", GroupRole.ADMIN),
                new GroupChange.OwnerSet("a"),
                new MemberMuted("a", 7),
                new GroupChange.AllMuted(true),
                new GroupChange.ProfileSet(null, "note", null),
                new GroupChange.BecameLarge(),
                new Dissolved());
        List<String> written = new ArrayList<>();
        for (GroupChange change : changes) {
            written.add(Json.print(Content.parseFrom(new GroupChangeEncoder().encode(change))));
        }
        assertThat(written)
                .containsExactly(
                        "{\"groupChange\":{\"created\":{\"owner\":\"o\",\"name\":\"n\",\"open\":true,\"members\":[\"m\"]}}}",
                        "{\"groupChange\":{\"added\":{\"uids\":[\"a\",\"b\"]}}}",
                        "{\"groupChange\":{\"removed\":{\"uids\":[\"a\"]}}}",
                        "{\"groupChange\":{\"joined\":{}}}",
                        "{\"groupChange\":{\"left\":{}}}",
                        "{\"groupChange\":{\"roleSet\":{\"uid\":\"a\",\"role\":\"ADMIN\"}}}",
                        "{\"groupChange\":{\"ownerSet\":\"a\"}}",
                        "{\"groupChange\":{\"memberMuted\":{\"uid\":\"a\",\"until\":\"7\"}}}",
                        "{\"groupChange\":{\"allMuted\":true}}",
                        "{\"groupChange\":{\"profileSet\":{\"announcement\":\"note\"}}}",
                        "{\"groupChange\":{\"becameLarge\":{}}}",
                        "{\"groupChange\":{\"dissolved\":{}}}");
    }

    private void change(GroupChange change) {
        CompletionStage<SendOutcome> answer = adapter.messaging
                .groups()
                .changeGroup()
                .change(new DeviceKey(SystemUser.UID, SystemUser.DEVICE), "g", "change-" + ++changes, change);
        adapter.runLane();
        assertThat(AdapterUnderTest.now(answer)).isInstanceOf(SendOutcome.Stored.class);
    }

    private PublishVerdict send(ConnectionId from, String id, Peer to) {
        return adapter.publish(from, "im/send", request(id, to).toByteArray(), 1);
    }

    private static SendRequest request(String id, Peer to) {
        return SendRequest.newBuilder()
                .setClientMessageId(id)
                .setTo(to)
                .setContent(Content.newBuilder().setText(Text.newBuilder().setText("hello")))
                .build();
    }

    /** What bob is answered. */
    private String call(String method, String json) {
        Acknowledge answer = (Acknowledge) adapter.publish(bob, "json/im/call/" + method, json);
        return new String(answer.reply().payload(), StandardCharsets.UTF_8);
    }

    private List<Sent> inboxOf(ConnectionId connection) {
        return adapter.sentTo(connection).stream()
                .filter(push -> push.topic().endsWith("/inbox"))
                .toList();
    }

    private static byte[] joined(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    private void assertRefused(ConnectionId by, String topic, String json, ErrorCode code) {
        Acknowledge answer = (Acknowledge) adapter.publish(by, topic, json);
        assertThat(answer.reasonCode()).as(topic + " " + json).isEqualTo(code.mqttReason());
        assertThat(new String(answer.reply().payload(), StandardCharsets.UTF_8))
                .as(topic + " " + json)
                .contains("\"code\":\"" + code.name() + '"');
    }

    private static void assertSendRefused(PublishVerdict verdict, ErrorCode code)
            throws InvalidProtocolBufferException {
        Acknowledge answer = (Acknowledge) verdict;
        assertThat(SendAck.parseFrom(answer.reply().payload()).getCode()).isEqualTo(code.code());
        assertThat(answer.reasonCode()).isEqualTo(code.mqttReason());
    }
}
