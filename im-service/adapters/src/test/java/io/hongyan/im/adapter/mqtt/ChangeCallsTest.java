package io.hongyan.im.adapter.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.util.JsonFormat;
import io.hongyan.broker.hook.ConnectionId;
import io.hongyan.broker.hook.PublishVerdict;
import io.hongyan.broker.hook.PublishVerdict.Acknowledge;
import io.hongyan.im.adapter.mqtt.AdapterUnderTest.Sent;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.SystemUser;
import io.hongyan.im.core.send.MessageChange.Recalled;
import io.hongyan.im.core.send.SendOrigin;
import io.hongyan.protocol.ErrorCode;
import io.hongyan.protocol.v1.ChangeResult;
import io.hongyan.protocol.v1.Content;
import io.hongyan.protocol.v1.EditRequest;
import io.hongyan.protocol.v1.GroupChange;
import io.hongyan.protocol.v1.HistoryRequest;
import io.hongyan.protocol.v1.InboxEntry;
import io.hongyan.protocol.v1.MessageChange;
import io.hongyan.protocol.v1.MessageState;
import io.hongyan.protocol.v1.Peer;
import io.hongyan.protocol.v1.PinMessageRequest;
import io.hongyan.protocol.v1.Quote;
import io.hongyan.protocol.v1.ReactRequest;
import io.hongyan.protocol.v1.ReactionCount;
import io.hongyan.protocol.v1.RecallRequest;
import io.hongyan.protocol.v1.Reply;
import io.hongyan.protocol.v1.SendAck;
import io.hongyan.protocol.v1.SendRequest;
import io.hongyan.protocol.v1.Text;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Recall, edit, reaction and pin as calls, in both forms. */
@Timeout(30)
final class ChangeCallsTest {
    private static final String RECALL = "im/call/recall";
    private static final String EDIT = "im/call/edit";
    private static final String REACT = "im/call/react";
    private static final String PIN = "im/call/pin_message";
    private static final Peer BOB =
            Peer.newBuilder().setKind(Peer.Kind.DIRECT).setId("bob").build();
    private static final Peer ALICE = BOB.toBuilder().setId("alice").build();

    private final AdapterUnderTest adapter = new AdapterUnderTest(TopicAccess.OWN);
    private ConnectionId alice;
    private ConnectionId bob;
    private int requests;

    @BeforeEach
    void logIn() throws Exception {
        alice = adapter.listening("alice:iot:a", "u/alice/#");
        bob = adapter.listening("bob:iot:b", "json/u/bob/#");
        send("m-1", text("hello"));
    }

    @Test
    void aRecallErasesTheMessageAndComesToEverybody() throws Exception {
        ChangeResult done = done(alice, RECALL, recall(1));
        assertThat(done)
                .isEqualTo(ChangeResult.newBuilder()
                        .setSeq(2)
                        .setSentAt(AdapterUnderTest.NOW)
                        .build());
        InboxEntry own = InboxEntry.parseFrom(newest(alice).bytes());
        assertThat(own.getMessage().getContent().getChange())
                .isEqualTo(MessageChange.newBuilder()
                        .setTargetSeq(1)
                        .setRecalled(MessageChange.Nothing.getDefaultInstance())
                        .build());
        assertThat(own.getMessage().getOrdinal()).isEqualTo(1);
        assertThat(newest(bob).payload()).contains("\"content\":{\"change\":{\"targetSeq\":\"1\",\"recalled\":{}}}");

        assertThat(history(bob))
                .contains("\"ordinal\":\"1\",\"state\":{\"stateSeq\":\"2\",\"recalled\":true}")
                .doesNotContain("\"content\":{}");
        assertThat(call(bob, "im/call/conversations", "{\"requestId\":\"r\"}"))
                .contains("\"unread\":\"1\"")
                .doesNotContain("hello");
        assertThat(call(bob, "im/call/pull", "{\"requestId\":\"r\"}"))
                .contains("\"state\":{\"stateSeq\":\"2\",\"recalled\":true}")
                .doesNotContain("hello");
    }

    @Test
    void theSameIdGetsTheFirstAnswerAndWhatIsSoAlreadyHasNoEntry() throws Exception {
        RecallRequest first = recall(1);
        ChangeResult done = done(alice, RECALL, first);
        assertThat(done(alice, RECALL, first)).isEqualTo(done);
        assertThat(done(alice, RECALL, recall(1))).isEqualTo(ChangeResult.getDefaultInstance());
        assertThat(head()).isEqualTo(2);
    }

    @Test
    void anEditReplacesTheContent() throws Exception {
        adapter.now += 60_000;
        ChangeResult done = done(alice, EDIT, edit(1, text("hello!")));
        assertThat(done.getSentAt()).isEqualTo(AdapterUnderTest.NOW + 60_000);
        assertThat(newest(bob).payload())
                .contains("\"change\":{\"targetSeq\":\"1\",\"edited\":{\"content\":{\"text\":{\"text\":\"hello!\"}}}}");
        assertThat(history(bob))
                .contains(
                        "\"content\":{\"text\":{\"text\":\"hello!\"}},\"ordinal\":\"1\",\"state\":{\"stateSeq\":\"2\","
                                + "\"editedAt\":\"" + done.getSentAt() + "\"}");
    }

    @Test
    void anEditThatIsLateForeignOrOfARecalledMessageIsRefused() throws Exception {
        assertRefused(
                bob, EDIT, edit(1, text("mine")).toBuilder().setPeer(ALICE).build(), ErrorCode.NOT_ALLOWED);
        assertRefused(alice, EDIT, edit(7, text("?")), ErrorCode.UNKNOWN_MESSAGE);
        assertRefused(alice, EDIT, edit(1, image()), ErrorCode.NOT_ALLOWED);
        adapter.now += 172_800_000;
        done(alice, EDIT, edit(1, text("just in time")));
        assertRefused(alice, RECALL, recall(1), ErrorCode.TOO_LATE);
        adapter.now++;
        assertRefused(alice, EDIT, edit(1, text("late")), ErrorCode.TOO_LATE);
        assertRefused(alice, EDIT, edit(2, text("an edit of an edit")), ErrorCode.UNKNOWN_MESSAGE);
        send("m-2", text("wrong"));
        done(alice, RECALL, recall(3));
        assertRefused(alice, EDIT, edit(3, text("back")), ErrorCode.UNKNOWN_MESSAGE);
        assertThat(head()).isEqualTo(4);
    }

    @Test
    void theContentOfAnEditIsCheckedAsThatOfAMessage() throws Exception {
        Content byServer = Content.newBuilder()
                .setGroupChange(GroupChange.newBuilder().setDissolved(GroupChange.Nothing.getDefaultInstance()))
                .build();
        assertRefused(alice, EDIT, edit(1, byServer), ErrorCode.NOT_ALLOWED);
        assertRefused(alice, EDIT, edit(1, Content.getDefaultInstance()), ErrorCode.MALFORMED);
        assertRefused(alice, EDIT, edit(1, text("x".repeat(70_000))), ErrorCode.TOO_LARGE);
        Content noAnswer = text("yes").toBuilder()
                .setReplyTo(Quote.newBuilder().setFrom("bob"))
                .build();
        Reply fault = assertRefused(alice, EDIT, edit(1, noAnswer), ErrorCode.MALFORMED);
        assertThat(fault.getReason()).contains("seq of Quote");
        assertThat(call(bob, EDIT, "{\"requestId\":\"r\",\"content\":{\"change\":{\"recalled\":{}}}}"))
                .contains("\"code\":\"NOT_ALLOWED\"");
        assertThat(adapter.counters.value(MqttCounter.REQUESTS_GROUP_CHANGE)).isEqualTo(2);
    }

    @Test
    void anEditedBodyOfAnApplicationIsGivenToReadersOfJsonAsBytes() throws Exception {
        send("m-2", own("first"));
        done(alice, EDIT, edit(2, own("second")));
        InboxEntry.Builder entry = InboxEntry.newBuilder();
        JsonFormat.parser().merge(newest(bob).payload(), entry);
        MessageChange change = entry.getMessage().getContent().getChange();
        assertThat(change.getTargetSeq()).isEqualTo(2);
        assertThat(Content.parseFrom(change.getEdited().getContent().getEncoded()))
                .isEqualTo(own("second"));
    }

    @Test
    void aReactionThatIsThereAlreadyHasNoEntry() throws Exception {
        assertThat(done(alice, REACT, react("👍", false)).getSeq()).isEqualTo(2);
        assertThat(done(alice, REACT, react("👍", false)).getSeq()).isZero();
        assertThat(call(
                        bob,
                        REACT,
                        "{\"requestId\":\"r\",\"peer\":{\"kind\":\"DIRECT\",\"id\":\"alice\"},\"seq\":\"1\","
                                + "\"clientMessageId\":\"b-1\",\"emoji\":\"👍\"}"))
                .isEqualTo(
                        "{\"requestId\":\"r\",\"change\":{\"seq\":\"3\",\"sentAt\":\"" + AdapterUnderTest.NOW + "\"}}");
        assertThat(newest(bob).payload()).contains("\"change\":{\"targetSeq\":\"1\",\"reaction\":{\"emoji\":\"👍\"}}");
        assertThat(history(bob)).contains("\"reactions\":[{\"emoji\":\"👍\",\"count\":2,\"mine\":true}]");

        done(alice, REACT, react("👍", true));
        assertThat(stateSeenByAlice())
                .isEqualTo(MessageState.newBuilder()
                        .setStateSeq(4)
                        .addReactions(ReactionCount.newBuilder().setEmoji("👍").setCount(1))
                        .build());
    }

    @Test
    void reactionsAreLimited() throws Exception {
        for (int i = 0; i < 20; i++) {
            done(alice, REACT, react("e" + i, false));
        }
        assertRefused(alice, REACT, react("one more", false), ErrorCode.LIMIT_REACHED);
        assertRefused(alice, REACT, react("", false), ErrorCode.MALFORMED);
        assertRefused(alice, REACT, react("é".repeat(33), false), ErrorCode.MALFORMED);
    }

    @Test
    void eitherOfTwoPinsAndUnpins() throws Exception {
        done(alice, PIN, pin(true));
        assertThat(newest(bob).payload()).contains("\"change\":{\"targetSeq\":\"1\",\"pinned\":true}");
        assertThat(stateSeenByAlice().getPinned()).isTrue();
        assertThat(call(
                        bob,
                        PIN,
                        "{\"requestId\":\"r\",\"peer\":{\"kind\":\"DIRECT\",\"id\":\"alice\"},\"seq\":1,"
                                + "\"clientMessageId\":\"b-1\"}"))
                .contains("\"change\":{\"seq\":\"3\"");
        assertThat(stateSeenByAlice().getPinned()).isFalse();
        InboxEntry unpinned = InboxEntry.parseFrom(newest(alice).bytes());
        assertThat(unpinned.getMessage().getContent().getChange().hasPinned()).isTrue();
    }

    @Test
    void aQuoteOfARecalledMessageIsErasedToo() throws Exception {
        Content quoting = text("yes").toBuilder()
                .setReplyTo(Quote.newBuilder().setSeq(1).setFrom("alice").setExcerpt("hel"))
                .build();
        send("m-2", quoting);
        done(alice, RECALL, recall(1));
        send("m-3", quoting);
        assertThat(history(bob)).contains("\"text\":\"yes\"").doesNotContain("excerpt");
        assertThat(newest(bob).payload()).contains("\"replyTo\":{\"seq\":\"1\",\"from\":\"alice\"}");
    }

    @Test
    void whatTheServerRecallsIsAddressedAsEachReaderDoes() throws Exception {
        adapter.messaging
                .messages()
                .changeMessage()
                .change(
                        SendOrigin.server(),
                        new DeviceKey(SystemUser.UID, SystemUser.DEVICE),
                        Conversation.direct("alice", "bob"),
                        "case-7",
                        new Recalled(1));
        adapter.runLane();
        InboxEntry own = InboxEntry.parseFrom(newest(alice).bytes());
        assertThat(own.getMessage().getFrom()).isEqualTo(SystemUser.UID);
        assertThat(own.getMessage().getTo()).isEqualTo(BOB);
        assertThat(newest(bob).payload())
                .contains("\"from\":\"$system\"", "\"to\":{\"kind\":\"DIRECT\",\"id\":\"alice\"}");
        assertThat(history(bob)).contains("\"from\":\"$system\"").doesNotContain("\"id\":\"bob\"},\"seq\":\"2\"");
    }

    @Test
    void requestsThatLackSomethingAreRefused() throws Exception {
        RecallRequest good = recall(1);
        for (RecallRequest bad : List.of(
                good.toBuilder().clearClientMessageId().build(),
                good.toBuilder().setClientMessageId("x".repeat(65)).build(),
                good.toBuilder().clearSeq().build(),
                good.toBuilder().setSeq(-1).build(),
                good.toBuilder().clearPeer().build())) {
            assertRefused(alice, RECALL, bad, ErrorCode.MALFORMED);
        }
        RecallRequest longName = good.toBuilder().setRequestId("x".repeat(65)).build();
        assertThat(refused(alice, RECALL, longName, ErrorCode.MALFORMED).getRequestId())
                .isEmpty();
        Peer nobody = BOB.toBuilder().setId("nobody").build();
        assertRefused(alice, RECALL, good.toBuilder().setPeer(nobody).build(), ErrorCode.UNKNOWN_CONVERSATION);
        Peer group = BOB.toBuilder().setKind(Peer.Kind.GROUP).setId("g").build();
        assertRefused(alice, RECALL, good.toBuilder().setPeer(group).build(), ErrorCode.UNKNOWN_CONVERSATION);
        Peer channel = BOB.toBuilder().setKind(Peer.Kind.SYSTEM).build();
        assertRefused(alice, RECALL, good.toBuilder().setPeer(channel).build(), ErrorCode.NOT_ALLOWED);
        for (String topic : new String[] {RECALL, EDIT, REACT, PIN}) {
            assertThat(((Acknowledge) adapter.publish(alice, topic, new byte[] {1, 2, 3}, 1)).reasonCode())
                    .isEqualTo(ErrorCode.MALFORMED.mqttReason());
            assertThat(call(bob, topic, "{\"requestId\":\"r7\",\"sequence\":1}"))
                    .contains("\"requestId\":\"r7\"", "There is no field sequence here");
        }
        assertThat(head()).isEqualTo(1);
    }

    @Test
    void clientsDoNotSendChanges() throws Exception {
        Content change = Content.newBuilder()
                .setChange(MessageChange.newBuilder()
                        .setTargetSeq(1)
                        .setRecalled(MessageChange.Nothing.getDefaultInstance()))
                .build();
        SendRequest send = request("m-2", change);
        Acknowledge answer = (Acknowledge) adapter.publish(alice, "im/send", send.toByteArray(), 1);
        assertThat(SendAck.parseFrom(answer.reply().payload()).getCode()).isEqualTo(ErrorCode.NOT_ALLOWED.code());
        Acknowledge json = (Acknowledge) adapter.publish(
                bob,
                "json/im/send",
                "{\"clientMessageId\":\"m\",\"to\":{\"kind\":\"DIRECT\",\"id\":\"alice\"},"
                        + "\"content\":{\"change\":{\"targetSeq\":\"1\",\"pinned\":true}}}");
        assertThat(json.reasonCode()).isEqualTo(ErrorCode.NOT_ALLOWED.mqttReason());
        assertThat(head()).isEqualTo(1);
    }

    /** It has no effect before there are drafts. */
    @Test
    void aSendMayClearTheDraft() throws Exception {
        SendRequest send =
                request("m-2", text("hi")).toBuilder().setClearDraft(true).build();
        Acknowledge answer = (Acknowledge) adapter.publish(alice, "im/send", send.toByteArray(), 1);
        assertThat(SendAck.parseFrom(answer.reply().payload()).getSeq()).isEqualTo(2);
        Acknowledge json = (Acknowledge) adapter.publish(
                bob,
                "json/im/send",
                "{\"clientMessageId\":\"m\",\"to\":{\"kind\":\"DIRECT\",\"id\":\"alice\"},\"clearDraft\":true,"
                        + "\"content\":{\"text\":{\"text\":\"hi\"}}}");
        assertThat(json.reasonCode()).isZero();
        assertThat(head()).isEqualTo(3);
    }

    // ---- requests

    private RecallRequest recall(long seq) {
        return RecallRequest.newBuilder()
                .setRequestId("r")
                .setPeer(BOB)
                .setSeq(seq)
                .setClientMessageId(nextId())
                .build();
    }

    private EditRequest edit(long seq, Content content) {
        return EditRequest.newBuilder()
                .setRequestId("r")
                .setPeer(BOB)
                .setSeq(seq)
                .setClientMessageId(nextId())
                .setContent(content)
                .build();
    }

    private ReactRequest react(String emoji, boolean removed) {
        return ReactRequest.newBuilder()
                .setRequestId("r")
                .setPeer(BOB)
                .setSeq(1)
                .setClientMessageId(nextId())
                .setEmoji(emoji)
                .setRemoved(removed)
                .build();
    }

    private PinMessageRequest pin(boolean pinned) {
        return PinMessageRequest.newBuilder()
                .setRequestId("r")
                .setPeer(BOB)
                .setSeq(1)
                .setClientMessageId(nextId())
                .setPinned(pinned)
                .build();
    }

    private String nextId() {
        return "change-" + ++requests;
    }

    private static Content text(String text) {
        return Content.newBuilder().setText(Text.newBuilder().setText(text)).build();
    }

    private static Content image() {
        return Content.newBuilder()
                .setImage(io.hongyan.protocol.v1.Image.newBuilder().setFileId("f"))
                .build();
    }

    /** Of an application. */
    private static Content own(String body) {
        return Content.newBuilder()
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                1_001,
                                UnknownFieldSet.Field.newBuilder()
                                        .addLengthDelimited(ByteString.copyFromUtf8(body))
                                        .build())
                        .build())
                .build();
    }

    private static SendRequest request(String id, Content content) {
        return SendRequest.newBuilder()
                .setClientMessageId(id)
                .setTo(BOB)
                .setContent(content)
                .build();
    }

    private void send(String id, Content content) throws Exception {
        Acknowledge answer = (Acknowledge)
                adapter.publish(alice, "im/send", request(id, content).toByteArray(), 1);
        assertThat(SendAck.parseFrom(answer.reply().payload()).getReason()).isEmpty();
    }

    private ChangeResult done(ConnectionId by, String topic, Message request) throws Exception {
        Acknowledge answer = (Acknowledge) adapter.publish(by, topic, request.toByteArray(), 1);
        Reply reply = Reply.parseFrom(answer.reply().payload());
        assertThat(reply.getReason()).isEmpty();
        assertThat(reply.getRequestId()).isEqualTo("r");
        assertThat(reply.hasChange()).isTrue();
        assertThat(answer.reasonCode()).isZero();
        return reply.getChange();
    }

    private Reply assertRefused(ConnectionId by, String topic, Message request, ErrorCode code) throws Exception {
        Reply reply = refused(by, topic, request, code);
        assertThat(reply.getRequestId()).isEqualTo("r");
        return reply;
    }

    private Reply refused(ConnectionId by, String topic, Message request, ErrorCode code) throws Exception {
        boolean json = by.equals(bob);
        PublishVerdict verdict = json
                ? adapter.publish(by, "json/" + topic, JsonFormat.printer().print(request))
                : adapter.publish(by, topic, request.toByteArray(), 1);
        Acknowledge answer = (Acknowledge) verdict;
        Reply.Builder reply = Reply.newBuilder();
        if (json) {
            JsonFormat.parser().merge(text(answer), reply);
        } else {
            reply.mergeFrom(answer.reply().payload());
        }
        assertThat(reply.getCode()).as(reply.getReason()).isEqualTo(code.code());
        assertThat(answer.reasonCode()).isEqualTo(code.mqttReason());
        return reply.build();
    }

    private String call(ConnectionId by, String topic, String json) {
        return text((Acknowledge) adapter.publish(by, "json/" + topic, json));
    }

    private static String text(Acknowledge answer) {
        return new String(answer.reply().payload(), StandardCharsets.UTF_8);
    }

    private String history(ConnectionId by) {
        return call(by, "im/call/history", "{\"requestId\":\"r\",\"peer\":{\"kind\":\"DIRECT\",\"id\":\"alice\"}}");
    }

    /** Of the first message. */
    private MessageState stateSeenByAlice() throws Exception {
        HistoryRequest request =
                HistoryRequest.newBuilder().setRequestId("r").setPeer(BOB).build();
        Acknowledge answer = (Acknowledge) adapter.publish(alice, "im/call/history", request.toByteArray(), 1);
        return Reply.parseFrom(answer.reply().payload())
                .getHistory()
                .getMessages(0)
                .getState();
    }

    private Sent newest(ConnectionId connection) {
        List<Sent> entries = adapter.sentTo(connection).stream()
                .filter(push -> push.topic().endsWith("/inbox"))
                .toList();
        return entries.get(entries.size() - 1);
    }

    private long head() {
        return adapter.storage.ports().history().head(Conversation.direct("alice", "bob"));
    }
}
