package io.hongyan.client.data;

import com.google.protobuf.MessageLite;
import io.hongyan.protocol.v1.Code;
import io.hongyan.protocol.v1.Content;
import io.hongyan.protocol.v1.Conversation;
import io.hongyan.protocol.v1.ConversationsRequest;
import io.hongyan.protocol.v1.ConversationsResult;
import io.hongyan.protocol.v1.DataEpoch;
import io.hongyan.protocol.v1.Event;
import io.hongyan.protocol.v1.HistoryRequest;
import io.hongyan.protocol.v1.InboxEntry;
import io.hongyan.protocol.v1.Message;
import io.hongyan.protocol.v1.Notice;
import io.hongyan.protocol.v1.PullRequest;
import io.hongyan.protocol.v1.Reply;
import io.hongyan.protocol.v1.SendAck;
import io.hongyan.protocol.v1.Text;
import io.hongyan.protocol.v1.TimeRequest;
import io.hongyan.protocol.v1.Trimmed;
import java.util.List;

/** The engine of {@code me} on a store in memory, each of whose steps is committed and carried out. */
final class EngineDriver {
    static final ConversationId BOB = ConversationId.direct("bob");
    static final ConversationId CAROL = ConversationId.direct("carol");

    final MemoryStore store = new MemoryStore();
    final Recorder recorder = new Recorder();
    SyncEngine engine = new SyncEngine("me", "android:a", store.open());
    private long deliveries;

    /** What followed from what was told since the last time. */
    List<String> step() {
        Step step = engine.step();
        store.commit(step.writes());
        step.effects().forEach(effect -> effect.carryOut(recorder, recorder));
        return recorder.take();
    }

    /** The process ends and starts again. */
    void restart() {
        engine = new SyncEngine("me", "android:a", store.open());
    }

    List<String> at(long millis) {
        engine.at(millis, millis);
        return step();
    }

    /** Connected, and told the epoch. */
    void connect(String epoch) {
        engine.connected();
        step();
        engine.subscribed();
        engine.noticed(Notice.newBuilder()
                .setDataEpoch(DataEpoch.newBuilder().setEpoch(epoch))
                .build());
    }

    /** Connected, with the list of conversations read. */
    void ready(String epoch) {
        connect(epoch);
        if (!step().contains("READY")) {
            listed(ConversationsResult.getDefaultInstance());
            step();
        }
        recorder.take();
    }

    void listed(ConversationsResult result) {
        reply(Reply.newBuilder().setConversations(result));
    }

    /** Answers the last call. */
    void reply(Reply.Builder reply) {
        engine.replied(reply.setRequestId(requestId(recorder.lastRequest)).build());
    }

    private static String requestId(MessageLite request) {
        if (request instanceof TimeRequest time) {
            return time.getRequestId();
        } else if (request instanceof PullRequest pull) {
            return pull.getRequestId();
        } else if (request instanceof HistoryRequest history) {
            return history.getRequestId();
        }
        return ((ConversationsRequest) request).getRequestId();
    }

    long send(ConversationId to, String id) {
        return engine.send(to, id, text(id));
    }

    void stored(String id, long seq, long inboxSeq) {
        engine.answered(SendAck.newBuilder()
                .setClientMessageId(id)
                .setSeq(seq)
                .setInboxSeq(inboxSeq)
                .setOrdinal(seq)
                .build());
    }

    void refused(String id, Code code) {
        engine.answered(
                SendAck.newBuilder().setClientMessageId(id).setCode(code).build());
    }

    /** An entry of the inbox with a message of {@code from}. */
    void deliver(long inboxSeq, String from, long seq) {
        deliver(null, InboxEntry.newBuilder().setSeq(inboxSeq).setMessage(message(from, seq)));
    }

    void deliver(String group, InboxEntry.Builder entry) {
        engine.delivered(++deliveries, group, entry.build());
    }

    static InboxEntry.Builder trimmed(long from) {
        return InboxEntry.newBuilder()
                .setSeq(from - 1)
                .setEvent(Event.newBuilder().setTrimmed(Trimmed.newBuilder().setFrom(from)));
    }

    static Message message(String from, long seq) {
        return message(from, seq, from + "-" + seq);
    }

    /** To me; of me: to bob. */
    static Message message(String from, long seq, String clientMessageId) {
        return Message.newBuilder()
                .setFrom(from)
                .setTo((from.equals("me") ? BOB : ConversationId.direct("me")).toPeer())
                .setSeq(seq)
                .setClientMessageId(clientMessageId)
                .setContent(text(from + seq))
                .setOrdinal(seq)
                .build();
    }

    static Content text(String text) {
        return Content.newBuilder().setText(Text.newBuilder().setText(text)).build();
    }

    static Conversation conversation(ConversationId id, long head, long read) {
        return Conversation.newBuilder()
                .setPeer(id.toPeer())
                .setHeadSeq(head)
                .setHeadOrdinal(head)
                .setReadOrdinal(read)
                .build();
    }
}
