package io.hongyan.im.app;

import com.google.protobuf.Message;
import io.hongyan.protocol.v1.ConversationsRequest;
import io.hongyan.protocol.v1.ConversationsResult;
import io.hongyan.protocol.v1.HistoryRequest;
import io.hongyan.protocol.v1.HistoryResult;
import io.hongyan.protocol.v1.InboxEntry;
import io.hongyan.protocol.v1.Member;
import io.hongyan.protocol.v1.MembersRequest;
import io.hongyan.protocol.v1.MembersResult;
import io.hongyan.protocol.v1.Peer;
import io.hongyan.protocol.v1.PullRequest;
import io.hongyan.protocol.v1.PullResult;
import io.hongyan.protocol.v1.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** The pages of calls over MQTT: each gives, for a limit, the page after another one. */
final class CallPages {
    private CallPages() {}

    /**
     * @param items by their names
     * @param next the next page, null if this was the last
     */
    record Page(int bytes, List<String> items, String next) {}

    /** The client that asks. */
    interface Answering {
        Answer to(Message request);
    }

    record Answer(int bytes, Reply reply) {}

    static IntFunction<Page> conversations(Answering answering, String after) {
        return limit -> {
            Answer answer = answering.to(ConversationsRequest.newBuilder()
                    .setRequestId("r")
                    .setPage(after == null ? "" : after)
                    .setLimit(limit)
                    .build());
            ConversationsResult result = answer.reply().getConversations();
            return new Page(
                    answer.bytes(),
                    result.getConversationsList().stream()
                            .map(one -> one.getPeer().getId())
                            .toList(),
                    result.getNext().isEmpty() ? null : result.getNext());
        };
    }

    static IntFunction<Page> history(Answering answering, String group, String after) {
        return limit -> {
            Answer answer = answering.to(HistoryRequest.newBuilder()
                    .setRequestId("r")
                    .setPeer(Peer.newBuilder().setKind(Peer.Kind.GROUP).setId(group))
                    .setBeforeSeq(after == null ? 0 : Long.parseLong(after))
                    .setLimit(limit)
                    .build());
            HistoryResult result = answer.reply().getHistory();
            List<String> seqs = new ArrayList<>();
            result.getMessagesList().forEach(message -> seqs.add(0, Long.toString(message.getSeq())));
            return new Page(answer.bytes(), seqs, seqs.isEmpty() ? null : seqs.get(seqs.size() - 1));
        };
    }

    static IntFunction<Page> pull(Answering answering, String after) {
        return limit -> {
            Answer answer = answering.to(PullRequest.newBuilder()
                    .setRequestId("r")
                    .setAfterSeq(after == null ? 0 : Long.parseLong(after))
                    .setLimit(limit)
                    .build());
            PullResult result = answer.reply().getPull();
            List<String> seqs = result.getEntriesList().stream()
                    .map(InboxEntry::getSeq)
                    .map(Object::toString)
                    .toList();
            return new Page(answer.bytes(), seqs, seqs.isEmpty() ? null : seqs.get(seqs.size() - 1));
        };
    }

    static IntFunction<Page> members(Answering answering, String group, String after) {
        return limit -> {
            Answer answer = answering.to(MembersRequest.newBuilder()
                    .setRequestId("r")
                    .setPeer(Peer.newBuilder().setKind(Peer.Kind.GROUP).setId(group))
                    .setPage(after == null ? "" : after)
                    .setLimit(limit)
                    .build());
            MembersResult result = answer.reply().getMembers();
            return new Page(
                    answer.bytes(),
                    result.getMembersList().stream().map(Member::getUid).toList(),
                    result.getNext().isEmpty() ? null : result.getNext());
        };
    }
}
