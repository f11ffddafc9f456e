package io.hongyan.im.adapter.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.broker.hook.ConnectRequest;
import io.hongyan.broker.hook.ConnectRequest.ClientLimits;
import io.hongyan.broker.hook.ConnectRequest.Credentials;
import io.hongyan.broker.hook.ConnectRequest.SessionTerms;
import io.hongyan.broker.hook.ConnectionId;
import io.hongyan.broker.hook.PublishVerdict.Acknowledge;
import io.hongyan.broker.hook.ResumeRequest;
import io.hongyan.broker.hook.ResumeRequest.Granted;
import io.hongyan.broker.hook.ResumeVerdict;
import io.hongyan.protocol.ErrorCode;
import io.hongyan.protocol.Topics;
import io.hongyan.protocol.v1.Code;
import io.hongyan.protocol.v1.Content;
import io.hongyan.protocol.v1.HistoryRequest;
import io.hongyan.protocol.v1.Peer;
import io.hongyan.protocol.v1.Reply;
import io.hongyan.protocol.v1.SendRequest;
import io.hongyan.protocol.v1.Text;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client that takes small packets only is told that it has asked for too much; it is not left without an answer. */
@Timeout(30)
final class SmallPacketsTest {
    private static final int PACKET_BYTES = 400;
    private static final Peer BOB =
            Peer.newBuilder().setKind(Peer.Kind.DIRECT).setId("bob").build();

    private final AdapterUnderTest adapter = new AdapterUnderTest(TopicAccess.OWN);

    @Test
    void anAnswerAboveTheClientsPacketSizeIsTooLargeAndASmallerOneIsGiven() throws Exception {
        adapter.online("bob:iot:b");
        ConnectionId ann = adapter.nextConnection();
        AdapterUnderTest.now(adapter.hook.connecting(new ConnectRequest(
                ann,
                "ann:iot:a",
                5,
                new Credentials("ann", "ann".getBytes(StandardCharsets.UTF_8)),
                SessionTerms.CLEAN,
                new ClientLimits(64, PACKET_BYTES, 60),
                null,
                "127.0.0.1",
                List.of())));
        adapter.hook.connected(ann);
        assertOnlySmallAnswers(ann);
    }

    @Test
    void theSizeIsKnownOfAClientThatAnotherNodeHasLetIn() throws Exception {
        adapter.online("bob:iot:b");
        ConnectionId ann = adapter.nextConnection();
        String resume = Long.toString(AdapterUnderTest.NOW - 60_000);
        CompletionStage<ResumeVerdict> stage = adapter.hook.resuming(new ResumeRequest(
                ann,
                "ann:iot:a",
                "127.0.0.1",
                5,
                0,
                64,
                PACKET_BYTES,
                new Granted(List.of(), true, resume),
                AdapterUnderTest.NOW));
        adapter.runEventWriter();
        assertThat(AdapterUnderTest.now(stage)).isEqualTo(new ResumeVerdict.GoOn());
        assertOnlySmallAnswers(ann);
    }

    private void assertOnlySmallAnswers(ConnectionId ann) throws Exception {
        adapter.subscribe(ann, Topics.reply("ann"));
        for (int i = 0; i < 9; i++) {
            send(ann, "m" + i);
        }

        Acknowledge all = history(ann, 0);
        assertThat(all.reasonCode()).isEqualTo(ErrorCode.TOO_LARGE.mqttReason());
        Reply refused = Reply.parseFrom(all.reply().payload());
        assertThat(refused.getCode()).isEqualTo(Code.TOO_LARGE);
        assertThat(refused.getRequestId()).isEqualTo("r");
        assertThat(packetBytes(all)).isLessThanOrEqualTo(PACKET_BYTES);

        Acknowledge two = history(ann, 2);
        assertThat(two.reasonCode()).isZero();
        assertThat(Reply.parseFrom(two.reply().payload()).getHistory().getMessagesList())
                .hasSize(2);
        assertThat(packetBytes(two)).isLessThanOrEqualTo(PACKET_BYTES);
    }

    private void send(ConnectionId from, String id) {
        adapter.publish(
                from,
                Topics.SEND,
                SendRequest.newBuilder()
                        .setClientMessageId(id)
                        .setTo(BOB)
                        .setContent(
                                Content.newBuilder().setText(Text.newBuilder().setText("x".repeat(60))))
                        .build()
                        .toByteArray(),
                1);
    }

    private Acknowledge history(ConnectionId who, int limit) {
        HistoryRequest request = HistoryRequest.newBuilder()
                .setRequestId("r")
                .setPeer(BOB)
                .setLimit(limit)
                .build();
        return (Acknowledge) adapter.publish(who, Topics.CALL_HISTORY, request.toByteArray(), 1);
    }

    /** Of the PUBLISH on the reply topic, MQTT 5 section 3.3. */
    private static int packetBytes(Acknowledge answer) {
        int rest = 2 + answer.reply().topic().length() + 1 + answer.reply().payload().length;
        return 1 + (rest < 128 ? 1 : 2) + rest;
    }
}
