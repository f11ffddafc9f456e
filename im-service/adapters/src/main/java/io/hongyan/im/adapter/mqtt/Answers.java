package io.hongyan.im.adapter.mqtt;

import com.google.protobuf.Message;
import io.hongyan.broker.hook.DisconnectCause;
import io.hongyan.broker.hook.PublishVerdict;
import io.hongyan.broker.hook.PublishVerdict.Acknowledge;
import io.hongyan.broker.hook.PublishVerdict.CloseUnanswered;
import io.hongyan.broker.hook.UserProperty;
import io.hongyan.im.core.message.SendOutcome;
import io.hongyan.protocol.ErrorCode;
import io.hongyan.protocol.v1.Reply;
import io.hongyan.protocol.v1.SendAck;
import java.util.List;

/** Makes the answers to publishes: PUBACK with what MQTT 5 can say, and the message on the reply topic. */
final class Answers {
    /** Longer names of requests are not given back. */
    static final int ECHOED_CHARACTERS_MAX = 64;

    private static final PublishVerdict CLOSED = new CloseUnanswered(DisconnectCause.SERVER_BUSY);
    private static final PublishVerdict CLOSED_AFTER = new Acknowledge(0, null, List.of(), null, true);

    private static final String TOO_LARGE =
            "The answer has more bytes than this client's Maximum Packet Size; ask for fewer items.";

    private final MqttCounters counters;

    Answers(MqttCounters counters) {
        this.counters = counters;
    }

    PublishVerdict done() {
        return Acknowledge.plain();
    }

    PublishVerdict doneThenClose() {
        return CLOSED_AFTER;
    }

    /** Trouble: no PUBACK, which would be a promise. */
    PublishVerdict unanswered() {
        counters.increment(MqttCounter.REQUESTS_UNANSWERED);
        return CLOSED;
    }

    /** A message is stored. */
    PublishVerdict stored(MqttConnection connection, String clientMessageId, SendOutcome.Stored stored) {
        boolean reply = connection.held().coversReply();
        if (!reply && !connection.mqtt5()) {
            return Acknowledge.plain();
        }
        List<UserProperty> properties = connection.mqtt5()
                ? List.of(
                        new UserProperty("seq", Long.toString(stored.seq())),
                        new UserProperty("sent_at", Long.toString(stored.sentAtMillis())))
                : List.of();
        SendAck ack = !reply
                ? null
                : SendAck.newBuilder()
                        .setClientMessageId(clientMessageId)
                        .setSeq(stored.seq())
                        .setSentAt(stored.sentAtMillis())
                        .setInboxSeq(stored.inboxSeq())
                        .setOrdinal(stored.ordinal())
                        .build();
        return new Acknowledge(0, null, properties, onReplyTopic(connection, ack), false);
    }

    PublishVerdict sendRefused(MqttConnection connection, String clientMessageId, ErrorCode code, String reason) {
        SendAck ack = SendAck.newBuilder()
                .setClientMessageId(echo(clientMessageId))
                .setCode(code.code())
                .setReason(reason)
                .build();
        return refused(connection, code, reason, ack);
    }

    PublishVerdict callRefused(MqttConnection connection, String requestId, ErrorCode code, String reason) {
        Reply reply = Reply.newBuilder()
                .setRequestId(echo(requestId))
                .setCode(code.code())
                .setReason(reason)
                .build();
        return refused(connection, code, reason, reply);
    }

    /** A call is answered; where the client does not take so much at once, with a refusal: it can ask for less. */
    PublishVerdict answered(MqttConnection connection, Reply reply) {
        PublishVerdict.Reply written = onReplyTopic(connection, reply);
        if (written != null && !connection.takes(written.topic().length(), written.payload().length)) {
            return callRefused(connection, reply.getRequestId(), ErrorCode.TOO_LARGE, TOO_LARGE);
        }
        return new Acknowledge(0, null, List.of(), written, false);
    }

    private PublishVerdict refused(MqttConnection connection, ErrorCode code, String reason, Message reply) {
        counters.increment(MqttCounter.REQUESTS_REFUSED);
        return new Acknowledge(code.mqttReason(), reason, List.of(), onReplyTopic(connection, reply), false);
    }

    /** Null where the connection would not be sent it. */
    private static PublishVerdict.Reply onReplyTopic(MqttConnection connection, Message message) {
        HeldFilters held = connection.held();
        if (message == null || !held.coversReply()) {
            return null;
        }
        byte[] payload = held.encoding() == PayloadEncoding.JSON ? Json.write(message) : message.toByteArray();
        return new PublishVerdict.Reply(held.encoding().reply(connection.uid()), payload);
    }

    private static String echo(String name) {
        return name.length() <= ECHOED_CHARACTERS_MAX ? name : "";
    }
}
