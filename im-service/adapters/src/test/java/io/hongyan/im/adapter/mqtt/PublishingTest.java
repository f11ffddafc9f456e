package io.hongyan.im.adapter.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.hongyan.broker.hook.ConnectionId;
import io.hongyan.broker.hook.DisconnectCause;
import io.hongyan.broker.hook.PublishRequest;
import io.hongyan.broker.hook.PublishVerdict;
import io.hongyan.broker.hook.PublishVerdict.Acknowledge;
import io.hongyan.broker.hook.PublishVerdict.CloseUnanswered;
import io.hongyan.broker.hook.UserProperty;
import io.hongyan.im.adapter.LogLines;
import io.hongyan.im.adapter.mqtt.AdapterUnderTest.Sent;
import io.hongyan.protocol.ErrorCode;
import io.hongyan.protocol.v1.Content;
import io.hongyan.protocol.v1.Peer;
import io.hongyan.protocol.v1.PullRequest;
import io.hongyan.protocol.v1.Reply;
import io.hongyan.protocol.v1.SendAck;
import io.hongyan.protocol.v1.SendRequest;
import io.hongyan.protocol.v1.Text;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class PublishingTest {
    private final AdapterUnderTest adapter = new AdapterUnderTest(TopicAccess.OWN);
    private ConnectionId alice;

    @BeforeEach
    void logIn() {
        alice = adapter.listening("alice:iot:a", "u/alice/reply");
        adapter.online("bob:iot:b");
    }

    @Test
    void aStoredMessageIsAcknowledgedWithItsNumbers() throws Exception {
        Acknowledge answer = acknowledged(send("m-1", "bob"));
        assertThat(answer.reasonCode()).isZero();
        assertThat(answer.properties())
                .containsExactly(
                        new UserProperty("seq", "1"), new UserProperty("sent_at", Long.toString(AdapterUnderTest.NOW)));
        assertThat(answer.reply().topic()).isEqualTo("u/alice/reply");
        assertThat(SendAck.parseFrom(answer.reply().payload()))
                .isEqualTo(SendAck.newBuilder()
                        .setClientMessageId("m-1")
                        .setSeq(1)
                        .setSentAt(AdapterUnderTest.NOW)
                        .setInboxSeq(1)
                        .setOrdinal(1)
                        .build());
    }

    @Test
    void whoCannotUseAnAnswerGetsAPlainPuback() {
        ConnectionId old = adapter.online("alice:iot:old", 4, 0);
        assertThat(adapter.publish(old, "im/send", request("m", "bob").toByteArray(), 1))
                .isSameAs(Acknowledge.plain());
        assertThat(adapter.publish(alice, "im/send", request("m0", "bob").toByteArray(), 0))
                .isSameAs(Acknowledge.plain());
    }

    @Test
    void aBadSendIsRefusedWithItsReason() throws Exception {
        assertSendRefused(send("m", "nobody"), "m", ErrorCode.UNKNOWN_CONVERSATION);
        assertSendRefused(send("m", "not/a/uid"), "m", ErrorCode.UNKNOWN_CONVERSATION);
        assertSendRefused(send("", "bob"), "", ErrorCode.MALFORMED);
        assertSendRefused(send("m", ""), "m", ErrorCode.MALFORMED);
        assertSendRefused(send("x".repeat(65), "bob"), "", ErrorCode.MALFORMED);
        assertSendRefused(send("with space", "bob"), "with space", ErrorCode.MALFORMED);
        SendRequest group = request("m", "bob").toBuilder()
                .setTo(Peer.newBuilder().setKind(Peer.Kind.GROUP).setId("g"))
                .build();
        assertSendRefused(publish(group), "m", ErrorCode.UNKNOWN_CONVERSATION);
        SendRequest large = request("m", "bob").toBuilder()
                .setContent(Content.newBuilder().setText(Text.newBuilder().setText("x".repeat(70_000))))
                .build();
        assertSendRefused(publish(large), "m", ErrorCode.TOO_LARGE);
        SendRequest empty = request("m", "bob").toBuilder().clearContent().build();
        assertSendRefused(publish(empty), "m", ErrorCode.MALFORMED);
        SendRequest nobody = request("m", "bob").toBuilder().clearTo().build();
        assertSendRefused(publish(nobody), "m", ErrorCode.MALFORMED);
        assertThat(adapter.counters.value(MqttCounter.REQUESTS_REFUSED)).isEqualTo(10);
    }

    @Test
    void bytesThatDoNotParseAreRefused() {
        for (String topic : new String[] {"im/send", "im/read", "im/signal", "im/logout", "im/call/pull"}) {
            assertRefused(adapter.publish(alice, topic, new byte[] {1, 2, 3}, 1), ErrorCode.MALFORMED);
        }
        assertThat(adapter.counters.value(MqttCounter.REQUESTS_MALFORMED)).isEqualTo(5);
        assertRefused(adapter.publish(adapter.online("bob:iot:x"), "json/im/send", "{}}"), ErrorCode.MALFORMED);
    }

    @Test
    void theIdBeforeTheFaultAndTheFieldWithItAreTold() throws Exception {
        ConnectionId json = jsonConnection();
        String send = "{\"clientMessageId\":\"m\",\"to\":{\"kind\":\"DIRECT\",\"id\":\"bob\"},";
        for (String[] fault : new String[][] {
            {
                "\"content\":{\"txt\":{}}}",
                "There is no field content.txt here; fields are text, groupChange, image, voice, video, file, location,"
                        + " card, merged, custom, change, replyTo, mentions, mentionAll, encoded."
            },
            {"\"to\":{}}", "The field to is given twice."},
            {"\"content\":{}} {}", "The body has something after its JSON object."},
            {
                "\"content\":{\"text\":{\"text\":\"\\ud800\"}}}",
                "The field content.text.text has half of a surrogate pair."
            }
        }) {
            Acknowledge answer = acknowledged(adapter.publish(json, "json/im/send", send + fault[0]));
            assertThat(answer.reasonCode()).isEqualTo(ErrorCode.MALFORMED.mqttReason());
            assertThat(answer.reason()).isEqualTo(fault[1]);
            assertThat(text(answer))
                    .isEqualTo("{\"clientMessageId\":\"m\",\"code\":\"MALFORMED\",\"reason\":\"" + fault[1] + "\"}");
        }
        Acknowledge call =
                acknowledged(adapter.publish(json, "json/im/call/pull", "{\"requestId\":\"r9\",\"limit\":\"\u0667\"}"));
        assertThat(text(call)).startsWith("{\"code\":\"MALFORMED\"").endsWith(",\"requestId\":\"r9\"}");
        byte[] cut = PullRequest.newBuilder()
                .setRequestId("r1")
                .setAfterSeq(7)
                .build()
                .toByteArray();
        Acknowledge binary =
                acknowledged(adapter.publish(alice, "im/call/pull", Arrays.copyOf(cut, cut.length - 1), 1));
        assertThat(Reply.parseFrom(binary.reply().payload()).getRequestId()).isEqualTo("r1");
    }

    @Test
    void deepNestingIsRefusedAndNeverAnError() {
        ConnectionId json = jsonConnection();
        for (String topic :
                new String[] {"send", "read", "signal", "logout", "call/pull", "call/history", "call/time"}) {
            for (String deep : new String[] {"[", "{\"a\":", "{\"to\":", "{\"content\":", "{\"peer\":"}) {
                assertRefused(adapter.publish(json, "json/im/" + topic, deep.repeat(100_000)), ErrorCode.MALFORMED);
            }
        }
    }

    @Test
    void topicsThatTakeNothingAreRefused() {
        for (String topic :
                new String[] {"im/", "im/sent", "im/send/x", "u/alice/inbox", "u/bob/inbox", "room/r", "json/x"}) {
            assertThat(adapter.publish(adapter.online("alice:iot:x"), topic, new byte[0], 1))
                    .as(topic)
                    .isInstanceOfSatisfying(
                            Acknowledge.class,
                            answer -> assertThat(answer.reasonCode()).isEqualTo(ErrorCode.UNKNOWN_TOPIC.mqttReason()));
        }
        assertRefused(adapter.publish(alice, "im/call/nothing", new byte[0], 1), ErrorCode.UNKNOWN_METHOD);
        assertThat(adapter.counters.value(MqttCounter.REQUESTS_UNKNOWN_TOPIC)).isEqualTo(7);
        assertThat(adapter.counters.value(MqttCounter.REQUESTS_UNKNOWN_METHOD)).isEqualTo(1);
    }

    @Test
    void theOtherFormIsRefusedOnceOneIsSubscribed() {
        assertRefused(adapter.publish(alice, "json/im/send", "{}"), ErrorCode.FORM_MIXED);
        assertThat(adapter.counters.value(MqttCounter.REQUESTS_FORM_MIXED)).isEqualTo(1);
    }

    @Test
    void troubleIsNotAcknowledged() {
        adapter.blocking = work -> {
            throw new RejectedExecutionException();
        };
        PublishVerdict closed = new CloseUnanswered(DisconnectCause.SERVER_BUSY);
        byte[] mark = "{\"peer\":{\"kind\":\"DIRECT\",\"id\":\"bob\"},\"seq\":1}".getBytes(StandardCharsets.UTF_8);
        ConnectionId json = jsonConnection();
        assertThat(adapter.publish(json, "json/im/read", mark, 1)).isEqualTo(closed);
        assertThat(adapter.publish(json, "json/im/logout", "")).isEqualTo(closed);
        assertThat(adapter.counters.value(MqttCounter.REQUESTS_UNANSWERED)).isEqualTo(2);
        assertRefused(adapter.publish(alice, "im/call/pull", new byte[0], 1), ErrorCode.UNAVAILABLE);
    }

    @Test
    void aCallIsAnsweredOnTheReplyTopic() throws Exception {
        send("m-1", "bob");
        ConnectionId bob = adapter.listening("bob:iot:b", "json/u/bob/reply");
        Acknowledge pulled = acknowledged(adapter.publish(bob, "json/im/call/pull", "{\"requestId\":\"r1\"}"));
        assertThat(text(pulled))
                .startsWith(
                        "{\"requestId\":\"r1\",\"pull\":{\"entries\":[{\"seq\":\"1\",\"message\":{\"from\":\"alice\"")
                .contains("\"headSeq\":\"1\",\"dataEpoch\":\"");
        Acknowledge history = acknowledged(adapter.publish(
                bob, "json/im/call/history", "{\"requestId\":\"r2\",\"peer\":{\"kind\":\"DIRECT\",\"id\":\"alice\"}}"));
        assertThat(text(history)).startsWith("{\"requestId\":\"r2\",\"history\":{\"messages\":[{\"from\":\"alice\"");
        Acknowledge list = acknowledged(adapter.publish(bob, "json/im/call/conversations", "{\"requestId\":\"r3\"}"));
        assertThat(text(list))
                .contains("\"peer\":{\"kind\":\"DIRECT\",\"id\":\"alice\"}")
                .contains("\"unread\":\"1\"");
        Acknowledge time = acknowledged(adapter.publish(bob, "json/im/call/time", "{\"requestId\":\"r4\"}"));
        assertThat(text(time))
                .isEqualTo("{\"requestId\":\"r4\",\"time\":{\"now\":\"" + AdapterUnderTest.NOW
                        + "\",\"protocolVersion\":1,\"dataEpoch\":\""
                        + adapter.messaging.data().current().id() + "\"}}");
    }

    @Test
    void callsOutOfRangeAreRefused() {
        ConnectionId json = jsonConnection();
        String peer = "\"peer\":{\"kind\":\"DIRECT\",\"id\":\"alice\"}";
        for (String[] call : new String[][] {
            {"pull", "{\"limit\":501}"},
            {"pull", "{\"limit\":-1}"},
            {"pull", "{\"afterSeq\":\"-1\"}"},
            {"pull", "{\"requestId\":\"" + "x".repeat(65) + "\"}"},
            {"history", "{" + peer + ",\"beforeSeq\":1,\"afterSeq\":1}"},
            {"history", "{" + peer + ",\"beforeSeq\":-1}"},
            {"history", "{}"},
            {"conversations", "{\"afterVersion\":-1}"}
        }) {
            assertRefused(adapter.publish(json, "json/im/call/" + call[0], call[1]), ErrorCode.MALFORMED);
        }
    }

    @Test
    void aReadMarkReachesTheOtherSideAndTheOwnDevices() {
        send("m-1", "bob");
        ConnectionId bob = jsonConnection();
        ConnectionId writer = adapter.listening("alice:iot:w", "json/u/alice/notice");
        ConnectionId other = adapter.listening("bob:iot:c", "json/u/bob/inbox");
        assertThat(adapter.publish(bob, "json/im/read", "{\"peer\":{\"kind\":\"DIRECT\",\"id\":\"alice\"},\"seq\":1}"))
                .isEqualTo(Acknowledge.plain());
        adapter.messaging.flush();
        assertThat(adapter.sentTo(writer))
                .extracting(Sent::payload)
                .singleElement()
                .isEqualTo(
                        "{\"receipt\":{\"from\":\"bob\",\"peer\":{\"kind\":\"DIRECT\",\"id\":\"bob\"},\"readSeq\":\"1\"}}");
        assertThat(adapter.sentTo(other))
                .last()
                .extracting(Sent::payload)
                .isEqualTo(
                        "{\"seq\":\"2\",\"event\":{\"readUpTo\":{\"peer\":{\"kind\":\"DIRECT\",\"id\":\"alice\"},\"seq\":\"1\",\"ordinal\":\"1\"}}}");
        assertRefused(
                adapter.publish(bob, "json/im/read", "{\"peer\":{\"kind\":\"DIRECT\",\"id\":\"eve\"},\"seq\":1}"),
                ErrorCode.UNKNOWN_CONVERSATION);
    }

    @Test
    void aStackThatOverflowsFailsTheRequestAndNothingElse() {
        adapter.listening("bob:iot:b", "json/u/bob/#");
        ConnectionId json = jsonConnection();
        String signal = "{\"to\":{\"kind\":\"DIRECT\",\"id\":\"bob\"},\"typing\":{\"active\":true}}";
        adapter.breaks = new StackOverflowError();
        try (LogLines log = new LogLines(RequestHandler.class)) {
            assertRefused(adapter.publish(json, "json/im/signal", signal), ErrorCode.INTERNAL_ERROR);
            assertThat(log.lines()).as("clients can cause it at will").isEmpty();
        }
        assertThat(adapter.counters.value(MqttCounter.REQUESTS_FAILED)).isEqualTo(1);
        adapter.breaks = null;
        assertThat(((Acknowledge) adapter.publish(json, "json/im/signal", signal)).reasonCode())
                .isZero();
    }

    @Test
    void aSignalIsSeenByWhoIsOnline() {
        ConnectionId bob = adapter.listening("bob:iot:b", "json/u/bob/#");
        adapter.publish(
                adapter.online("alice:iot:s"),
                "json/im/signal",
                "{\"to\":{\"kind\":\"DIRECT\",\"id\":\"bob\"},\"typing\":{\"active\":true}}");
        assertThat(adapter.sentTo(bob)).singleElement().satisfies(push -> {
            assertThat(push.topic()).isEqualTo("json/u/bob/notice");
            assertThat(push.payload())
                    .isEqualTo("{\"signal\":{\"from\":\"alice\",\"to\":{\"kind\":\"DIRECT\",\"id\":\"bob\"},"
                            + "\"typing\":{\"active\":true}}}");
            assertThat(push.qos()).isZero();
        });
        assertRefused(
                adapter.publish(jsonConnection(), "json/im/signal", "{\"to\":{\"kind\":\"DIRECT\",\"id\":\"alice\"}}"),
                ErrorCode.MALFORMED);
    }

    @Test
    void applicationsHaveSignalsOfTheirOwn() {
        ConnectionId bob = adapter.listening("bob:iot:b", "json/u/bob/#");
        ConnectionId json = adapter.online("alice:iot:s");
        String to = "{\"to\":{\"kind\":\"DIRECT\",\"id\":\"bob\"},\"custom\":";
        adapter.publish(json, "json/im/signal", to + "{\"type\":\"game.move\",\"data\":\"AQID\"}}");
        assertThat(adapter.sentTo(bob))
                .singleElement()
                .satisfies(push -> assertThat(push.payload())
                        .isEqualTo("{\"signal\":{\"from\":\"alice\",\"to\":{\"kind\":\"DIRECT\",\"id\":\"bob\"},"
                                + "\"custom\":{\"type\":\"game.move\",\"data\":\"AQID\"}}}"));

        String most = Base64.getEncoder().encodeToString(new byte[Signals.CUSTOM_BYTES_MAX]);
        assertThat(acknowledged(adapter.publish(
                                json, "json/im/signal", to + "{\"type\":\"a\",\"data\":\"" + most + "\"}}"))
                        .reasonCode())
                .isZero();
        String more = Base64.getEncoder().encodeToString(new byte[Signals.CUSTOM_BYTES_MAX + 1]);
        for (String custom : new String[] {
            "{}", "{\"type\":\"\"}", "{\"type\":\"a b\"}", "{\"type\":\"a\",\"data\":\"" + more + "\"}"
        }) {
            assertRefused(adapter.publish(json, "json/im/signal", to + custom + "}"), ErrorCode.MALFORMED);
        }
    }

    @Test
    void contentThatIsNotAsItMustBeIsRefusedWithTheField() {
        Acknowledge refused = acknowledged(adapter.publish(
                jsonConnection(),
                "json/im/send",
                "{\"clientMessageId\":\"m1\",\"to\":{\"kind\":\"DIRECT\",\"id\":\"bob\"},"
                        + "\"content\":{\"image\":{\"width\":1}}}"));
        assertThat(refused.reason()).isEqualTo("The field fileId of Image is missing.");
        assertRefused(
                adapter.publish(
                        jsonConnection(),
                        "json/im/send",
                        "{\"clientMessageId\":\"m2\",\"to\":{\"kind\":\"DIRECT\",\"id\":\"bob\"},"
                                + "\"content\":{\"text\":{\"text\":\"hi\"},\"encoded\":\"AQID\"}}"),
                ErrorCode.NOT_ALLOWED);
    }

    @Test
    void aKickedDeviceIsToldAndThenClosed() {
        ConnectionId old = adapter.listening("bob:android:old", "json/u/bob/notice");
        adapter.online("bob:ios:new");
        assertThat(adapter.sentTo(old))
                .singleElement()
                .satisfies(push -> assertThat(push.payload())
                        .startsWith("{\"kicked\":{\"byDevice\":\"ios:new\",\"at\":\"" + AdapterUnderTest.NOW + "\""));
        assertThat(adapter.ended).containsExactly(old + " SESSION_TAKEN_OVER");
    }

    @Test
    void logoutIsAcknowledgedThenTheConnectionCloses() {
        Acknowledge answer = acknowledged(adapter.publish(alice, "im/logout", new byte[0], 1));
        assertThat(answer.reasonCode()).isZero();
        assertThat(answer.thenClose()).isTrue();
    }

    @Test
    void publishesWithoutASessionCloseTheConnection() {
        CompletionStage<PublishVerdict> answer =
                adapter.hook.publishing(new PublishRequest(adapter.nextConnection(), "im/send", new byte[0], 1));
        assertThat(AdapterUnderTest.now(answer)).isEqualTo(new CloseUnanswered(DisconnectCause.NOT_AUTHORIZED));
    }

    /** Logs in whatever state the storage is in. */
    private ConnectionId jsonConnection() {
        Executor blocking = adapter.blocking;
        adapter.blocking = Runnable::run;
        ConnectionId id = adapter.listening("bob:iot:json", "json/u/bob/reply");
        adapter.blocking = blocking;
        return id;
    }

    private PublishVerdict send(String id, String to) {
        return publish(request(id, to));
    }

    private PublishVerdict publish(SendRequest request) {
        return adapter.publish(alice, "im/send", request.toByteArray(), 1);
    }

    private static SendRequest request(String id, String to) {
        return SendRequest.newBuilder()
                .setClientMessageId(id)
                .setTo(Peer.newBuilder().setKind(Peer.Kind.DIRECT).setId(to))
                .setContent(Content.newBuilder().setText(Text.newBuilder().setText("hello")))
                .build();
    }

    private static void assertSendRefused(PublishVerdict verdict, String id, ErrorCode code)
            throws InvalidProtocolBufferException {
        assertRefused(verdict, code);
        SendAck ack = SendAck.parseFrom(((Acknowledge) verdict).reply().payload());
        assertThat(ack.getClientMessageId()).isEqualTo(id);
        assertThat(ack.getSeq()).isZero();
    }

    private static void assertRefused(PublishVerdict verdict, ErrorCode code) {
        Acknowledge answer = acknowledged(verdict);
        assertThat(answer.reasonCode()).isEqualTo(code.mqttReason());
        assertThat(answer.reason()).endsWith(".");
        if (answer.reply() == null || answer.reply().topic().startsWith("json/")) {
            return;
        }
        try {
            assertThat(Reply.parseFrom(answer.reply().payload()).getCode()).isEqualTo(code.code());
        } catch (InvalidProtocolBufferException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    private static Acknowledge acknowledged(PublishVerdict verdict) {
        assertThat(verdict).isInstanceOf(Acknowledge.class);
        return (Acknowledge) verdict;
    }

    private static String text(Acknowledge answer) {
        return new String(answer.reply().payload(), StandardCharsets.UTF_8);
    }
}
