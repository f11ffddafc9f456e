package io.hongyan.im.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.hongyan.im.adapter.redis.wire.PeerEntry;
import io.hongyan.im.core.cluster.NodeNotice;
import io.hongyan.im.core.cluster.NodeNotice.Position;
import io.hongyan.im.core.group.GroupChange;
import io.hongyan.im.core.inbox.CloseReason;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.Event;
import io.hongyan.im.core.inbox.Notice;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StoredMessage;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(20)
final class NodeNoticeCodecTest {
    private static final Conversation GROUP = Conversation.group("g");
    private static final ConnectionKey ORIGIN = new ConnectionKey("gate", Long.MAX_VALUE);
    private static final StoredMessage MESSAGE =
            new StoredMessage(GROUP, 7, 5, "ann", "ios:x", "m1", 1_700_000_000_000L, new byte[] {1, -1});

    static List<NodeNotice> notices() {
        Notice typing = new Notice.Typing("ann", GROUP, true);
        Notice receipt = new Notice.Receipt("ann", Conversation.direct("ann", "bob"), 3, 0);
        return List.of(
                new NodeNotice.MessageStored(MESSAGE, List.of(new Position("ann", 5), new Position("bob", 9)), ORIGIN),
                new NodeNotice.EventStored("ann", new Entry.OfEvent(4, new Event.ReadUpTo(GROUP, 7, 5))),
                new NodeNotice.GroupEntryStored(MESSAGE, ORIGIN),
                changed(new GroupChange.MembersAdded(List.of("cid", "dan"))),
                changed(new GroupChange.MembersRemoved(List.of("cid"))),
                changed(new GroupChange.Joined()),
                changed(new GroupChange.Left()),
                changed(new GroupChange.BecameLarge()),
                new NodeNotice.LookAtConversation(Conversation.system("news", "ann")),
                new NodeNotice.LookAtInbox("ann"),
                new NodeNotice.ToUsers(List.of("ann", "bob"), typing),
                new NodeNotice.ToUsers(List.of("ann"), receipt),
                new NodeNotice.ToUsers(
                        List.of("ann"), new Notice.CustomSignal("bob", GROUP, "game.move", new byte[] {1, -1})),
                new NodeNotice.ToUsers(List.of("ann"), new Notice.Push("p1", "news", new byte[] {5})),
                new NodeNotice.SessionDisplaced(ORIGIN, "web:y", true, 12),
                new NodeNotice.EndSessions("ann", "", CloseReason.USER_DISABLED),
                new NodeNotice.EndSessions("ann", "ios:phone", CloseReason.TOKEN_REVOKED),
                new NodeNotice.MarkersLeft());
    }

    private static NodeNotice changed(GroupChange change) {
        return new NodeNotice.GroupChanged(MESSAGE, change);
    }

    @ParameterizedTest
    @MethodSource("notices")
    void noticeIsReadAsItWasWritten(NodeNotice notice) throws InvalidProtocolBufferException {
        byte[] written = NodeNoticeCodec.encode(notice).toByteArray();
        NodeNotice read = NodeNoticeCodec.decode(PeerEntry.parseFrom(written)).orElseThrow();
        assertThat(read)
                .usingRecursiveComparison()
                .ignoringFields(notice instanceof NodeNotice.GroupChanged ? "message.content" : "none")
                .isEqualTo(notice);
        assertThat(NodeNoticeCodec.bytes(notice)).isPositive();
    }

    @Test
    void changeThatMattersToNoStreamIsPassedOver() {
        PeerEntry written = NodeNoticeCodec.encode(changed(new GroupChange.AllMuted(true)));
        assertThat(NodeNoticeCodec.decode(written)).isEmpty();
        assertThat(NodeNoticeCodec.decode(PeerEntry.getDefaultInstance())).isEmpty();
    }
}
