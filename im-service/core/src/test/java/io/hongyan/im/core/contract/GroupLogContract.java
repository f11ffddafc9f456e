package io.hongyan.im.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.group.GroupChange.AllMuted;
import io.hongyan.im.core.group.GroupChange.BecameLarge;
import io.hongyan.im.core.group.GroupChange.Created;
import io.hongyan.im.core.group.GroupChange.Dissolved;
import io.hongyan.im.core.group.GroupChange.Joined;
import io.hongyan.im.core.group.GroupChange.Left;
import io.hongyan.im.core.group.GroupChange.MemberMuted;
import io.hongyan.im.core.group.GroupChange.MembersAdded;
import io.hongyan.im.core.group.GroupChange.MembersRemoved;
import io.hongyan.im.core.group.GroupChange.ProfileSet;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.message.SystemUser;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Appended.FanOut;
import io.hongyan.im.core.send.Appended.InboxPosition;
import io.hongyan.im.core.send.Appended.Refused;
import io.hongyan.im.core.send.Appended.Repeated;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.send.History.Position;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What a {@link io.hongyan.im.core.send.MessageLog} promises of groups and system conversations: membership exact to the
 * entry, and changes that are entries like others.
 */
public abstract class GroupLogContract extends GroupStorageContract {

    @Test
    void creationIsTheFirstEntryOfAllMembers() {
        users("ann", "bob", "cid");

        Appended.Stored stored =
                stored(append(change("bob", "r1", new Created("bob", "name", false, 0, List.of("cid", "ann"))))
                        .get(0));

        assertSame(stored.message(), new StoredMessage(GROUP, 1, 0, "bob", PHONE, "r1", NOW, bytes("r1")));
        assertThat(stored.fanOut()).isEqualTo(FanOut.INLINE);
        assertThat(stored.positions().get(0)).isEqualTo(new InboxPosition("bob", 1));
        assertThat(stored.positions())
                .containsExactlyInAnyOrder(
                        new InboxPosition("bob", 1), new InboxPosition("ann", 1), new InboxPosition("cid", 1));
        assertSame(logOf(GROUP).get(0), stored.message());
        assertThat(entriesOf("ann")).containsExactly(1L);
    }

    @Test
    void messageStandsInEveryInboxWithTheSenderFirst() {
        group("ann", "bob", "cid");

        Appended.Stored stored = sent("cid", "m1");

        assertThat(stored.message().seq()).isEqualTo(2);
        assertThat(stored.outgrown()).isFalse();
        assertThat(stored.positions().get(0)).isEqualTo(new InboxPosition("cid", 2));
        assertThat(stored.positions()).hasSize(3);
        for (String uid : List.of("ann", "bob", "cid")) {
            assertThat(entriesOf(uid)).containsExactly(1L, 2L);
            assertThat(positionOf(uid, stored)).isEqualTo(2);
        }
    }

    @Test
    void joinerGetsTheOwnJoiningAndNothingBefore() {
        group("ann", "bob");
        sent("ann", "m1");

        added("cid");
        sent("bob", "m2");

        assertThat(entriesOf("ann")).containsExactly(1L, 2L, 3L, 4L);
        assertThat(entriesOf("cid")).containsExactly(3L, 4L);
    }

    @Test
    void leaverGetsTheOwnLeavingAndNothingAfter() {
        group("ann", "bob", "cid");
        sent("ann", "m1");

        Appended.Stored left = changed("cid", new Left());
        sent("bob", "m2");
        removed("bob");
        sent("ann", "m3");

        assertThat(left.positions().get(0).uid()).isEqualTo("cid");
        assertThat(entriesOf("ann")).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(entriesOf("bob")).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(entriesOf("cid")).containsExactly(1L, 2L, 3L);
    }

    @Test
    void whoComesBackMissesWhatWasBetween() {
        group("ann", "bob");
        changed("bob", new Left());
        sent("ann", "m1");
        storage().reopen();
        added("bob");
        sent("ann", "m2");

        assertThat(entriesOf("bob")).containsExactly(1L, 2L, 4L, 5L);
    }

    @Test
    void membershipIsExactWithinOneBatch() {
        users("cid");
        group("ann", "bob");

        List<Appended> results = append(
                message("bob", "m1"),
                change("ann", "r1", new MembersAdded(List.of("cid"))),
                message("cid", "m2"),
                change("ann", "r2", new MembersRemoved(List.of("bob"))),
                message("bob", "m3"),
                message("ann", "m4"),
                change("cid", "r3", new Left()),
                message("cid", "m5"),
                message("ann", "m6"));

        assertThat(results.get(4)).isEqualTo(new Refused(Refusal.NOT_A_MEMBER));
        assertThat(results.get(7)).isEqualTo(new Refused(Refusal.NOT_A_MEMBER));
        assertThat(stored(results.get(8)).message().seq()).isEqualTo(8);
        assertThat(entriesOf("ann")).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
        assertThat(entriesOf("bob")).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(entriesOf("cid")).containsExactly(3L, 4L, 5L, 6L, 7L);
    }

    @Test
    void groupIsMadeUsedAndChangedInOneBatch() {
        users("ann", "bob");

        List<Appended> results = append(
                message("ann", "early"),
                change("ann", "r1", new Created("ann", "n", true, 0, List.of())),
                message("ann", "m1"),
                change("bob", "r1", new Joined()),
                message("bob", "m1"));

        assertThat(results.get(0)).isEqualTo(new Refused(Refusal.UNKNOWN_CONVERSATION));
        assertThat(entriesOf("ann")).containsExactly(1L, 2L, 3L, 4L);
        assertThat(entriesOf("bob")).containsExactly(3L, 4L);
    }

    @Test
    void refusedDraftsTakeNoNumberAndChangeNothing() {
        group("ann", "bob");
        users("cid");

        List<Appended> results = append(
                message("cid", "m1"),
                message("nobody", "m1"),
                change("bob", "r1", new MembersAdded(List.of("cid"))),
                change("ann", "r2", new MembersAdded(List.of("cid", "nobody"))),
                change("ann", "r3", new MembersAdded(List.of("bob"))),
                change("ann", "r4", new Left()),
                change("ann", "r5", new Created("ann", "n", false, 0, List.of())),
                change("h", "ann", "r6", new AllMuted(true)));

        assertThat(results)
                .containsExactly(
                        new Refused(Refusal.NOT_A_MEMBER),
                        new Refused(Refusal.NOT_A_MEMBER),
                        new Refused(Refusal.NOT_ALLOWED),
                        new Refused(Refusal.UNKNOWN_USER),
                        new Refused(Refusal.NOTHING_TO_DO),
                        new Refused(Refusal.OWNER_MUST_STAY),
                        new Refused(Refusal.EXISTS),
                        new Refused(Refusal.UNKNOWN_CONVERSATION));
        assertThat(storage().history().head(GROUP)).isEqualTo(1);
        assertThat(storage().history().head(Conversation.group("h"))).isZero();
        assertThat(storage().groups().find("h")).isEmpty();
        assertThat(storage().groups().member("g", "cid")).isEmpty();
        assertThat(sent("ann", "m1").message().seq()).isEqualTo(2);
    }

    @Test
    void mutedMembersDoNotWriteUntilTheirTime() {
        group("ann", "bob", "cid");
        changed("ann", new MemberMuted("bob", NOW + 10));

        assertThat(append(NOW + 9, message("bob", "m1"))).containsExactly(new Refused(Refusal.MUTED));
        assertThat(append(NOW + 10, message("bob", "m1")).get(0)).isInstanceOf(Appended.Stored.class);
        changed("ann", new AllMuted(true));
        storage().reopen();
        assertThat(append(NOW + 11, message("cid", "m1"), message("ann", "m1")))
                .satisfiesExactly(
                        cid -> assertThat(cid).isEqualTo(new Refused(Refusal.MUTED)),
                        ann -> assertThat(ann).isInstanceOf(Appended.Stored.class));
    }

    @Test
    void nothingIsStoredAfterTheEnd() {
        group("ann", "bob");
        changed("ann", new Dissolved());
        storage().reopen();

        assertThat(append(
                        message("ann", "m1"),
                        message(SystemUser.UID, "m1"),
                        change(SystemUser.UID, "r9", new AllMuted(true))))
                .containsOnly(new Refused(Refusal.DISSOLVED));
        assertThat(entriesOf("bob")).containsExactly(1L, 2L);
    }

    @Test
    void changeSentAgainGetsTheFirstAnswerWhateverHasBecomeOfItsAuthor() {
        group("ann", "bob");
        Draft left = change("bob", "leave", new Left());
        Draft created = change("ann", "change-1", new Created("ann", "name", false, 0, List.of("bob")));

        List<Appended> results = append(NOW + 3, left, left);
        storage().reopen();
        List<Appended> again = append(NOW + 9, left, created, change("bob", "again", new Left()));

        assertThat(stored(results.get(0)).message().seq()).isEqualTo(2);
        assertRepeats(results.get(1), 2, NOW + 3);
        assertRepeats(again.get(0), 2, NOW + 3);
        assertRepeats(again.get(1), 1, NOW);
        assertThat(again.get(2)).isEqualTo(new Refused(Refusal.NOT_A_MEMBER));
        assertThat(entriesOf("bob")).containsExactly(1L, 2L);
    }

    @Test
    void inlineMessageSentAgainNamesTheSendersEntry() {
        group("ann", "bob");
        sent("bob", "m1");
        sent("ann", "m2");

        assertThat(append(NOW + 5, message("bob", "m1"))).containsExactly(new Repeated(2, 1, NOW, 2));
        storage().reopen();
        assertThat(append(NOW + 5, message("ann", "m2"))).containsExactly(new Repeated(3, 2, NOW, 3));
    }

    @Test
    void changesTakeNoOrdinal() {
        group("ann", "bob");
        List<Appended> batch = append(
                message("ann", "m1"),
                change("ann", "r1", new ProfileSet("other", null, null)),
                message("cid", "refused"),
                message("bob", "m2"),
                message("ann", "m1"));
        added("cid", "dan", "eve");
        storage().reopen();
        sent("ann", "by-marker");
        becameLarge();
        sent(SystemUser.UID, "of-the-system");
        removed("bob");
        storage().reopen();
        sent("dan", "last");

        assertThat(stored(batch.get(1)).message().ordinal()).isEqualTo(1);
        assertThat(batch.get(4)).extracting("seq", "ordinal").containsExactly(2L, 1L);
        assertThat(logOf(GROUP))
                .extracting(StoredMessage::ordinal)
                .containsExactly(0L, 1L, 1L, 2L, 2L, 3L, 3L, 4L, 4L, 5L);
        fanOutAll();
        assertThat(inboxOf("ann").entries())
                .extracting(entry -> ((Entry.OfMessage) entry).message().ordinal())
                .containsExactly(0L, 1L, 1L, 2L, 2L, 3L, 3L);
        assertThat(storage().history().position(GROUP, 9)).isEqualTo(new Position(9, 4));
    }

    @Test
    void systemWritesWithoutBeingAMember() {
        group("ann", "bob");

        Appended.Stored stored = sent(SystemUser.UID, "news");

        assertThat(stored.message().sender()).isEqualTo(SystemUser.UID);
        assertThat(stored.positions()).extracting(InboxPosition::uid).containsExactlyInAnyOrder("ann", "bob");
        Appended again = append(message(SystemUser.UID, "news")).get(0);
        assertRepeats(again, 2, NOW);
    }

    @Test
    void groupSaysWhenItHasOutgrown() {
        group("a1", "a2", "a3", "a4", "a5", "a6");
        assertThat(sent("a1", "m1").outgrown()).isFalse();

        assertThat(added("a7").outgrown()).isTrue();
        assertThat(sent("a1", "m2").outgrown()).isTrue();
        assertThat(becameLarge().outgrown()).isFalse();
        assertThat(sent("a1", "m3").outgrown()).isFalse();
        assertThat(append(change(SystemUser.UID, "again", new BecameLarge())))
                .containsExactly(new Refused(Refusal.NOTHING_TO_DO));
    }

    @Test
    void groupThatIsDissolvedHasNotOutgrown() {
        group("a1", "a2", "a3", "a4", "a5", "a6", "a7");

        assertThat(changed("a1", new Dissolved()).outgrown()).isFalse();
        assertThat(changed("a2", new Left()).outgrown()).isFalse();
    }

    @Test
    void lastEntryInTheInboxesIsThatOfBecomingLarge() {
        group("ann", "bob");
        sent("ann", "m1");
        assertThat(becameLarge().fanOut()).isEqualTo(FanOut.INLINE);

        Appended.Stored later = sent("bob", "m2");
        storage().reopen();
        Appended.Stored latest = sent("ann", "m3");

        assertThat(later.fanOut()).isEqualTo(FanOut.BY_STREAM);
        assertThat(later.positions()).isEmpty();
        assertThat(latest.fanOut()).isEqualTo(FanOut.BY_STREAM);
        assertThat(latest.message().seq()).isEqualTo(5);
        assertThat(entriesOf("ann")).containsExactly(1L, 2L, 3L);
        assertThat(logOf(GROUP)).hasSize(5);
        assertThat(storage().fanOut().open(WORKER, 10, NOW)).isEmpty();
        assertRepeats(append(message("bob", "m2")).get(0), 4, NOW);
    }

    @Test
    void changeOfALargeGroupReachesTheInboxesOfThoseItAddsAndRemoves() {
        group("ann", "bob", "cid");
        becameLarge();

        Appended.Stored added = added("dan", "eve");
        Appended.Stored removed = removed("bob");
        Appended.Stored left = changed("cid", new Left());
        Appended.Stored named = changed("ann", new ProfileSet("other", null, null));

        assertThat(List.of(added, removed, left, named))
                .allMatch(stored -> stored.fanOut().equals(FanOut.BY_STREAM));
        assertThat(added.positions())
                .containsExactlyInAnyOrder(new InboxPosition("dan", 1), new InboxPosition("eve", 1));
        assertThat(removed.positions()).containsExactly(new InboxPosition("bob", 3));
        assertThat(left.positions()).containsExactly(new InboxPosition("cid", 3));
        assertThat(named.positions()).isEmpty();
        assertThat(entriesOf("ann")).containsExactly(1L, 2L);
        assertThat(entriesOf("bob")).containsExactly(1L, 2L, 4L);
        assertThat(entriesOf("cid")).containsExactly(1L, 2L, 5L);
        assertThat(entriesOf("dan")).containsExactly(3L);
        assertThat(entriesOf("eve")).containsExactly(3L);
    }

    @Test
    void groupsAndDirectMessagesShareAnInbox() {
        group("ann", "bob");
        store("ann", "bob", "m1");
        sent("bob", "m1");
        store("bob", "ann", "m2");

        assertThat(inboxOf("bob").headSeq()).isEqualTo(4);
        assertThat(entriesOf("bob")).containsExactly(1L, 2L);
        assertThat(entriesOf("bob", Conversation.direct("ann", "bob"))).containsExactly(1L, 2L);
    }

    @Test
    void systemConversationHasItsReaderAsOnlyRecipient() {
        users("ann", "bob");
        Conversation channel = Conversation.system("news", "bob");
        Draft push = new Draft(channel, SystemUser.UID, SystemUser.DEVICE, "push-1", bytes("text"));
        Draft toNobody = new Draft(
                Conversation.system("news", "nobody"), SystemUser.UID, SystemUser.DEVICE, "push-1", bytes("text"));

        List<Appended> results = append(push, toNobody, push);

        assertThat(stored(results.get(0)).positions()).containsExactly(new InboxPosition("bob", 1));
        assertThat(stored(results.get(0)).fanOut()).isEqualTo(FanOut.INLINE);
        assertThat(results.get(1)).isEqualTo(new Refused(Refusal.UNKNOWN_USER));
        assertRepeats(results.get(2), 1, NOW);
        storage().reopen();
        assertRepeats(append(NOW + 1, push).get(0), 1, NOW);
        assertThat(entriesOf("bob", channel)).containsExactly(1L);
        assertSame(logOf(channel).get(0), stored(results.get(0)).message());
        assertThat(storage().inbox().head("ann")).isZero();
        assertThat(storage().history().head(Conversation.system("news", "nobody")))
                .isZero();
    }

    @Test
    void onlyTheSystemWritesInItsConversations() {
        users("ann", "bob");

        for (String uid : List.of("ann", "bob")) {
            assertThat(append(new Draft(Conversation.system("news", "bob"), uid, PHONE, "m1", bytes("x"))))
                    .containsExactly(new Refused(Refusal.NOT_ALLOWED));
        }
    }

    @Test
    void systemConversationsOfOneChannelAreSeparate() {
        users("ann", "bob");
        for (String uid : List.of("ann", "bob", "ann")) {
            Conversation conversation = Conversation.system("news", uid);
            long seq = storage().history().head(conversation) + 1;
            Draft push = new Draft(conversation, SystemUser.UID, SystemUser.DEVICE, "push-" + seq, bytes("x"));
            assertThat(stored(append(push).get(0)).message().seq()).isEqualTo(seq);
        }
        assertThat(storage().inbox().head("ann")).isEqualTo(2);
        assertThat(storage().inbox().head("bob")).isEqualTo(1);
    }

    private static void assertRepeats(Appended appended, long seq, long sentAtMillis) {
        assertThat(appended).isInstanceOf(Repeated.class);
        Repeated repeated = (Repeated) appended;
        assertThat(repeated.seq()).isEqualTo(seq);
        assertThat(repeated.sentAtMillis()).isEqualTo(sentAtMillis);
    }
}
