package io.hongyan.im.core.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.group.GroupChange.BecameLarge;
import io.hongyan.im.core.group.GroupChange.Created;
import io.hongyan.im.core.inbox.GroupSubscriptions.Subscription;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.message.SystemUser;
import io.hongyan.im.core.send.Draft;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a device is sent of large groups, within its window. */
@Timeout(60)
final class GroupStreamsTest extends LargeGroupStreams {
    @Test
    void membersAreSentWhatIsStoredAfterTheGroupBecameLarge() {
        largeGroup("ann", "bob");
        ConnectionStreams bob = online("bob");
        say("ann");
        say("ann");
        assertThat(groupSeqs(bob)).containsExactly(3L, 4L);
        assertThat(delivery.openGroupStreams()).isEqualTo(1);
        delivery.close(bob);
        assertThat(delivery.openGroupStreams()).isZero();
    }

    @Test
    void theSendingConnectionIsNotSentItsOwnEntryButItsOtherDevicesAre() {
        largeGroup("ann", "bob");
        ConnectionStreams phone = online("ann");
        ConnectionStreams tablet = online("ann");
        announce(append("ann", null), phone.connection());
        assertThat(groupSeqs(phone)).isEmpty();
        assertThat(groupSeqs(tablet)).containsExactly(3L);
    }

    @Test
    void aDeviceThatComesBackGoesOnAfterItsCursor() {
        largeGroup("ann", "bob");
        ConnectionStreams bob = online("bob");
        say("ann");
        say("ann");
        acknowledge(bob, 3);
        delivery.close(bob);
        say("ann");
        assertThat(groupSeqs(online("bob"))).containsExactly(4L, 5L);
        groupCursors.flush();
        delivery = delivery();
        assertThat(groupSeqs(online("bob"))).containsExactly(4L, 5L);
    }

    @Test
    void whatIsOlderThanTheBacklogIsLeftToHistory() {
        largeGroup("ann", "bob");
        LongStream.rangeClosed(3, 12).forEach(seq -> say("ann"));
        ConnectionStreams bob = online("bob");
        assertThat(entries(bob).get(0)).isEqualTo(new Entry.OfEvent(8, new Event.Trimmed(9)));
        assertThat(groupSeqs(bob)).containsExactly(8L, 9L, 10L, 11L, 12L);
    }

    @Test
    void allStreamsOfAConnectionShareItsWindowAndTakeTurns() {
        limits = new DeliveryLimits(2, 1_000, 5, 1_000, 3);
        delivery = delivery();
        largeGroup("ann", "bob");
        ConnectionStreams bob = withInbox("bob");
        bob.inboxAcknowledgedByClient(2);
        work();
        pushed.clear();
        for (int i = 0; i < 3; i++) {
            say("ann");
        }
        storage.log()
                .append(List.of(new Draft(Conversation.direct("ann", "bob"), "ann", "ios:x", "d", new byte[10])), 5);
        delivery.refresh("bob");
        work();
        assertThat(groupSeqs(bob)).containsExactly(3L, 4L);
        assertThat(inboxSeqs(bob)).isEmpty();
        acknowledge(bob, 3);
        acknowledge(bob, 4);
        assertThat(inboxSeqs(bob)).containsExactly(3L);
        assertThat(groupSeqs(bob)).containsExactly(3L, 4L, 5L);
    }

    @Test
    void noMoreStreamsThanTheLimit() {
        for (String group : List.of("g1", "g2", "g3")) {
            storage.users().ensure("ann");
            appendTo(Conversation.group(group), "ann", new Created("ann", "n", true, 0, List.of()));
            appendTo(Conversation.group(group), SystemUser.UID, new BecameLarge());
        }
        online("ann");
        assertThat(delivery.openGroupStreams()).isEqualTo(2);
    }

    @Test
    void aGroupThatIsNotWantedIsNotSentAndOneWithoutAcknowledgementsMovesNoCursor() {
        largeGroup("ann", "bob");
        ConnectionStreams none = open("bob");
        none.startGroups(group -> Subscription.NOTHING);
        delivery.beginGroups(none, DEVICES_MAX);
        ConnectionStreams untracked = open("bob");
        untracked.startGroups(group -> Subscription.UNTRACKED);
        delivery.beginGroups(untracked, DEVICES_MAX);
        work();
        say("ann");
        acknowledge(untracked, 3);
        assertThat(groupSeqs(none)).isEmpty();
        assertThat(groupSeqs(untracked)).containsExactly(3L);
        groupCursors.flush();
        assertThat(storage.groupCursors().find(new DeviceKey("bob", "ios:x"))).isEmpty();
    }

    @Test
    void acknowledgementsOfAStreamThatWasStoppedMoveNoCursor() {
        largeGroup("ann", "bob");
        ConnectionStreams bob = online("bob");
        say("ann");
        EntryStream old = pushed.get(0).stream();
        bob.startGroups(group -> Subscription.UNTRACKED);
        delivery.beginGroups(bob, DEVICES_MAX);
        work();
        old.acknowledged(3);
        groupCursors.flush();
        assertThat(storage.groupCursors().find(new DeviceKey("bob", "ios:x")))
                .as("where the stream began")
                .containsExactly(Map.entry("g", 2L));
    }

    @Test
    void nothingOvertakesWhatIsHeldBackForManyReceivers() {
        largeGroup("ann", "bob");
        ConnectionStreams bob = withInbox("bob");
        bob.inboxAcknowledgedByClient(2);
        work();
        pushed.clear();
        GroupStream stream = (GroupStream) theStream(bob);
        StoredMessage message = append("ann", null);
        Downlink.Gathering gathering = delivery.gather();
        bob.announced(stream, new Entry.OfMessage(4, message), gathering.add(message), false);
        assertThat(pushed).isEmpty();
        delivery.announce("bob", new Entry.OfEvent(3, new Event.ReadUpTo(GROUP, 1, 1)));
        assertThat(pushed).extracting(one -> one.entry().seq()).containsExactly(4L, 3L);
        assertThat(pushed.get(0).stream()).isSameAs(stream);
        gathering.flush();
        assertThat(pushed).hasSize(2);
    }
}
