package io.hongyan.client.data;

import com.google.protobuf.MessageLite;
import io.hongyan.protocol.v1.Code;
import io.hongyan.protocol.v1.ConversationsRequest;
import io.hongyan.protocol.v1.HistoryRequest;
import io.hongyan.protocol.v1.PullRequest;
import io.hongyan.protocol.v1.Reply;
import io.hongyan.protocol.v1.TimeRequest;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What the server is asked, one question of each kind at a time. */
final class Calls {
    static final long ANSWER_MILLIS = 12_000;
    static final int PROTOCOL_VERSION = 1;
    static final int PAGE = 500;

    /** What is asked for. */
    enum Kind {
        TIME,
        LIST,
        ONLY,
        PULL,
        HISTORY
    }

    private final Map<Kind, Long> answerBy = new EnumMap<>(Kind.class);
    private final Map<Kind, String> requestIds = new EnumMap<>(Kind.class);
    private final Map<Kind, Retry> retries = new EnumMap<>(Kind.class);
    private long elapsedMillis;
    private long last;

    Calls() {
        for (Kind kind : Kind.values()) {
            retries.put(kind, new Retry());
        }
    }

    /** @return whether an answer is missing for too long */
    boolean at(long nowMillis) {
        elapsedMillis = nowMillis;
        for (long until : answerBy.values()) {
            if (until <= nowMillis) {
                return true;
            }
        }
        return false;
    }

    /** Whether nothing of the kind was asked, and the last question was not refused just now. */
    boolean mayAsk(Kind kind) {
        return !requestIds.containsKey(kind) && retries.get(kind).isDue(elapsedMillis);
    }

    void askTime(Step step) {
        String id = next(Kind.TIME);
        ask("time", TimeRequest.newBuilder().setRequestId(id).setProtocolVersion(PROTOCOL_VERSION), step);
    }

    void askForList(String page, Step step) {
        String id = next(Kind.LIST);
        ask(
                "conversations",
                ConversationsRequest.newBuilder().setRequestId(id).setPage(page).setLimit(PAGE),
                step);
    }

    void askFor(List<ConversationId> only, Step step) {
        ConversationsRequest.Builder request = ConversationsRequest.newBuilder().setRequestId(next(Kind.ONLY));
        for (ConversationId conversation : only) {
            request.addOnly(conversation.toPeer());
        }
        ask("conversations", request, step);
    }

    void pull(long afterSeq, Step step) {
        String id = next(Kind.PULL);
        ask(
                "pull",
                PullRequest.newBuilder().setRequestId(id).setAfterSeq(afterSeq).setLimit(PAGE),
                step);
    }

    void askFor(HistoryWanted wanted, Step step) {
        HistoryRequest.Builder request = HistoryRequest.newBuilder()
                .setRequestId(next(Kind.HISTORY))
                .setPeer(wanted.conversation.toPeer())
                .setBeforeSeq(wanted.belowSeq)
                .setLimit(wanted.limit);
        ask("history", request, step);
    }

    /** No other question has its id, so that the answer to an earlier one is not taken for its answer. */
    private String next(Kind kind) {
        String requestId = kind + "-" + ++last;
        requestIds.put(kind, requestId);
        answerBy.put(kind, elapsedMillis + ANSWER_MILLIS);
        return requestId;
    }

    private void ask(String method, MessageLite.Builder request, Step step) {
        MessageLite built = request.build();
        step.then((connection, listener) -> connection.call(method, built));
    }

    /** @return what it answers, null if nothing that waits */
    Kind answered(Reply reply) {
        for (Map.Entry<Kind, String> open : requestIds.entrySet()) {
            if (open.getValue().equals(reply.getRequestId())) {
                Kind kind = open.getKey();
                forget(kind);
                Retry retry = retries.get(kind);
                if (reply.getCode() == Code.OK) {
                    retry.succeeded();
                } else {
                    retry.failed(elapsedMillis);
                }
                return kind;
            }
        }
        return null;
    }

    /** The answer is not wanted any more. */
    void forget(Kind kind) {
        requestIds.remove(kind);
        answerBy.remove(kind);
    }

    /** Nothing will be answered any more. */
    void disconnected() {
        requestIds.clear();
        answerBy.clear();
    }
}
