package io.hongyan.im.core.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hongyan.im.core.group.GroupChange.BecameLarge;
import io.hongyan.im.core.group.GroupChange.Created;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.inbox.GroupSubscriptions.Subscription;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.message.SystemUser;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.send.FanOutLog;
import io.hongyan.im.core.simulation.InMemoryStorage;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When the stream of a group that has become large begins, and what stays out of it. */
@Timeout(60)
final class GroupStreamBeginTest extends LargeGroupStreams {
    @Test
    void aStreamWaitsUntilTheChangeToLargeHasComeToAllInboxes() {
        storage = new InMemoryStorage(new GroupLimits(10, 10, 10, 1, 1, 500, 10, 10)).ports();
        delivery = delivery();
        group("ann", "bob");
        append(SystemUser.UID, new BecameLarge());
        append("ann", null);
        ConnectionStreams bob = withInbox("bob");
        assertThat(groupSeqs(bob)).isEmpty();
        FanOutLog fanOut = storage.fanOut();
        for (FanOutLog.Marker marker : List.of(new FanOutLog.Marker(GROUP, 1), new FanOutLog.Marker(GROUP, 2))) {
            fanOut.advance(List.of(marker), "worker", 1, 5, 5);
            fanOut.advance(List.of(marker), "worker", 1, 5, 5);
        }
        delivery.refresh("bob");
        delivery.beginGroup("bob", "g");
        work();
        assertThat(inboxSeqs(bob)).containsExactly(1L, 2L);
        assertThat(groupSeqs(bob)).isEmpty();
        bob.inboxAcknowledgedByClient(2);
        work();
        assertThat(groupSeqs(bob)).containsExactly(3L);
    }

    @Test
    void whatWasSentBeforeTheOwnStreamBeganIsNotPushedByItEither() {
        group("ann", "bob");
        ConnectionStreams ann = withInbox("ann");
        becomeLarge();
        StoredMessage own = append("ann", null);
        announce(own, ann.connection());
        ann.sentByStream(GROUP, own.seq());
        say("bob");
        assertThat(groupSeqs(ann)).isEmpty();
        ann.inboxAcknowledgedByClient(2);
        work();
        assertThat(groupSeqs(ann)).containsExactly(4L);
    }

    @Test
    void ofOwnSendsForStreamsThatHaveNotBegunTheNewestAreRemembered() {
        GroupStreams streams = new GroupStreams(new DeliveryWindow(65_535, limits));
        LongStream.rangeClosed(1, GroupStreams.OWN_SENDS_MAX + 3L).forEach(seq -> streams.noteOwnSend("g", seq));
        assertThat(streams.takeOwnSends("other")).isEmpty();
        assertThat(streams.takeOwnSends("g"))
                .hasSize(GroupStreams.OWN_SENDS_MAX)
                .startsWith(4L);
        assertThat(streams.takeOwnSends("g")).isEmpty();
    }

    @Test
    void theStreamBeginsOnceTheDeviceHasReadInItsInboxThatTheGroupIsLarge() {
        group("ann", "bob");
        ConnectionStreams bob = withInbox("bob");
        announceToInboxes(append("ann", null));
        becomeLarge();
        say("ann");
        assertThat(groupSeqs(bob)).isEmpty();
        bob.inboxAcknowledgedByClient(2);
        work();
        assertThat(groupSeqs(bob)).isEmpty();
        bob.inboxAcknowledgedByClient(3);
        work();
        assertThat(groupSeqs(bob)).containsExactly(4L);
    }

    @Test
    void aDeviceThatComesBackReadsItsInboxBeforeTheStream() {
        group("ann", "bob");
        becomeLarge();
        say("ann");
        ConnectionStreams bob = withInbox("bob");
        assertThat(groupSeqs(bob)).isEmpty();
        bob.inboxAcknowledgedByClient(2);
        work();
        assertThat(groupSeqs(bob)).containsExactly(3L);
    }

    @Test
    void nothingIsSentAheadOfAnInboxThatCouldNotBeRead() {
        group("ann", "bob");
        becomeLarge();
        say("ann");
        storage = storage.with(Devices.class, failingOnce(storage.devices()));
        delivery = delivery();
        ConnectionStreams bob = open("bob");
        bob.startInbox(true);
        bob.startGroups(group -> Subscription.TRACKED);
        assertThatThrownBy(() -> delivery.beginInbox(bob, DEVICES_MAX)).isInstanceOf(StorageException.class);
        delivery.beginGroups(bob, DEVICES_MAX);
        work();
        assertThat(entries(bob)).isEmpty();
        assertThat(groupCursors.find(bob.device())).isEmpty();
    }

    @Test
    void groupsThatOthersMakeForAUserTakeNoPlaceOfOlderOnes() {
        largeGroupAt(1, "z1", "ann", "bob");
        largeGroupAt(2, "z2", "ann", "bob");
        largeGroupAt(3, "-a", "mallory", "bob");
        largeGroupAt(4, "-b", "mallory", "bob");
        ConnectionStreams bob = online("bob");
        assertThat(bob.takesGroup("z1")).isTrue();
        assertThat(bob.takesGroup("z2")).isTrue();
        assertThat(bob.takesGroup("-a")).isFalse();
        assertThat(counters.value(DeliveryCounter.GROUP_STREAMS_LEFT_OUT)).isEqualTo(2);
    }

    @Test
    void groupsThatADeviceReadsAlreadyAreFirst() {
        largeGroupAt(5, "z1", "ann", "bob");
        largeGroupAt(6, "z2", "ann", "bob");
        online("bob").close();
        groupCursors.flush();
        largeGroupAt(1, "-a", "mallory", "bob");
        largeGroupAt(2, "-b", "mallory", "bob");
        ConnectionStreams again = online("bob");
        assertThat(again.takesGroup("z1")).isTrue();
        assertThat(again.takesGroup("z2")).isTrue();
        assertThat(again.takesGroup("-b")).isFalse();
    }

    private void largeGroupAt(long millis, String id, String owner, String other) {
        storage.users().ensure("cid");
        storage.users().ensure(owner);
        storage.users().ensure(other);
        Conversation group = Conversation.group(id);
        Created created = new Created(owner, "name", true, 0, List.of(other));
        for (Draft draft : List.of(
                new Draft(group, owner, "ios:elsewhere", "m", new byte[10], created),
                new Draft(
                        group,
                        SystemUser.UID,
                        "ios:elsewhere",
                        BecameLarge.CLIENT_MESSAGE_ID,
                        new byte[10],
                        new BecameLarge()))) {
            assertThat(storage.log().append(List.of(draft), millis).get(0)).isInstanceOf(Appended.Stored.class);
        }
    }

    private static Devices failingOnce(Devices real) {
        AtomicBoolean failed = new AtomicBoolean();
        return (Devices) Proxy.newProxyInstance(
                Devices.class.getClassLoader(), new Class<?>[] {Devices.class}, (proxy, method, arguments) -> {
                    if (failed.compareAndSet(false, true)) {
                        throw new StorageException("no answer", null);
                    }
                    return method.invoke(real, arguments);
                });
    }
}
