package io.hongyan.im.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.cluster.TwoNodes.Node;
import io.hongyan.im.core.group.GroupChange;
import io.hongyan.im.core.group.GroupChange.Created;
import io.hongyan.im.core.group.GroupChange.MembersAdded;
import io.hongyan.im.core.group.GroupChange.MembersRemoved;
import io.hongyan.im.core.inbox.CloseReason;
import io.hongyan.im.core.inbox.DeliveryCounter;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.Event;
import io.hongyan.im.core.inbox.Notice;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.SendOutcome;
import io.hongyan.im.core.message.SystemUser;
import io.hongyan.im.core.push.Push;
import io.hongyan.im.core.push.PushCounter;
import io.hongyan.im.core.push.PushMode;
import io.hongyan.im.core.session.ClientSession;
import io.hongyan.im.core.session.Platform;
import io.hongyan.im.core.session.Sessions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two nodes: up to 3 recipients inline, groups large above 6. */
@Timeout(60)
final class NodeNoticeHandlerTest {
    private static final Conversation DIRECT = Conversation.direct("ann", "bob");
    private static final Conversation GROUP = Conversation.group("g");
    private static final List<String> ALL = List.of("ann", "bob", "cid", "dan", "eve", "fay", "gus", "hal");

    private final TwoNodes nodes = new TwoNodes();
    private final Node one = nodes.one;
    private final Node two = nodes.two;
    private int requests;

    @BeforeEach
    void makeUsers() {
        ALL.forEach(nodes.storage::ensure);
    }

    @Test
    void messageReachesAllDevicesAtBothNodesOnceAndNotItsSender() {
        ClientSession ann = phone(one, "ann");
        ClientSession annAtTwo = web(two, "ann");
        ClientSession bob = phone(two, "bob");
        ClientSession bobAtOne = web(one, "bob");

        send(one, ann, DIRECT, "m1");
        nodes.exchange();

        assertThat(nodes.clients.inbox(ann)).isEmpty();
        assertThat(nodes.clients.inbox(annAtTwo)).containsExactly(1L);
        assertThat(nodes.clients.inbox(bob)).containsExactly(1L);
        assertThat(nodes.clients.inbox(bobAtOne)).containsExactly(1L);
        assertThat(two.messaging.messages().deliveryCounters().value(DeliveryCounter.INBOX_PAGES_READ))
                .as("taken from memory: each stream reads once, when it begins")
                .isEqualTo(2);
    }

    @Test
    void aNodeThatIsToldNothingLooksByItselfButNotAllTheTime() {
        ClientSession ann = phone(one, "ann");
        ClientSession bob = phone(two, "bob");
        send(one, ann, DIRECT, "m1");
        two.messaging.fromNodes().alone();
        assertThat(nodes.clients.inbox(bob)).containsExactly(1L);

        send(one, ann, DIRECT, "m2");
        nodes.now += 1_999;
        two.messaging.fromNodes().alone();
        assertThat(nodes.clients.inbox(bob)).containsExactly(1L);
        nodes.now += 1;
        two.messaging.fromNodes().alone();
        two.messaging.fromNodes().alone();

        assertThat(nodes.clients.inbox(bob)).containsExactly(1L, 2L);
        assertThat(two.messaging.messages().deliveryCounters().value(DeliveryCounter.HEAD_COMPARISONS))
                .isEqualTo(2);
    }

    @Test
    void whatComesTwiceInAnotherOrderOrNotAtAllIsDeliveredOnceInOrder() {
        ClientSession ann = phone(one, "ann");
        ClientSession bob = phone(two, "bob");
        for (int i = 1; i <= 6; i++) {
            send(one, ann, DIRECT, "m" + i);
        }
        List<NodeNotice> told = new ArrayList<>(one.takeTold());
        assertThat(told).hasSize(6);
        told.remove(2);
        told.addAll(told);
        Collections.reverse(told);
        told.forEach(notice -> two.take(List.of(notice)));

        assertThat(nodes.clients.inbox(bob)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    }

    @Test
    void lostNodeNoticeIsFoundByComparingHeads() {
        ClientSession ann = phone(one, "ann");
        ClientSession bob = phone(two, "bob");
        send(one, ann, DIRECT, "m1");
        one.takeTold();
        assertThat(nodes.clients.inbox(bob)).isEmpty();

        two.messaging.fromNodes().missed();

        assertThat(nodes.clients.inbox(bob)).containsExactly(1L);
        assertThat(two.messaging.messages().deliveryCounters().value(DeliveryCounter.STREAMS_BEHIND))
                .isEqualTo(1);
        two.messaging.fromNodes().missed();
        assertThat(two.messaging.messages().deliveryCounters().value(DeliveryCounter.STREAMS_BEHIND))
                .as("now it is level")
                .isEqualTo(1);
        assertThat(two.messaging.messages().deliveryCounters().value(DeliveryCounter.HEAD_COMPARISONS))
                .isEqualTo(2);
    }

    @Test
    void headsThatCannotBeReadAreAskedForAgainAndTheOthersCompared() {
        ClientSession ann = phone(one, "ann");
        ClientSession bob = phone(two, "bob");
        ClientSession cid = phone(two, "cid");
        send(one, ann, DIRECT, "m1");
        send(one, ann, Conversation.direct("ann", "cid"), "m2");
        one.takeTold();
        nodes.headless.add("bob");

        two.messaging.fromNodes().missed();
        two.messaging.fromNodes().lookAgain();
        assertThat(nodes.clients.inbox(cid)).containsExactly(1L);
        assertThat(nodes.clients.inbox(bob)).isEmpty();

        nodes.headless.clear();
        two.messaging.fromNodes().lookAgain();
        two.messaging.fromNodes().lookAgain();
        assertThat(nodes.clients.inbox(bob)).containsExactly(1L);
        assertThat(two.messaging.messages().deliveryCounters().value(DeliveryCounter.HEAD_COMPARISONS))
                .isEqualTo(1);
    }

    @Test
    void smallGroupAndItsChangesReachBothNodes() {
        ClientSession ann = phone(one, "ann");
        ClientSession bob = phone(two, "bob");
        group("ann", "bob");
        send(one, ann, GROUP, "m1");
        send(two, bob, GROUP, "m2");
        change(one, new MembersAdded(List.of("cid")));
        nodes.exchange();

        assertThat(nodes.clients.inbox(bob)).containsExactly(1L, 2L, 4L);
        assertThat(nodes.clients.inbox(ann)).containsExactly(1L, 3L, 4L);
    }

    @Test
    void whoComesOverWithTheGateAndFindsANewerLoginIsToldWhoseItIs() {
        Sessions.Opened phone = one.open("ann", Platform.ANDROID, "old", null);
        nodes.now += 1_000;
        Sessions.Opened newer = two.open("ann", Platform.IOS, "new", null);

        ClientSession moved =
                two.open("ann", Platform.ANDROID, "old", phone.login()).session();

        assertThat(nodes.clients.of(moved, Notice.Kicked.class))
                .extracting(Notice.Kicked::byDevice)
                .containsExactly("ios:new");
        assertThat(nodes.clients.of(moved, CloseReason.class)).containsExactly(CloseReason.KICKED);
        assertThat(nodes.clients.of(newer.session(), CloseReason.class)).isEmpty();
    }

    @Test
    void whoComesOverWithTheGateAndHasComeAgainMeanwhileIsReplaced() {
        Sessions.Opened phone = one.open("ann", Platform.ANDROID, "one", null);
        nodes.now += 1_000;
        Sessions.Opened again = two.open("ann", Platform.ANDROID, "one", null);

        ClientSession moved =
                two.open("ann", Platform.ANDROID, "one", phone.login()).session();

        assertThat(nodes.clients.of(moved, Notice.Kicked.class)).isEmpty();
        assertThat(nodes.clients.of(moved, CloseReason.class)).containsExactly(CloseReason.REPLACED);
        assertThat(nodes.clients.of(again.session(), CloseReason.class)).isEmpty();
    }

    @Test
    void whatIsWrittenByMarkerReachesTheOtherNodeAndItsSender() {
        ClientSession ann = phone(one, "ann");
        ClientSession bob = phone(two, "bob");
        group("ann", "bob", "cid", "dan");
        send(one, ann, GROUP, "m1");
        nodes.exchange();
        two.fanOut();
        nodes.exchange();

        assertThat(nodes.clients.inbox(bob)).containsExactly(1L, 2L);
        assertThat(nodes.clients.inbox(ann))
                .as("written by the other node, and not named by an answer")
                .containsExactly(1L, 2L);
    }

    @Test
    void markersOfABusyNodeAreWrittenByTheOther() {
        ClientSession ann = phone(one, "ann");
        ClientSession bob = phone(two, "bob");
        two.fanOut();
        group("ann", "bob", "cid", "dan");
        nodes.exchange();
        assertThat(two.fanOutOnce()).as("the node that left it goes first").isFalse();
        nodes.now += 300;
        two.fanOut();
        nodes.exchange();

        assertThat(nodes.clients.inbox(bob)).containsExactly(1L);
        assertThat(nodes.clients.inbox(ann)).containsExactly(1L);
    }

    @Test
    void largeGroupIsStreamedAtBothNodes() {
        ClientSession ann = phone(one, "ann");
        ClientSession bob = phone(two, "bob");
        largeGroup();
        bob.acknowledged(nodes.storage.head("bob"));
        long first = nodes.storage.head(GROUP) + 1;

        send(one, ann, GROUP, "m1");
        send(one, ann, GROUP, "m2");
        nodes.exchange();

        assertThat(nodes.clients.stream(bob, "g")).containsExactly(first, first + 1);
        assertThat(nodes.clients.stream(ann, "g")).isEmpty();
    }

    @Test
    void newMemberOfALargeGroupReadsItAtTheOtherNode() {
        ClientSession ann = phone(one, "ann");
        ClientSession hal = phone(two, "hal");
        largeGroup();
        change(one, new MembersAdded(List.of("hal")));
        long joined = nodes.storage.head(GROUP);
        one.fanOut();
        nodes.exchange();
        send(one, ann, GROUP, "m1");
        nodes.exchange();

        assertThat(nodes.clients.stream(hal, "g")).containsExactly(joined, joined + 1);
    }

    @Test
    void whoLeftALargeGroupAndCameBackGoesOnInTheFirstTimeAtANodeThatWasToldNothingOfIt() {
        ClientSession ann = phone(one, "ann");
        phone(two, "hal");
        largeGroup();
        change(one, new MembersAdded(List.of("hal")));
        long joined = nodes.storage.head(GROUP);
        one.fanOut();
        nodes.exchange();
        send(one, ann, GROUP, "m1");
        change(one, new MembersRemoved(List.of("hal")));
        long removed = nodes.storage.head(GROUP);
        send(one, ann, GROUP, "m2");
        change(one, new MembersAdded(List.of("hal")));
        one.takeTold();

        ClientSession moved = phone(one, "hal");

        assertThat(nodes.clients.stream(moved, "g")).containsExactly(joined, joined + 1, removed);
    }

    @Test
    void newMemberWhoseJoiningWasNotToldIsFoundByComparingHeads() {
        ClientSession ann = phone(one, "ann");
        ClientSession hal = phone(two, "hal");
        largeGroup();
        change(one, new MembersAdded(List.of("hal")));
        long joined = nodes.storage.head(GROUP);
        send(one, ann, GROUP, "m1");
        one.takeTold();

        two.messaging.fromNodes().missed();

        assertThat(nodes.clients.stream(hal, "g")).containsExactly(joined, joined + 1);
    }

    @Test
    void streamOfALargeGroupThatIsBehindIsFound() {
        ClientSession ann = phone(one, "ann");
        ClientSession bob = phone(two, "bob");
        largeGroup();
        bob.acknowledged(nodes.storage.head("bob"));
        send(one, ann, GROUP, "m1");
        long seq = nodes.storage.head(GROUP);
        one.takeTold();

        two.messaging.fromNodes().missed();

        assertThat(nodes.clients.stream(bob, "g")).containsExactly(seq);
    }

    @Test
    void whoWasRemovedIsNotSentWhatTheOwnNodeStoresNext() {
        ClientSession ann = phone(one, "ann");
        ClientSession bob = phone(two, "bob");
        largeGroup();
        bob.acknowledged(nodes.storage.head("bob"));
        change(one, new MembersRemoved(List.of("bob")));
        long removed = nodes.storage.head(GROUP);
        List<NodeNotice> told = one.takeTold();
        // Step by step, with the next message in between wherever it may come.
        for (NodeNotice notice : told) {
            two.take(List.of(notice));
            change(two, new GroupChange.ProfileSet("n" + requests, null, null));
        }
        send(one, ann, GROUP, "m1");
        nodes.exchange();

        assertThat(nodes.clients.stream(bob, "g")).containsExactly(removed);
    }

    @Test
    void receiptsSignalsAndReadMarksCross() {
        ClientSession ann = phone(one, "ann");
        ClientSession annAtTwo = web(two, "ann");
        ClientSession bob = phone(two, "bob");
        ClientSession bobAtOne = web(one, "bob");
        send(one, ann, DIRECT, "m1");
        nodes.exchange();
        bob.acknowledged(1);
        two.messaging.sessions().sendSignal().send(new Notice.Typing("bob", DIRECT, true));
        TwoNodes.done(two.messaging.receipts().markRead().mark("bob", DIRECT, 1));
        nodes.passes(1_000);
        nodes.passes(1_000);
        nodes.exchange();

        for (ClientSession device : List.of(ann, annAtTwo)) {
            assertThat(nodes.clients.of(device, Notice.class))
                    .containsExactly(new Notice.Typing("bob", DIRECT, true), new Notice.Receipt("bob", DIRECT, 1, 1));
        }
        assertThat(nodes.clients.of(bobAtOne, Entry.OfEvent.class))
                .containsExactly(new Entry.OfEvent(2, new Event.ReadUpTo(DIRECT, 1, 1)));
    }

    @Test
    void typingInAGroupCrossesInOneNotice() {
        ClientSession ann = phone(one, "ann");
        ClientSession bob = phone(two, "bob");
        ClientSession cid = phone(two, "cid");
        group("ann", "bob", "cid");
        nodes.exchange();
        one.messaging.sessions().sendSignal().send(new Notice.Typing("ann", GROUP, true));
        List<NodeNotice> told = one.takeTold();
        two.take(told);

        Notice typing = new Notice.Typing("ann", GROUP, true);
        assertThat(told).containsExactly(new NodeNotice.ToUsers(List.of("bob", "cid"), typing));
        assertThat(nodes.clients.of(bob, Notice.class)).containsExactly(typing);
        assertThat(nodes.clients.of(cid, Notice.class)).containsExactly(typing);
        assertThat(nodes.clients.of(ann, Notice.class)).isEmpty();
    }

    @Test
    void pushForThoseOnlineReachesTheOtherNodeAndOnlyWhoIsThere() {
        ClientSession ann = phone(one, "ann");
        ClientSession bob = phone(two, "bob");
        Push push = new Push("p1", "news", List.of("ann", "bob", "cid"), PushMode.ONLINE_ONLY, new byte[] {1});
        TwoNodes.done(one.messaging.push().submitPush().submit(push));
        nodes.passes(1_000);
        nodes.passes(1_000);
        nodes.exchange();

        assertThat(nodes.clients.of(ann, Notice.Push.class)).hasSize(1);
        assertThat(nodes.clients.of(bob, Notice.Push.class)).hasSize(1);
        assertThat(counted(PushCounter.ONLINE)).isEqualTo(2);
        assertThat(counted(PushCounter.OFFLINE)).isEqualTo(1);
    }

    @Test
    void newerLoginAtTheOtherNodeEndsTheOlderOneAndTellsIt() {
        ClientSession older = one.online("ann", Platform.ANDROID, "old");
        ClientSession newer = two.online("ann", Platform.IOS, "new");
        List<NodeNotice> told = two.takeTold();
        one.take(told);
        one.take(told);

        assertThat(nodes.clients.of(older, Object.class))
                .containsExactly(new Notice.Kicked("ios:new", nodes.now), CloseReason.KICKED);
        assertThat(nodes.clients.of(newer, Object.class)).isEmpty();
        one.messaging.sessions().logins().close(older);
        assertThat(one.messaging.sessions().logins().of("ann")).hasSize(1);
    }

    @Test
    void sameDeviceAtTheOtherNodeIsReplacedWithoutBeingTold() {
        ClientSession older = one.online("ann", Platform.ANDROID, "same");
        two.online("ann", Platform.ANDROID, "same");
        nodes.exchange();

        assertThat(nodes.clients.of(older, Object.class)).containsExactly(CloseReason.REPLACED);
    }

    /** At both nodes: either may have carried out the push. */
    private long counted(PushCounter counter) {
        return one.messaging.push().counters().value(counter)
                + two.messaging.push().counters().value(counter);
    }

    private ClientSession phone(Node node, String uid) {
        return node.online(uid, Platform.ANDROID, "phone");
    }

    private ClientSession web(Node node, String uid) {
        return node.online(uid, Platform.WEB, "web");
    }

    private void send(Node node, ClientSession from, Conversation to, String id) {
        var answer =
                node.messaging.messages().sendMessage().send(from.origin(), from.device(), to, id, new byte[10], 0);
        node.lane();
        assertThat(TwoNodes.done(answer)).isInstanceOf(SendOutcome.Stored.class);
    }

    private void group(String owner, String... members) {
        change(one, new Created(owner, "name", false, 0, List.of(members)));
    }

    /** With everybody but hal; all streams have begun. */
    private void largeGroup() {
        group("ann", "bob", "cid", "dan", "eve", "fay", "gus");
        one.lane();
        one.fanOut();
        nodes.exchange();
        assertThat(nodes.storage.ports().groups().find("g").orElseThrow().large())
                .isTrue();
    }

    private void change(Node node, GroupChange change) {
        DeviceKey business = new DeviceKey(SystemUser.UID, SystemUser.DEVICE);
        var answer = node.messaging.groups().changeGroup().change(business, "g", "change-" + ++requests, change);
        node.lane();
        assertThat(TwoNodes.done(answer)).isInstanceOf(SendOutcome.Stored.class);
    }
}
