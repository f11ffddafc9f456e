package io.hongyan.im.adapter.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.broker.hook.ConnectionId;
import io.hongyan.im.adapter.mqtt.AdapterUnderTest.Sent;
import io.hongyan.im.core.group.GroupChange;
import io.hongyan.im.core.group.GroupChange.BecameLarge;
import io.hongyan.im.core.group.GroupChange.Created;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.SystemUser;
import io.hongyan.im.core.send.Draft;
import io.hongyan.protocol.v1.Content;
import io.hongyan.protocol.v1.InboxEntry;
import io.hongyan.protocol.v1.Text;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams of large groups on the wire: topics, numbers, acknowledgements. */
@Timeout(30)
final class GroupPushTest {
    private static final DeviceKey DEVICE = new DeviceKey("bob", "iot:b");

    private final AdapterUnderTest adapter = new AdapterUnderTest(TopicAccess.OWN);
    private int messages;

    /** Entry 3 is the first one of the stream. */
    @BeforeEach
    void makeAGroupLarge() {
        adapter.storage.ports().users().ensure("ann");
        adapter.storage.ports().users().ensure("bob");
        append("ann", new Created("ann", "name", true, 0, List.of("bob")));
        append(SystemUser.UID, new BecameLarge());
        append("ann", null);
        append("ann", null);
    }

    @Test
    void entriesComeOnTheTopicOfTheGroupWithTheNumbersOfTheConversation() throws Exception {
        ConnectionId bob = adapter.listening("bob:iot:b", "u/bob/group/#");
        List<Sent> sent = adapter.sentTo(bob);
        assertThat(sent).extracting(Sent::topic).containsExactly("u/bob/group/g", "u/bob/group/g");
        assertThat(sent).extracting(Sent::qos).containsOnly(1);
        InboxEntry entry = InboxEntry.parseFrom(sent.get(0).bytes());
        assertThat(entry.getSeq()).isEqualTo(3);
        assertThat(entry.getMessage().getSeq()).isEqualTo(3);
        assertThat(entry.getMessage().getTo().getId()).isEqualTo("g");
    }

    @Test
    void inJsonToo() {
        ConnectionId bob = adapter.listening("bob:iot:b", "json/u/bob/group/g");
        assertThat(adapter.sentTo(bob)).extracting(Sent::topic).containsOnly("json/u/bob/group/g");
        assertThat(adapter.sentTo(bob).get(0).payload()).startsWith("{\"seq\":\"3\"");
    }

    @Test
    void acknowledgementsMoveTheCursorOfTheStreamTheyAreFor() {
        ConnectionId bob = adapter.listening("bob:iot:b", "u/bob/inbox");
        List<Sent> inbox = adapter.sentTo(bob);
        assertThat(inbox).hasSize(2);
        adapter.subscribe(bob, "u/bob/group/g");
        assertThat(adapter.sentTo(bob)).as("the inbox first").hasSize(2);

        adapter.hook.delivered(bob, inbox.get(1).token());
        List<Sent> all = adapter.sentTo(bob);
        assertThat(all).hasSize(4);
        assertThat(all).extracting(Sent::token).isSorted().doesNotHaveDuplicates();
        adapter.hook.delivered(bob, all.get(2).token());

        adapter.messaging.flush();
        assertThat(adapter.storage.ports().devices().find(DEVICE).orElseThrow().cursor())
                .isEqualTo(2);
        assertThat(cursors()).isEqualTo(Map.of("g", 3L));
    }

    @Test
    void withoutAcknowledgementsTheCursorStays() {
        ConnectionId bob = adapter.online("bob:iot:b");
        adapter.subscribe(bob, 0, "u/bob/group/g");
        List<Sent> sent = adapter.sentTo(bob);
        assertThat(sent).extracting(Sent::qos).containsOnly(0);
        adapter.hook.delivered(bob, sent.get(1).token());
        adapter.messaging.flush();
        assertThat(cursors()).isEmpty();
    }

    @Test
    void whatWasPushedBeforeTheFilterChangedMovesNoCursor() {
        ConnectionId bob = adapter.online("bob:iot:b");
        adapter.subscribe(bob, 0, "u/bob/group/g");
        long old = adapter.sentTo(bob).get(1).token();
        adapter.subscribe(bob, 1, "u/bob/group/g");
        assertThat(adapter.sentTo(bob)).hasSize(4);
        adapter.hook.delivered(bob, old);
        adapter.messaging.flush();
        assertThat(cursors()).as("where the stream began").containsExactly(Map.entry("g", 2L));
    }

    @Test
    void aFilterThatGoesEndsTheStreamAndOneThatChangesNothingDoesNot() {
        ConnectionId bob = adapter.listening("bob:iot:b", "u/bob/group/g");
        adapter.subscribe(bob, "u/bob/reply");
        assertThat(adapter.sentTo(bob)).hasSize(2);
        assertThat(adapter.messaging.messages().openGroupStreams()).isEqualTo(1);
        adapter.unsubscribe(bob, "u/bob/group/g");
        assertThat(adapter.messaging.messages().openGroupStreams()).isZero();
    }

    private Map<String, Long> cursors() {
        return adapter.storage.ports().groupCursors().find(DEVICE);
    }

    private void append(String uid, GroupChange change) {
        byte[] content = Content.newBuilder()
                .setText(Text.newBuilder().setText("hello"))
                .build()
                .toByteArray();
        String id = change instanceof BecameLarge ? BecameLarge.CLIENT_MESSAGE_ID : "m" + ++messages;
        adapter.storage
                .ports()
                .log()
                .append(List.of(new Draft(Conversation.group("g"), uid, "ios:x", id, content, change)), 5);
    }
}
