package io.hongyan.im.adapter.mqtt;

import io.hongyan.broker.hook.PublishRequest;
import io.hongyan.broker.hook.PublishVerdict;
import io.hongyan.im.adapter.mqtt.SendRequestReader.Send;
import io.hongyan.im.core.Messaging;
import io.hongyan.im.core.inbox.Notice;
import io.hongyan.im.core.message.Answer;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.Conversation.Kind;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.SendOutcome;
import io.hongyan.protocol.ErrorCode;
import io.hongyan.protocol.Topics;
import io.hongyan.protocol.v1.LogoutRequest;
import io.hongyan.protocol.v1.ReadMark;
import io.hongyan.protocol.v1.Signal;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What clients publish to messaging topics: reads it, calls the use case, answers. */
final class RequestHandler {
    private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);
    private static final String DETAIL_OF_MALFORMED_SEND =
            "client_message_id takes 1-64 printable ASCII characters, and content must not be empty.";

    private final Messaging messaging;
    private final Calls calls;
    private final Answers answers;
    private final ClientVersions versions;
    private final MqttCounters counters;

    RequestHandler(Messaging messaging, Calls calls, Answers answers, ClientVersions versions, MqttCounters counters) {
        this.messaging = messaging;
        this.calls = calls;
        this.answers = answers;
        this.versions = versions;
        this.counters = counters;
    }

    /** @param connection one with a session */
    CompletionStage<PublishVerdict> answer(MqttConnection connection, PublishRequest request) {
        PayloadEncoding encoding = PayloadEncoding.ofTopic(request.topic());
        PayloadEncoding held = connection.held().encoding();
        if (held != null && held != encoding) {
            counters.increment(MqttCounter.REQUESTS_FORM_MIXED);
            return refused(connection, ErrorCode.FORM_MIXED);
        }
        String topic = encoding.strip(request.topic());
        try {
            return answer(connection, encoding, topic, request);
        } catch (MalformedPayload malformed) {
            counters.increment(MqttCounter.REQUESTS_MALFORMED);
            return completed(malformed(connection, topic, malformed));
        } catch (RuntimeException | StackOverflowError fault) {
            counters.increment(MqttCounter.REQUESTS_FAILED);
            LOG.debug("A publish to {} could not be handled", topic, fault);
            return refused(connection, ErrorCode.INTERNAL_ERROR);
        }
    }

    /** A send that has named itself is answered like one. */
    private PublishVerdict malformed(MqttConnection connection, String topic, MalformedPayload malformed) {
        String id = malformed.requestId();
        return topic.equals(Topics.SEND) && !id.isEmpty()
                ? answers.sendRefused(connection, id, ErrorCode.MALFORMED, malformed.getMessage())
                : answers.callRefused(connection, id, ErrorCode.MALFORMED, malformed.getMessage());
    }

    private CompletionStage<PublishVerdict> answer(
            MqttConnection connection, PayloadEncoding encoding, String topic, PublishRequest request)
            throws MalformedPayload {
        byte[] payload = request.payload();
        if (topic.equals(Topics.SEND)) {
            Send send = PayloadReader.readSend(encoding, payload);
            return versions.mayAsk(connection)
                    ? send(connection, send, request.qos())
                    : completed(sendRefused(
                            connection, send.clientMessageId(), request.qos(), ErrorCode.VERSION_UNSUPPORTED));
        }
        if (topic.startsWith(Topics.CALL_PREFIX)) {
            return calls.answer(connection, encoding, topic, payload);
        }
        if (!topic.equals(Topics.LOGOUT) && !versions.mayAsk(connection)) {
            return completed(
                    answers.callRefused(connection, "", ErrorCode.VERSION_UNSUPPORTED, versions.tooOld(connection)));
        }
        if (topic.startsWith(Topics.REPORT_PREFIX)) {
            return report(connection, topic.substring(Topics.REPORT_PREFIX.length()), payload);
        }
        return switch (topic) {
            case Topics.READ -> markRead(connection, PayloadReader.read(encoding, payload, ReadMark.newBuilder()));
            case Topics.SIGNAL -> signal(connection, PayloadReader.read(encoding, payload, Signal.newBuilder()));
            case Topics.LOGOUT -> {
                PayloadReader.read(encoding, payload, LogoutRequest.newBuilder());
                yield logOut(connection);
            }
            default -> {
                counters.increment(MqttCounter.REQUESTS_UNKNOWN_TOPIC);
                yield refused(connection, ErrorCode.UNKNOWN_TOPIC);
            }
        };
    }

    private CompletionStage<PublishVerdict> send(MqttConnection connection, Send send, int qos) {
        Optional<Conversation> conversation = Peers.conversation(connection.uid(), send.to());
        if (conversation.isEmpty()) {
            ErrorCode code = Peers.refusal(send.to());
            return completed(sendRefused(connection, send.clientMessageId(), qos, code));
        }
        if (send.byServer()) {
            counters.increment(MqttCounter.REQUESTS_GROUP_CHANGE);
        }
        if (send.byServer() || conversation.get().kind() == Kind.SYSTEM) {
            return completed(sendRefused(connection, send.clientMessageId(), qos, ErrorCode.NOT_ALLOWED));
        }
        return messaging
                .messages()
                .sendMessage()
                .send(
                        connection.session().origin(),
                        connection.session().device(),
                        conversation.get(),
                        send.clientMessageId(),
                        send.content(),
                        send.quotedSeq())
                .handle((outcome, trouble) -> settled(connection, send.clientMessageId(), qos, outcome, trouble));
    }

    private PublishVerdict settled(
            MqttConnection connection, String clientMessageId, int qos, SendOutcome outcome, Throwable trouble) {
        if (trouble != null) {
            return answers.unanswered();
        }
        if (outcome instanceof SendOutcome.Refused refused) {
            return sendRefused(connection, clientMessageId, qos, Refusals.code(refused.refusal()));
        }
        return qos == 0 ? answers.done() : answers.stored(connection, clientMessageId, (SendOutcome.Stored) outcome);
    }

    /** QoS 0 is stored or refused without a word. */
    private PublishVerdict sendRefused(MqttConnection connection, String clientMessageId, int qos, ErrorCode code) {
        if (code == ErrorCode.MALFORMED) {
            counters.increment(MqttCounter.REQUESTS_MALFORMED);
        }
        if (qos == 0) {
            counters.increment(MqttCounter.REQUESTS_REFUSED);
            return answers.done();
        }
        String reason = switch (code) {
            case MALFORMED -> DETAIL_OF_MALFORMED_SEND;
            case VERSION_UNSUPPORTED -> versions.tooOld(connection);
            default -> code.sentence();
        };
        return answers.sendRefused(connection, clientMessageId, code, reason);
    }

    private CompletionStage<PublishVerdict> markRead(MqttConnection connection, ReadMark.Builder mark) {
        Optional<Conversation> conversation = Peers.conversation(connection.uid(), mark.getPeer());
        if (conversation.isEmpty()) {
            return refused(connection, Peers.refusal(mark.getPeer()));
        }
        return messaging
                .receipts()
                .markRead()
                .mark(connection.uid(), conversation.get(), mark.getSeq())
                .handle((answer, trouble) -> {
                    if (trouble != null) {
                        counters.failed("a read mark could not be noted", connection.uid(), trouble);
                        return answers.unanswered();
                    }
                    return answer instanceof Answer.Refused<Long> refused
                            ? refusal(connection, refused.refusal())
                            : answers.done();
                });
    }

    /** The payload is not looked into, in either encoding. */
    private CompletionStage<PublishVerdict> report(MqttConnection connection, String destination, byte[] payload) {
        return messaging
                .feed()
                .reportToBusiness()
                .report(connection.session().device(), destination, payload)
                .handle((refusal, trouble) -> {
                    if (trouble != null) {
                        counters.failed("a report could not be stored", connection.uid(), trouble);
                        return answers.unanswered();
                    }
                    return refusal.isPresent() ? refusal(connection, refusal.get()) : answers.done();
                });
    }

    private CompletionStage<PublishVerdict> signal(MqttConnection connection, Signal.Builder signal) {
        Optional<Conversation> conversation = Peers.conversation(connection.uid(), signal.getTo());
        if (conversation.isEmpty()) {
            return refused(connection, Peers.refusal(signal.getTo()));
        }
        Kind kind = conversation.get().kind();
        if (kind != Kind.DIRECT && kind != Kind.GROUP) {
            return refused(connection, ErrorCode.NOT_ALLOWED);
        }
        Optional<Notice.Signal> body = Signals.read(signal, connection.uid(), conversation.get());
        if (body.isEmpty()) {
            counters.increment(MqttCounter.REQUESTS_MALFORMED);
            return completed(answers.callRefused(connection, "", ErrorCode.MALFORMED, Signals.DETAIL_OF_MALFORMED));
        }
        return messaging.sessions().sendSignal().send(body.get()).thenApply(done -> answers.done());
    }

    private CompletionStage<PublishVerdict> logOut(MqttConnection connection) {
        return messaging.sessions().logins().logOut(connection.session()).handle((done, trouble) -> {
            if (trouble != null) {
                counters.failed("a logout could not be noted", connection.uid(), trouble);
                return answers.unanswered();
            }
            return answers.doneThenClose();
        });
    }

    private CompletionStage<PublishVerdict> refused(MqttConnection connection, ErrorCode code) {
        return completed(answers.callRefused(connection, "", code, code.sentence()));
    }

    private PublishVerdict refusal(MqttConnection connection, Refusal refusal) {
        ErrorCode code = Refusals.code(refusal);
        return answers.callRefused(connection, "", code, code.sentence());
    }

    private static CompletionStage<PublishVerdict> completed(PublishVerdict verdict) {
        return CompletableFuture.completedFuture(verdict);
    }
}
