package io.hongyan.im.adapter.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.broker.hook.ConnectionId;
import io.hongyan.broker.hook.PublishVerdict.Acknowledge;
import io.hongyan.im.core.group.GroupChange.Created;
import io.hongyan.im.core.group.GroupChange.MembersAdded;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.message.SystemUser;
import io.hongyan.protocol.v1.Content;
import io.hongyan.protocol.v1.MessageChange;
import io.hongyan.protocol.v1.Peer;
import io.hongyan.protocol.v1.ReactRequest;
import io.hongyan.protocol.v1.SendRequest;
import io.hongyan.protocol.v1.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reactions in a group that is large: told together, by the clock of the server. */
@Timeout(60)
final class ReactionCountsTest {
    private static final Peer TEA =
            Peer.newBuilder().setKind(Peer.Kind.GROUP).setId("tea").build();

    private final AdapterUnderTest adapter = new AdapterUnderTest(TopicAccess.OWN);
    private int requests;

    @Test
    void aThousandMembersOfALargeGroupReactWithinASecond() throws Exception {
        ConnectionId alice = adapter.online("alice:iot:a");
        List<String> uids = IntStream.range(0, 1_000).mapToObj(i -> "u" + i).toList();
        List<ConnectionId> members =
                uids.stream().map(uid -> adapter.online(uid + ":iot:d")).toList();
        changeGroup(new Created("alice", "Tea", false, 2_000, uids.subList(0, 500)));
        changeGroup(new MembersAdded(uids.subList(500, 1_000)));
        SendRequest question = SendRequest.newBuilder()
                .setClientMessageId("m")
                .setTo(TEA)
                .setContent(Content.newBuilder().setText(Text.newBuilder().setText("Who?")))
                .build();
        adapter.publish(alice, "im/send", question.toByteArray(), 1);
        long seq = adapter.storage.ports().history().head(Conversation.group("tea"));

        ReactRequest.Builder hand = ReactRequest.newBuilder()
                .setRequestId("r")
                .setPeer(TEA)
                .setSeq(seq)
                .setEmoji("🙋");
        for (int i = 0; i < members.size(); i++) {
            if (i % 100 == 0) {
                finishChanges();
            }
            Acknowledge answer = (Acknowledge) adapter.publish(
                    members.get(i),
                    "im/call/react",
                    hand.setClientMessageId("change-" + ++requests).build().toByteArray(),
                    1);
            assertThat(answer.reasonCode()).isZero();
        }
        finishChanges();
        assertThat(counts(seq)).as("at once").containsExactly(100);
        adapter.now += 999;
        finishChanges();
        assertThat(counts(seq)).hasSize(1);
        adapter.now++;
        finishChanges();
        finishChanges();
        assertThat(counts(seq)).containsExactly(100, 1_000);
    }

    private void finishChanges() {
        adapter.messaging.messages().tasks().stream()
                .filter(task -> task.name().equals("finish changes of messages"))
                .forEach(task -> task.work().run());
        adapter.runLane();
    }

    /** Told after this entry of the group. */
    private List<Integer> counts(long seq) throws Exception {
        List<Integer> counts = new ArrayList<>();
        for (StoredMessage entry : adapter.storage
                .ports()
                .history()
                .read(Conversation.group("tea"), seq, Long.MAX_VALUE, false, 100, 1 << 20)) {
            MessageChange change = Content.parseFrom(entry.content()).getChange();
            assertThat(change.getTargetSeq()).isEqualTo(seq);
            counts.add(change.getReactionCounts().getCounts(0).getCount());
        }
        return counts;
    }

    private void changeGroup(io.hongyan.im.core.group.GroupChange change) {
        adapter.messaging
                .groups()
                .changeGroup()
                .change(new DeviceKey(SystemUser.UID, SystemUser.DEVICE), "tea", "change-" + ++requests, change);
        adapter.runLane();
    }
}
