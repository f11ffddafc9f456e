package io.hongyan.im.adapter.mqtt;

import com.google.protobuf.InvalidProtocolBufferException;
import io.hongyan.broker.hook.PublishVerdict;
import io.hongyan.im.core.Messaging;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.Conversation.Kind;
import io.hongyan.im.core.message.SendOutcome;
import io.hongyan.im.core.send.ChangeMessage;
import io.hongyan.im.core.send.MessageChange;
import io.hongyan.protocol.ContentCheck;
import io.hongyan.protocol.ErrorCode;
import io.hongyan.protocol.v1.ChangeResult;
import io.hongyan.protocol.v1.EditRequest;
import io.hongyan.protocol.v1.Peer;
import io.hongyan.protocol.v1.PinMessageRequest;
import io.hongyan.protocol.v1.ReactRequest;
import io.hongyan.protocol.v1.RecallRequest;
import io.hongyan.protocol.v1.Reply;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The calls that change messages. They wait with the messages to be stored, and are charged to the user like those. */
final class ChangeCalls {
    private static final String DETAIL_OF_MALFORMED = "request_id takes at most " + Answers.ECHOED_CHARACTERS_MAX
            + " characters, client_message_id 1-64 printable ASCII characters, seq a number from 1, emoji 1-"
            + ChangeMessage.EMOJI_BYTES_MAX + " bytes, and the content of an edit must not be empty.";

    private final Messaging messaging;
    private final Answers answers;
    private final MqttCounters counters;

    ChangeCalls(Messaging messaging, Answers answers, MqttCounters counters) {
        this.messaging = messaging;
        this.answers = answers;
        this.counters = counters;
    }

    /** What all of these requests have. */
    private record Asked(String requestId, Peer peer, String clientMessageId) {}

    CompletionStage<PublishVerdict> recall(MqttConnection connection, RecallRequest.Builder request) {
        return change(
                connection,
                new Asked(request.getRequestId(), request.getPeer(), request.getClientMessageId()),
                new MessageChange.Recalled(request.getSeq()));
    }

    CompletionStage<PublishVerdict> edit(MqttConnection connection, EditRequest.Builder request) {
        Asked asked = new Asked(request.getRequestId(), request.getPeer(), request.getClientMessageId());
        byte[] content = request.getContent().toByteArray();
        long quotedSeq;
        try {
            quotedSeq = ContentCheck.check(content);
        } catch (InvalidProtocolBufferException fault) {
            return malformed(connection, asked.requestId, fault.getMessage());
        }
        if (quotedSeq == ContentCheck.BY_SERVER) {
            counters.increment(MqttCounter.REQUESTS_GROUP_CHANGE);
            return refused(connection, asked.requestId, ErrorCode.NOT_ALLOWED);
        }
        return change(connection, asked, new MessageChange.Edited(request.getSeq(), content, quotedSeq));
    }

    CompletionStage<PublishVerdict> react(MqttConnection connection, ReactRequest.Builder request) {
        return change(
                connection,
                new Asked(request.getRequestId(), request.getPeer(), request.getClientMessageId()),
                new MessageChange.Reacted(request.getSeq(), request.getEmoji(), request.getRemoved()));
    }

    CompletionStage<PublishVerdict> pin(MqttConnection connection, PinMessageRequest.Builder request) {
        return change(
                connection,
                new Asked(request.getRequestId(), request.getPeer(), request.getClientMessageId()),
                new MessageChange.Pinned(request.getSeq(), request.getPinned()));
    }

    private CompletionStage<PublishVerdict> change(MqttConnection connection, Asked asked, MessageChange.Asked change) {
        String id = asked.requestId;
        if (id.length() > Answers.ECHOED_CHARACTERS_MAX) {
            return malformed(connection, id, DETAIL_OF_MALFORMED);
        }
        Optional<Conversation> conversation = Peers.conversation(connection.uid(), asked.peer);
        if (conversation.isEmpty()) {
            return refused(connection, id, Peers.refusal(asked.peer));
        }
        if (conversation.get().kind() == Kind.SYSTEM) {
            return refused(connection, id, ErrorCode.NOT_ALLOWED);
        }
        return messaging
                .messages()
                .changeMessage()
                .change(
                        connection.session().callOrigin(),
                        connection.session().device(),
                        conversation.get(),
                        asked.clientMessageId,
                        change)
                .handle((outcome, trouble) -> answer(connection, id, outcome, trouble));
    }

    private PublishVerdict answer(MqttConnection connection, String requestId, SendOutcome outcome, Throwable trouble) {
        if (outcome instanceof SendOutcome.Refused refused) {
            ErrorCode code = Refusals.code(refused.refusal());
            return code == ErrorCode.MALFORMED
                    ? malformedVerdict(connection, requestId, DETAIL_OF_MALFORMED)
                    : answers.callRefused(connection, requestId, code, code.sentence());
        }
        if (outcome == null) {
            counters.failed("a change of a message could not be stored", connection.uid(), trouble);
            return answers.callRefused(connection, requestId, ErrorCode.UNAVAILABLE, ErrorCode.UNAVAILABLE.sentence());
        }
        ChangeResult.Builder result = ChangeResult.newBuilder();
        if (outcome instanceof SendOutcome.Stored stored) {
            result.setSeq(stored.seq()).setSentAt(stored.sentAtMillis());
        }
        Reply reply =
                Reply.newBuilder().setRequestId(requestId).setChange(result).build();
        return answers.answered(connection, reply);
    }

    private CompletionStage<PublishVerdict> malformed(MqttConnection connection, String requestId, String detail) {
        return CompletableFuture.completedFuture(malformedVerdict(connection, requestId, detail));
    }

    private PublishVerdict malformedVerdict(MqttConnection connection, String requestId, String detail) {
        counters.increment(MqttCounter.REQUESTS_MALFORMED);
        return answers.callRefused(connection, requestId, ErrorCode.MALFORMED, detail);
    }

    private CompletionStage<PublishVerdict> refused(MqttConnection connection, String requestId, ErrorCode code) {
        return CompletableFuture.completedFuture(answers.callRefused(connection, requestId, code, code.sentence()));
    }
}
