package io.hongyan.im.adapter.mqtt;

import io.hongyan.broker.hook.PublishVerdict;
import io.hongyan.im.core.Messaging;
import io.hongyan.im.core.group.GroupMember;
import io.hongyan.im.core.group.ReadGroups;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.InboxPage;
import io.hongyan.im.core.message.Answer;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.Conversation.Kind;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.sync.ConversationList;
import io.hongyan.im.core.sync.ListConversations;
import io.hongyan.im.core.sync.ReadHistory;
import io.hongyan.protocol.ErrorCode;
import io.hongyan.protocol.ProtocolVersion;
import io.hongyan.protocol.Topics;
import io.hongyan.protocol.v1.ConversationsRequest;
import io.hongyan.protocol.v1.ConversationsResult;
import io.hongyan.protocol.v1.EditRequest;
import io.hongyan.protocol.v1.GroupRole;
import io.hongyan.protocol.v1.HistoryRequest;
import io.hongyan.protocol.v1.HistoryResult;
import io.hongyan.protocol.v1.InboxEntry;
import io.hongyan.protocol.v1.MembersRequest;
import io.hongyan.protocol.v1.MembersResult;
import io.hongyan.protocol.v1.Message;
import io.hongyan.protocol.v1.Peer;
import io.hongyan.protocol.v1.PinMessageRequest;
import io.hongyan.protocol.v1.PullRequest;
import io.hongyan.protocol.v1.PullResult;
import io.hongyan.protocol.v1.ReactRequest;
import io.hongyan.protocol.v1.RecallRequest;
import io.hongyan.protocol.v1.ReceiptsRequest;
import io.hongyan.protocol.v1.ReceiptsResult;
import io.hongyan.protocol.v1.Reply;
import io.hongyan.protocol.v1.TimeRequest;
import io.hongyan.protocol.v1.TimeResult;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;

/** The methods of {@code im/call}: questions whose answer comes on the reply topic. */
final class Calls {
    private static final String DETAIL_OF_LIMITS = "request_id takes at most " + Answers.ECHOED_CHARACTERS_MAX
            + " characters, limit 0 to %d, numbers are not negative, at most one of before_seq and after_seq is given,"
            + " and only takes at most " + ListConversations.ONLY_MAX + " peers and no after_version.";

    private final Messaging messaging;
    private final InstantSource clock;
    private final int limitMax;
    private final Answers answers;
    private final ClientVersions versions;
    private final MqttCounters counters;
    private final ChangeCalls changes;

    /** @param limitMax largest {@code limit} of a request */
    Calls(
            Messaging messaging,
            InstantSource clock,
            int limitMax,
            Answers answers,
            ClientVersions versions,
            MqttCounters counters) {
        this.messaging = messaging;
        this.clock = clock;
        this.limitMax = limitMax;
        this.answers = answers;
        this.versions = versions;
        this.counters = counters;
        this.changes = new ChangeCalls(messaging, answers, counters);
    }

    CompletionStage<PublishVerdict> answer(
            MqttConnection connection, PayloadEncoding encoding, String topic, byte[] payload) throws MalformedPayload {
        counters.increment(MqttCounter.CALLS);
        return switch (topic) {
            case Topics.CALL_PULL -> ask(connection, encoding, payload, PullRequest.newBuilder(), this::pull);
            case Topics.CALL_HISTORY -> ask(connection, encoding, payload, HistoryRequest.newBuilder(), this::history);
            case Topics.CALL_CONVERSATIONS ->
                ask(connection, encoding, payload, ConversationsRequest.newBuilder(), this::conversations);
            case Topics.CALL_MEMBERS -> ask(connection, encoding, payload, MembersRequest.newBuilder(), this::members);
            case Topics.CALL_RECEIPTS ->
                ask(connection, encoding, payload, ReceiptsRequest.newBuilder(), this::receipts);
            case Topics.CALL_RECALL -> ask(connection, encoding, payload, RecallRequest.newBuilder(), changes::recall);
            case Topics.CALL_EDIT -> ask(connection, encoding, payload, EditRequest.newBuilder(), changes::edit);
            case Topics.CALL_REACT -> ask(connection, encoding, payload, ReactRequest.newBuilder(), changes::react);
            case Topics.CALL_PIN_MESSAGE ->
                ask(connection, encoding, payload, PinMessageRequest.newBuilder(), changes::pin);
            case Topics.CALL_TIME -> ask(connection, encoding, payload, TimeRequest.newBuilder(), this::time);
            default -> {
                counters.increment(MqttCounter.REQUESTS_UNKNOWN_METHOD);
                yield refused(connection, "", ErrorCode.UNKNOWN_METHOD);
            }
        };
    }

    private <B extends com.google.protobuf.Message.Builder> CompletionStage<PublishVerdict> ask(
            MqttConnection connection,
            PayloadEncoding encoding,
            byte[] payload,
            B builder,
            BiFunction<MqttConnection, B, CompletionStage<PublishVerdict>> method)
            throws MalformedPayload {
        B request = PayloadReader.read(encoding, payload, builder);
        ErrorCode refusal = versions.called(connection, PayloadReader.protocolVersion(request));
        if (refusal == ErrorCode.VERSION_UNSUPPORTED) {
            return CompletableFuture.completedFuture(answers.callRefused(
                    connection, PayloadReader.requestId(request), refusal, versions.tooOld(connection)));
        }
        return refusal == null
                ? method.apply(connection, request)
                : malformed(connection, PayloadReader.requestId(request));
    }

    private CompletionStage<PublishVerdict> pull(MqttConnection connection, PullRequest.Builder request) {
        String id = request.getRequestId();
        if (!isInRange(id, request.getLimit()) || request.getAfterSeq() < 0) {
            return malformed(connection, id);
        }
        return reply(
                connection,
                id,
                messaging
                        .sync()
                        .pullInbox()
                        .pull(connection.session().device(), request.getAfterSeq(), request.getLimit()),
                (reply, page) -> reply.setPull(pullResult(page, connection)));
    }

    private static PullResult.Builder pullResult(InboxPage page, MqttConnection connection) {
        PullResult.Builder result =
                PullResult.newBuilder().setHeadSeq(page.headSeq()).setDataEpoch(connection.dataEpoch());
        for (Entry entry : page.entries()) {
            InboxEntry.Builder encoded = result.addEntriesBuilder().setSeq(entry.seq());
            if (entry instanceof Entry.OfMessage message) {
                encoded.setMessage(encode(message.message(), connection));
            } else if (entry instanceof Entry.OfEvent event) {
                encoded.setEvent(EntryEncoder.event(event.event(), connection.uid()));
            }
        }
        return result;
    }

    private CompletionStage<PublishVerdict> history(MqttConnection connection, HistoryRequest.Builder request) {
        String id = request.getRequestId();
        long before = request.getBeforeSeq();
        long after = request.getAfterSeq();
        if (!isInRange(id, request.getLimit()) || before < 0 || after < 0 || before > 0 && after > 0) {
            return malformed(connection, id);
        }
        Optional<Conversation> conversation = Peers.conversation(connection.uid(), request.getPeer());
        if (conversation.isEmpty()) {
            return refused(connection, id, Peers.refusal(request.getPeer()));
        }
        return reply(
                connection,
                id,
                messaging
                        .sync()
                        .readHistory()
                        .read(connection.uid(), conversation.get(), before, after, request.getLimit()),
                (reply, page) -> reply.setHistory(historyResult(page, connection)));
    }

    private static HistoryResult.Builder historyResult(ReadHistory.Page page, MqttConnection connection) {
        HistoryResult.Builder result = HistoryResult.newBuilder().setHeadSeq(page.headSeq());
        page.messages().forEach(message -> result.addMessages(encode(message, connection)));
        return result;
    }

    private CompletionStage<PublishVerdict> conversations(
            MqttConnection connection, ConversationsRequest.Builder request) {
        String id = request.getRequestId();
        if (!isInRange(id, request.getLimit()) || request.getAfterVersion() < 0) {
            return malformed(connection, id);
        }
        String uid = connection.uid();
        if (request.getOnlyCount() > 0) {
            return only(connection, request);
        }
        return reply(
                connection,
                id,
                messaging
                        .sync()
                        .listConversations()
                        .list(uid, request.getAfterVersion(), request.getPage(), request.getLimit()),
                (reply, page) -> reply.setConversations(conversationsResult(page, connection)));
    }

    private CompletionStage<PublishVerdict> only(MqttConnection connection, ConversationsRequest.Builder request) {
        String id = request.getRequestId();
        if (request.getAfterVersion() > 0 || request.getOnlyCount() > ListConversations.ONLY_MAX) {
            return malformed(connection, id);
        }
        String uid = connection.uid();
        List<Conversation> asked = new ArrayList<>(request.getOnlyCount());
        for (Peer peer : request.getOnlyList()) {
            Optional<Conversation> conversation = Peers.conversation(uid, peer);
            if (conversation.isEmpty()) {
                return refused(connection, id, Peers.refusal(peer));
            }
            asked.add(conversation.get());
        }
        return reply(
                connection,
                id,
                messaging.sync().listConversations().only(uid, asked, request.getPage(), request.getLimit()),
                (reply, page) -> reply.setConversations(conversationsResult(page, connection)));
    }

    private static ConversationsResult.Builder conversationsResult(
            ConversationList.Page page, MqttConnection connection) {
        ConversationsResult.Builder result =
                ConversationsResult.newBuilder().setVersion(page.inboxHead()).setDataEpoch(connection.dataEpoch());
        if (page.next() != null) {
            result.setNext(page.next());
        }
        page.items().forEach(item -> result.addConversations(conversation(item, connection)));
        return result;
    }

    private static io.hongyan.protocol.v1.Conversation conversation(
            ConversationList.Item item, MqttConnection connection) {
        var encoded = io.hongyan.protocol.v1.Conversation.newBuilder()
                .setPeer(EntryEncoder.peer(item.conversation(), connection.uid()))
                .setHeadSeq(item.headSeq())
                .setUnread(item.unread())
                .setLastMessage(encode(item.last(), connection))
                .setReadSeq(item.readSeq())
                .setHeadOrdinal(item.headOrdinal())
                .setReadOrdinal(item.readOrdinal());
        if (item.peer() != null) {
            encoded.setPeerDeliveredSeq(item.peer().deliveredSeq())
                    .setPeerReadSeq(item.peer().readSeq());
        }
        return encoded.build();
    }

    private CompletionStage<PublishVerdict> members(MqttConnection connection, MembersRequest.Builder request) {
        String id = request.getRequestId();
        if (!isInRange(id, request.getLimit())) {
            return malformed(connection, id);
        }
        Optional<Conversation> group = Peers.conversation(connection.uid(), request.getPeer())
                .filter(conversation -> conversation.kind() == Kind.GROUP);
        if (group.isEmpty()) {
            return refused(connection, id, Peers.refusal(request.getPeer()));
        }
        return reply(
                connection,
                id,
                messaging
                        .groups()
                        .readGroups()
                        .members(connection.uid(), group.get().id(), request.getPage(), request.getLimit()),
                (reply, page) -> reply.setMembers(membersResult(page)));
    }

    private static MembersResult.Builder membersResult(ReadGroups.Page<GroupMember> page) {
        MembersResult.Builder result = MembersResult.newBuilder();
        for (GroupMember member : page.items()) {
            result.addMembersBuilder()
                    .setUid(member.uid())
                    .setRole(GroupRole.forNumber(member.role().number()))
                    .setJoinedSeq(member.joinedSeq())
                    .setMutedUntil(member.mutedUntilMillis());
        }
        if (page.more()) {
            result.setNext(page.items().get(page.items().size() - 1).uid());
        }
        return result;
    }

    private CompletionStage<PublishVerdict> receipts(MqttConnection connection, ReceiptsRequest.Builder request) {
        String id = request.getRequestId();
        if (!isInRange(id, 0) || request.getSeq() < 0) {
            return malformed(connection, id);
        }
        Optional<Conversation> conversation = Peers.conversation(connection.uid(), request.getPeer());
        if (conversation.isEmpty()) {
            return refused(connection, id, Peers.refusal(request.getPeer()));
        }
        return reply(
                connection,
                id,
                messaging.receipts().readReceipts().read(connection.uid(), conversation.get(), request.getSeq()),
                (reply, receipts) -> reply.setReceipts(ReceiptsResult.newBuilder()
                        .setRecipients(receipts.recipients())
                        .setDelivered(receipts.delivered())
                        .setRead(receipts.read())
                        .addAllReadBy(receipts.readers())));
    }

    private CompletionStage<PublishVerdict> time(MqttConnection connection, TimeRequest.Builder request) {
        String id = request.getRequestId();
        if (!isInRange(id, 0)) {
            return malformed(connection, id);
        }
        Reply reply = Reply.newBuilder()
                .setRequestId(id)
                .setTime(TimeResult.newBuilder()
                        .setNow(clock.millis())
                        .setProtocolVersion(ProtocolVersion.NEWEST)
                        .setDataEpoch(connection.dataEpoch()))
                .build();
        return CompletableFuture.completedFuture(answers.answered(connection, reply));
    }

    private static Message encode(StoredMessage message, MqttConnection connection) {
        return EntryEncoder.message(message, message.conversation().addressed(message.sender(), connection.uid()));
    }

    private <T> CompletionStage<PublishVerdict> reply(
            MqttConnection connection,
            String requestId,
            CompletionStage<Answer<T>> asked,
            BiConsumer<Reply.Builder, T> write) {
        return asked.handle((answer, trouble) -> {
            if (answer instanceof Answer.Given<T> given) {
                Reply.Builder reply = Reply.newBuilder().setRequestId(requestId);
                write.accept(reply, given.value());
                return answers.answered(connection, reply.build());
            }
            if (answer instanceof Answer.Refused<T> refused) {
                ErrorCode code = Refusals.code(refused.refusal());
                return answers.callRefused(connection, requestId, code, code.sentence());
            }
            counters.failed("a call could not be answered", connection.uid(), trouble);
            return answers.callRefused(connection, requestId, ErrorCode.UNAVAILABLE, ErrorCode.UNAVAILABLE.sentence());
        });
    }

    private boolean isInRange(String requestId, int limit) {
        return requestId.length() <= Answers.ECHOED_CHARACTERS_MAX && limit >= 0 && limit <= limitMax;
    }

    private CompletionStage<PublishVerdict> malformed(MqttConnection connection, String requestId) {
        counters.increment(MqttCounter.REQUESTS_MALFORMED);
        return CompletableFuture.completedFuture(answers.callRefused(
                connection, requestId, ErrorCode.MALFORMED, String.format(Locale.ROOT, DETAIL_OF_LIMITS, limitMax)));
    }

    private CompletionStage<PublishVerdict> refused(MqttConnection connection, String requestId, ErrorCode code) {
        return CompletableFuture.completedFuture(answers.callRefused(connection, requestId, code, code.sentence()));
    }
}
