package io.hongyan.im.app.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.MessageLite;
import io.hongyan.protocol.v1.ChangeResult;
import io.hongyan.protocol.v1.Code;
import io.hongyan.protocol.v1.Content;
import io.hongyan.protocol.v1.EditRequest;
import io.hongyan.protocol.v1.HistoryRequest;
import io.hongyan.protocol.v1.InboxEntry;
import io.hongyan.protocol.v1.Message;
import io.hongyan.protocol.v1.MessageChange;
import io.hongyan.protocol.v1.Peer;
import io.hongyan.protocol.v1.PinMessageRequest;
import io.hongyan.protocol.v1.PullRequest;
import io.hongyan.protocol.v1.ReactRequest;
import io.hongyan.protocol.v1.RecallRequest;
import io.hongyan.protocol.v1.Reply;
import io.hongyan.protocol.v1.Text;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Changes of messages as calls of a stock client, and what it reads of them. */
public final class MessageCalls {
    private static final Duration WAIT = Duration.ofSeconds(40);
    private static final AtomicInteger LAST = new AtomicInteger();

    private MessageCalls() {}

    /** A client message id that nothing else has. */
    public static String nextId() {
        return "change-" + LAST.incrementAndGet();
    }

    public static RecallRequest recall(Peer peer, long seq) {
        return RecallRequest.newBuilder()
                .setRequestId("r")
                .setPeer(peer)
                .setSeq(seq)
                .setClientMessageId(nextId())
                .build();
    }

    public static EditRequest edit(Peer peer, long seq, String text) {
        return EditRequest.newBuilder()
                .setRequestId("r")
                .setPeer(peer)
                .setSeq(seq)
                .setClientMessageId(nextId())
                .setContent(Content.newBuilder().setText(Text.newBuilder().setText(text)))
                .build();
    }

    public static ReactRequest react(Peer peer, long seq, String emoji) {
        return ReactRequest.newBuilder()
                .setRequestId("r")
                .setPeer(peer)
                .setSeq(seq)
                .setClientMessageId(nextId())
                .setEmoji(emoji)
                .build();
    }

    public static PinMessageRequest pin(Peer peer, long seq) {
        return PinMessageRequest.newBuilder()
                .setRequestId("r")
                .setPeer(peer)
                .setSeq(seq)
                .setClientMessageId(nextId())
                .setPinned(true)
                .build();
    }

    public static Reply ask(PahoClient client, String topic, MessageLite request) {
        List<byte[]> replies = client.others("reply");
        int before = replies.size();
        try {
            client.publish(topic, request.toByteArray());
            await().atMost(WAIT).until(() -> replies.size() > before);
            return Reply.parseFrom(replies.get(before));
        } catch (Exception trouble) {
            throw new AssertionError(trouble);
        }
    }

    public static ChangeResult done(PahoClient client, String topic, MessageLite request) {
        Reply reply = ask(client, topic, request);
        assertThat(reply.getReason()).isEmpty();
        assertThat(reply.hasChange()).isTrue();
        return reply.getChange();
    }

    public static Code refused(PahoClient client, String topic, MessageLite request) {
        Reply reply = ask(client, topic, request);
        assertThat(reply.getReason()).isNotEmpty();
        return reply.getCode();
    }

    public static List<Message> history(PahoClient client, Peer peer) {
        HistoryRequest request =
                HistoryRequest.newBuilder().setRequestId("h").setPeer(peer).build();
        return ask(client, "im/call/history", request).getHistory().getMessagesList();
    }

    public static List<InboxEntry> pull(PahoClient client) {
        PullRequest all = PullRequest.newBuilder().setRequestId("p").build();
        return ask(client, "im/call/pull", all).getPull().getEntriesList();
    }

    public static List<MessageChange> pulledChanges(PahoClient client) {
        return pull(client).stream()
                .map(entry -> entry.getMessage().getContent())
                .filter(Content::hasChange)
                .map(Content::getChange)
                .toList();
    }
}
