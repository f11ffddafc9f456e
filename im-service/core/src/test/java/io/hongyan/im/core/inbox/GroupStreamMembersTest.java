package io.hongyan.im.core.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.group.GroupChange.Left;
import io.hongyan.im.core.group.GroupChange.MembersAdded;
import io.hongyan.im.core.group.GroupChange.MembersRemoved;
import io.hongyan.im.core.group.Groups;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.StoredMessage;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is sent to those who come into a large group, leave it and come back. */
@Timeout(60)
final class GroupStreamMembersTest extends LargeGroupStreams {
    @Test
    void aMemberThatIsRemovedIsSentThatAndNothingAfter() {
        largeGroup("ann", "bob");
        ConnectionStreams bob = online("bob");
        say("ann");
        change("ann", new MembersRemoved(List.of("bob")));
        say("ann");
        acknowledge(bob, 4);
        say("ann");
        assertThat(groupSeqs(bob)).containsExactly(3L, 4L);
        assertThat(delivery.openGroupStreams()).isZero();
    }

    @Test
    void aRemovalThatWasNotAnnouncedYetEndsWhatIsRead() {
        largeGroup("ann", "bob");
        append("ann", null);
        append("ann", new MembersRemoved(List.of("bob")));
        append("ann", null);
        assertThat(groupSeqs(online("bob"))).as("not a member any more").isEmpty();
        storage.devices().register(new DeviceKey("bob", "ios:x"), DEVICES_MAX, 5);
        storage.groupCursors().move(List.of(new GroupCursors.GroupCursorMove(new DeviceKey("bob", "ios:x"), "g", 2)));
        ConnectionStreams bob = online("bob");
        assertThat(groupSeqs(bob)).containsExactly(3L, 4L);
        acknowledge(bob, 4);
        groupCursors.flush();
        assertThat(storage.groupCursors().find(new DeviceKey("bob", "ios:x"))).isEmpty();
    }

    @Test
    void whoComesBackIntoTheGroupGoesOnWithTheOwnJoining() {
        largeGroup("ann", "bob");
        ConnectionStreams bob = online("bob");
        change("bob", new Left());
        say("ann");
        change("ann", new MembersAdded(List.of("bob")));
        say("ann");
        acknowledge(bob, 3);
        assertThat(groupSeqs(bob)).containsExactly(3L, 5L, 6L);
    }

    @Test
    void whoComesBackWhileAcknowledgingTheEndIsNotSentItAgain() {
        AtomicReference<Runnable> whenAsked = new AtomicReference<>(() -> {});
        Groups groups = storage.groups();
        Groups slow = (Groups) Proxy.newProxyInstance(
                Groups.class.getClassLoader(), new Class<?>[] {Groups.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("membershipIntervals")) {
                        whenAsked.getAndSet(() -> {}).run();
                    }
                    return method.invoke(groups, arguments);
                });
        storage = storage.with(Groups.class, slow);
        delivery = delivery();
        largeGroup("ann", "bob");
        ConnectionStreams bob = online("bob");
        say("ann");
        acknowledge(bob, 3);
        change("ann", new MembersRemoved(List.of("bob")));
        EntryStream first = pushed.get(pushed.size() - 1).stream();
        // The cursor has been read by then, the stream is still there.
        whenAsked.set(() -> first.acknowledged(4));
        change("ann", new MembersAdded(List.of("bob")));
        say("ann");
        assertThat(groupSeqs(bob)).containsExactly(3L, 4L, 5L, 6L);
    }

    @Test
    void whatWasSentAfterComingBackIsNotSentBackByTheStreamThatFollows() {
        largeGroup("ann", "bob");
        ConnectionStreams bob = online("bob");
        say("ann");
        change("ann", new MembersRemoved(List.of("bob")));
        change("ann", new MembersAdded(List.of("bob")));
        StoredMessage own = append("bob", null);
        bob.sentByStream(GROUP, own.seq());
        announce(own, bob.connection());
        acknowledge(bob, 4);
        say("ann");
        assertThat(groupSeqs(bob)).containsExactly(3L, 4L, 5L, 7L);
    }

    @Test
    void whoWasAwayWhileLeavingAndComingBackGoesOnWhereTheDeviceHasStopped() {
        limits = new DeliveryLimits(6, 1_000, 5, 1_000, 3);
        delivery = delivery();
        largeGroup("ann", "bob");
        ConnectionStreams bob = online("bob");
        say("ann");
        acknowledge(bob, 3);
        delivery.close(bob);
        say("ann");
        append("bob", new Left());
        say("ann");
        append("ann", new MembersAdded(List.of("bob")));
        append("ann", new MembersRemoved(List.of("bob")));
        say("ann");
        append("ann", new MembersAdded(List.of("bob")));
        pushed.clear();
        bob = online("bob");
        assertThat(groupSeqs(bob)).containsExactly(4L, 5L);
        acknowledge(bob, 5);
        assertThat(groupSeqs(bob)).containsExactly(4L, 5L, 7L, 8L);
        acknowledge(bob, 8);
        assertThat(groupSeqs(bob)).containsExactly(4L, 5L, 7L, 8L, 10L);
    }

    @Test
    void whoCameInWithoutAnAnnouncementIsSentTheStreamWhenToldToLook() {
        largeGroup("ann", "bob");
        ConnectionStreams cid = withInbox("cid");
        append("ann", new MembersAdded(List.of("cid")));
        delivery.beginGroup("cid", "g");
        delivery.beginGroup("cid", "g");
        work();
        assertThat(groupSeqs(cid)).containsExactly(3L);
        assertThat(delivery.openGroupStreams()).isEqualTo(1);
    }

    @Test
    void aNewMemberThatIsOnlineIsSentTheOwnJoiningAndWhatFollows() {
        largeGroup("ann", "bob");
        say("ann");
        ConnectionStreams cid = online("cid");
        change("ann", new MembersAdded(List.of("cid")));
        say("ann");
        assertThat(groupSeqs(cid)).containsExactly(4L, 5L);
    }
}
