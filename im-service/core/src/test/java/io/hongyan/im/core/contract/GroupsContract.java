package io.hongyan.im.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.group.GroupChange.AllMuted;
import io.hongyan.im.core.group.GroupChange.Created;
import io.hongyan.im.core.group.GroupChange.Dissolved;
import io.hongyan.im.core.group.GroupChange.Left;
import io.hongyan.im.core.group.GroupChange.MemberMuted;
import io.hongyan.im.core.group.GroupChange.OwnerSet;
import io.hongyan.im.core.group.GroupChange.ProfileSet;
import io.hongyan.im.core.group.GroupChange.RoleSet;
import io.hongyan.im.core.group.GroupInfo;
import io.hongyan.im.core.group.GroupInfo.Members;
import io.hongyan.im.core.group.GroupInfo.Profile;
import io.hongyan.im.core.group.GroupMember;
import io.hongyan.im.core.group.GroupRole;
import io.hongyan.im.core.group.Groups;
import io.hongyan.im.core.group.Groups.Membership;
import io.hongyan.im.core.group.Groups.MembershipInterval;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.Event;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.SystemUser;
import io.hongyan.im.core.receipt.Marks.Mark;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.sync.ConversationList.Item;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@link Groups} promises, and what conversation lists and marks promise of groups. */
public abstract class GroupsContract extends GroupStorageContract {
    private static final long LASTS = Long.MAX_VALUE;

    @Test
    void unknownGroupHasNothing() {
        users("ann");

        assertThat(storage().groups().find("g")).isEmpty();
        assertThat(storage().groups().member("g", "ann")).isEmpty();
        assertThat(storage().groups().members("g", "", 10)).isEmpty();
        assertThat(storage().groups().groupsOf("ann", "", false, 10)).isEmpty();
        assertThat(storage().groups().groupsOf("nobody", "", false, 10)).isEmpty();
        assertThat(storage().groups().membershipIntervals("g", "ann", 10)).isEmpty();
        assertThat(storage().groups().mayRead("g", "ann", 1)).isFalse();
    }

    @Test
    void groupIsFoundAsItsChangesHaveMadeIt() {
        users("ann", "bob");
        append(change("ann", "r1", new Created("ann", "first name", true, 7, List.of("bob"))));
        assertThat(storage().groups().find("g"))
                .contains(new GroupInfo(
                        "g", new Profile("first name", "", true), "ann", false, new Members(2, 7, 1), 0, false, NOW));

        changed("ann", new ProfileSet("鸿雁 🕊", "an 'announcement'", false));
        changed("ann", new AllMuted(true));
        changed("ann", new OwnerSet("bob"));
        added("cid");
        becameLarge();
        storage().reopen();

        GroupInfo expected = new GroupInfo(
                "g",
                new Profile("鸿雁 🕊", "an 'announcement'", false),
                "bob",
                true,
                new Members(3, 7, 5),
                6,
                false,
                NOW);
        assertThat(storage().groups().find("g")).contains(expected);
        changed("bob", new Dissolved());
        storage().reopen();
        assertThat(storage().groups().find("g")).map(GroupInfo::dissolved).contains(true);
    }

    @Test
    void groupIdsAreCaseSensitive() {
        group("ann");

        assertThat(storage().groups().find("G")).isEmpty();
        append(change("G", "ann", "r1", new Created("ann", "other", false, 0, List.of())));
        assertThat(storage().groups().find("G")).map(GroupInfo::name).contains("other");
        assertThat(storage().groups().find("g")).map(GroupInfo::name).contains("name");
    }

    @Test
    void memberIsFoundWithRoleMuteAndTheNumberOfTheNewestJoining() {
        group("ann", "bob");
        changed("ann", new RoleSet("bob", GroupRole.ADMIN));
        changed("ann", new MemberMuted("bob", LASTS));
        storage().reopen();
        assertThat(member("bob")).isEqualTo(new GroupMember("bob", GroupRole.ADMIN, 1, LASTS));
        assertThat(member("ann")).isEqualTo(new GroupMember("ann", GroupRole.OWNER, 1, 0));

        changed("bob", new Left());
        assertThat(storage().groups().member("g", "bob")).isEmpty();
        added("bob");
        storage().reopen();
        assertThat(member("bob"))
                .as("a new membership starts anew")
                .isEqualTo(new GroupMember("bob", GroupRole.MEMBER, 5, 0));
    }

    @Test
    void presentMembersArePagedByUid() {
        group("m", "b", "z", "B", "a.b", "a");
        removed("z", "b");
        added("b");

        List<String> paged = new ArrayList<>();
        String after = "";
        List<GroupMember> page = storage().groups().members("g", after, 2);
        while (!page.isEmpty()) {
            assertThat(page).hasSizeLessThanOrEqualTo(2);
            page.forEach(member -> paged.add(member.uid()));
            after = paged.get(paged.size() - 1);
            page = storage().groups().members("g", after, 2);
        }

        assertThat(paged).containsExactly("B", "a", "a.b", "b", "m");
        assertThat(storage().groups().members("g", "b", 10)).containsExactly(member("m"));
    }

    @Test
    void groupsOfAUserArePagedByIdAndLargeOnesAlone() {
        users("ann", "bob");
        for (String id : List.of("g", "k", "h", "i")) {
            append(change(id, "ann", "r1", new Created("ann", id, false, 0, List.of("bob"))));
        }
        append(change("h", "bob", "r2", new Left()));
        becameLarge();

        assertThat(idsOf("bob", "", false, 10)).containsExactly("g", "i", "k");
        assertThat(idsOf("bob", "", false, 2)).containsExactly("g", "i");
        assertThat(idsOf("bob", "i", false, 2)).containsExactly("k");
        assertThat(idsOf("bob", "", true, 10)).containsExactly("g");
        assertThat(idsOf("bob", "g", true, 10)).isEmpty();
        assertThat(storage().groups().groupsOf("bob", "", true, 10))
                .containsExactly(new Membership(storage().groups().find("g").orElseThrow(), member("bob")));
    }

    @Test
    void entriesOfTheOwnMembershipsMayBeRead() {
        group("ann", "bob");
        changed("bob", new Left());
        sent("ann", "m1");
        added("bob");
        sent("ann", "m2");
        storage().reopen();

        assertThat(storage().groups().membershipIntervals("g", "bob", 10))
                .containsExactly(new MembershipInterval(1, 2), new MembershipInterval(4, LASTS));
        assertThat(storage().groups().membershipIntervals("g", "bob", 1))
                .containsExactly(new MembershipInterval(4, LASTS));
        assertThat(storage().groups().membershipIntervals("g", "ann", 10))
                .containsExactly(new MembershipInterval(1, LASTS));
        assertThat(storage().groups().membershipIntervals("g", "cid", 10)).isEmpty();
        assertThat(readableBy("ann")).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(readableBy("bob")).containsExactly(1L, 2L, 4L, 5L);
        assertThat(readableBy("cid")).isEmpty();
    }

    @Test
    void messagesAreUnreadFromTheJoining() {
        group("ann", "bob");
        sent("ann", "m1");
        sent("ann", "m2");
        added("cid");
        sent("ann", "m3");

        assertThat(item("cid").headSeq()).isEqualTo(5);
        assertThat(item("cid").headOrdinal()).isEqualTo(3);
        assertThat(item("cid").joinedOrdinal()).isEqualTo(2);
        assertThat(item("cid").unread()).isEqualTo(1);
        assertThat(item("cid").peer()).isNull();
        assertThat(item("bob").unread()).isEqualTo(3);
        storage().marks().raise(List.of(new Mark("cid", GROUP, 4, 4, 2), new Mark("bob", GROUP, 5, 2, 1)));
        storage().reopen();
        assertThat(item("cid").unread()).isEqualTo(1);
        assertThat(item("bob").unread()).isEqualTo(2);
        assertThat(item("bob").mine()).isEqualTo(new Mark("bob", GROUP, 5, 2, 1));
        changed("ann", new ProfileSet("other", null, null));
        storage().marks().raise(List.of(new Mark("cid", GROUP, 0, 5, 3)));
        assertThat(item("cid").unread()).as("a change is nothing to read").isZero();
        assertThat(item("ann").unread()).as("the newest entry is ann's own").isZero();
    }

    @Test
    void readEventHasTheOrdinalOfItsEntry() {
        group("ann", "bob");
        sent("ann", "m1");
        added("cid");
        sent("ann", "m2");

        storage().marks().appendReadEvents(List.of(new Mark("bob", GROUP, 0, 4, 2), new Mark("cid", GROUP, 0, 3, 1)));
        storage().reopen();

        assertThat(inboxOf("bob").entries().get(4)).isEqualTo(new Entry.OfEvent(5, new Event.ReadUpTo(GROUP, 4, 2)));
        assertThat(inboxOf("cid").entries().get(2)).isEqualTo(new Entry.OfEvent(3, new Event.ReadUpTo(GROUP, 3, 1)));
        assertThat(item("bob").unread()).isZero();
        assertThat(item("cid").unread()).isEqualTo(1);
    }

    @Test
    void whoHasLeftSeesTheGroupAsItWasThen() {
        group("ann", "bob");
        sent("ann", "m1");
        changed("bob", new Left());
        sent("ann", "m2");

        assertThat(item("bob").headSeq()).isEqualTo(3);
        assertThat(item("bob").last().seq()).isEqualTo(3);
        assertThat(item("bob").headOrdinal()).isEqualTo(1);
        assertThat(item("ann").headSeq()).isEqualTo(4);
        added("bob");
        assertThat(item("bob").headSeq()).isEqualTo(5);
        assertThat(item("bob").joinedOrdinal()).isEqualTo(2);
        assertThat(item("bob").unread()).isZero();
        sent("ann", "m3");
        storage().reopen();
        sent("ann", "m4");
        assertThat(item("bob").unread()).isEqualTo(2);
        removed("bob");
        sent("ann", "m5");
        assertThat(item("bob").unread()).isEqualTo(2);
    }

    @Test
    void largeGroupsAreListedWhateverHasChanged() {
        group("ann", "bob");
        becameLarge();
        sent("ann", "m1");
        long version = storage().inbox().head("bob");

        assertThat(storage()
                        .conversations()
                        .list("bob", version, null, 10, Integer.MAX_VALUE)
                        .items())
                .extracting(Item::headSeq)
                .containsExactly(3L);
        removed("bob");
        assertThat(item("bob").headSeq()).isEqualTo(4);
        assertThat(storage()
                        .conversations()
                        .list("bob", version + 1, null, 10, Integer.MAX_VALUE)
                        .items())
                .isEmpty();
    }

    @Test
    void groupsAndDirectConversationsAreListedTogetherInPages() {
        group("ann", "bob");
        users("cid");
        store("bob", "cid", "m1");
        append(change("h", "bob", "r", new Created("bob", "h", false, 0, List.of())));

        assertThat(listed("bob", 0))
                .containsExactlyInAnyOrder(GROUP, Conversation.group("h"), Conversation.direct("bob", "cid"));
    }

    @Test
    void aDissolvedGroupIsListedUntilOneLeavesIt() {
        group("ann", "bob", "cid");
        users("dan");
        sent("ann", "m1");
        changed("cid", new Left());
        assertThat(listed("cid", 0)).containsExactly(GROUP);
        changed("ann", new Dissolved());
        long version = storage().inbox().head("bob");
        assertThat(listed("ann", 0)).containsExactly(GROUP);
        assertThat(listed("bob", 0)).containsExactly(GROUP);
        assertThat(listed("cid", 0)).isEmpty();

        changed("bob", new Left());
        storage().reopen();

        assertThat(listed("bob", 0)).isEmpty();
        assertThat(listed("bob", version)).isEmpty();
        assertThat(listed("ann", 0)).containsExactly(GROUP);
        assertThat(storage().groups().groupsOf("bob", "", false, 10)).isEmpty();
        assertThat(storage().groups().find("g")).map(GroupInfo::memberCount).contains(1);
        assertThat(storage().groups().membershipIntervals("g", "bob", 10))
                .containsExactly(new MembershipInterval(1, 5));
        assertThat(entriesOf("bob")).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(append(change("bob", "again", new Left()), change("dan", "out", new Left())))
                .containsOnly(new Appended.Refused(Refusal.DISSOLVED));

        changed("ann", new Left());
        assertThat(listed("ann", 0)).isEmpty();
        assertThat(storage().groups().members("g", "", 10)).isEmpty();
        assertThat(storage().groups().find("g")).map(GroupInfo::dissolved).contains(true);
    }

    @Test
    void aDissolvedLargeGroupIsListedUntilOneLeavesIt() {
        group("a1", "a2", "a3", "a4", "a5", "a6");
        becameLarge();
        fanOutAll();
        changed("a1", new Dissolved());
        assertThat(listed("a2", 0)).containsExactly(GROUP);
        assertThat(listed("a2", 2)).containsExactly(GROUP);

        changed("a2", new Left());

        assertThat(listed("a2", 0)).isEmpty();
        assertThat(listed("a2", 2)).isEmpty();
        assertThat(listed("a3", 0)).containsExactly(GROUP);
        assertThat(entriesOf("a2")).containsExactly(1L, 2L, 4L);
        assertThat(entriesOf("a3")).containsExactly(1L, 2L);
    }

    @Test
    void groupsThatWereLeftAndDissolvedDoNotEndAListEarly() {
        users("ann", "bob");
        List<Conversation> kept = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            String id = "g" + i;
            append(change(id, "ann", "made", new Created("ann", "n", false, 0, List.of("bob"))));
            if (i % 6 == 5) {
                kept.add(Conversation.group(id));
            } else {
                append(change(id, "ann", "end", new Dissolved()), change(id, "bob", "gone", new Left()));
            }
        }

        assertThat(listed("bob", 0)).containsExactlyElementsOf(kept);
        assertThat(listed("bob", 1)).containsExactlyElementsOf(kept);
    }

    @Test
    void groupsAskedForByNameAreThoseOfTheListAsFarAsTheUserMayRead() {
        group("ann", "bob", "cid");
        users("dan");
        sent("ann", "m1");
        changed("cid", new Left());
        sent("ann", "m2");
        append(change("gone", "ann", "made", new Created("ann", "n", false, 0, List.of("bob"))));
        append(change("gone", "bob", "left", new Left()), change("gone", "ann", "end", new Dissolved()));
        List<Conversation> asked = List.of(GROUP, Conversation.group("gone"));

        for (String uid : new String[] {"ann", "bob", "cid", "dan"}) {
            List<Item> listed = storage()
                    .conversations()
                    .list(uid, 0, null, 10, Integer.MAX_VALUE)
                    .items();
            List<Item> only = storage()
                    .conversations()
                    .only(uid, asked, Integer.MAX_VALUE)
                    .items();
            assertThat(only)
                    .as(uid)
                    .usingRecursiveComparison()
                    .ignoringCollectionOrder()
                    .isEqualTo(listed);
        }
        assertThat(storage().conversations().only("cid", asked, 1_000).items())
                .extracting(Item::headSeq)
                .containsExactly(3L);
        assertThat(storage().conversations().only("bob", asked, 1_000).items()).hasSize(1);
    }

    /** In pages of two. */
    private List<Conversation> listed(String uid, long afterInboxSeq) {
        List<Conversation> listed = new ArrayList<>();
        String page = null;
        do {
            var given = storage().conversations().list(uid, afterInboxSeq, page, 2, Integer.MAX_VALUE);
            given.items().forEach(item -> listed.add(item.conversation()));
            page = given.next();
        } while (page != null);
        return listed;
    }

    @Test
    void marksOfGroupsRiseForMembersAndThoseWhoHaveLeft() {
        group("ann", "bob", "cid");
        users("dan");
        sent("ann", "m1");
        changed("cid", new Left());

        storage()
                .marks()
                .raise(List.of(
                        new Mark("bob", GROUP, 2, 1, 1),
                        new Mark("cid", GROUP, 3, 0, 0),
                        new Mark("dan", GROUP, 2, 2, 2),
                        new Mark("bob", Conversation.group("h"), 1, 1, 1)));

        assertThat(storage().marks().find("bob", GROUP)).isEqualTo(new Mark("bob", GROUP, 2, 1, 1));
        assertThat(storage().marks().find("cid", GROUP)).isEqualTo(new Mark("cid", GROUP, 3, 0, 0));
        assertThat(storage().marks().find("dan", GROUP)).isEqualTo(new Mark("dan", GROUP, 0, 0, 0));
        assertThat(storage().marks().find("ann", GROUP)).isEqualTo(new Mark("ann", GROUP, 0, 0, 0));
        assertThat(storage()
                        .conversations()
                        .list("dan", 0, null, 10, Integer.MAX_VALUE)
                        .items())
                .isEmpty();
    }

    @Test
    void markIsKeptWhenSomebodyComesBack() {
        group("ann", "bob");
        storage().marks().raise(List.of(new Mark("bob", GROUP, 1, 1, 1)));
        changed("bob", new Left());
        added("bob");

        assertThat(storage().marks().find("bob", GROUP)).isEqualTo(new Mark("bob", GROUP, 1, 1, 1));
    }

    @Test
    void readEventsOfGroupsStandInTheReadersInbox() {
        group("ann", "bob");
        sent("ann", "m1");

        assertThat(storage()
                        .marks()
                        .appendReadEvents(List.of(new Mark("bob", GROUP, 0, 2, 2), new Mark("cid", GROUP, 0, 2, 2)))
                        .positions())
                .hasSize(1);

        assertThat(storage().inbox().head("bob")).isEqualTo(3);
        assertThat(storage().inbox().head("ann")).isEqualTo(2);
        assertThat(sent("ann", "m2").positions().stream()
                        .filter(position -> position.uid().equals("bob"))
                        .findFirst()
                        .orElseThrow()
                        .seq())
                .isEqualTo(4);
    }

    @Test
    void systemConversationsAreListedAndHaveMarks() {
        users("ann");
        Conversation channel = Conversation.system("news", "ann");
        append(new io.hongyan.im.core.send.Draft(channel, SystemUser.UID, SystemUser.DEVICE, "push-1", bytes("text")));
        storage().marks().raise(List.of(new Mark("ann", channel, 1, 0, 0)));

        Item item = storage()
                .conversations()
                .list("ann", 0, null, 10, Integer.MAX_VALUE)
                .items()
                .get(0);

        assertThat(item.conversation()).isEqualTo(channel);
        assertThat(item.headSeq()).isEqualTo(1);
        assertThat(item.last().sender()).isEqualTo(SystemUser.UID);
        assertThat(item.mine()).isEqualTo(new Mark("ann", channel, 1, 0, 0));
        assertThat(item.peer()).isNull();
        assertThat(item.unread()).isEqualTo(1);
    }

    private GroupMember member(String uid) {
        return storage().groups().member("g", uid).orElseThrow();
    }

    private List<String> idsOf(String uid, String after, boolean largeOnly, int limit) {
        return storage().groups().groupsOf(uid, after, largeOnly, limit).stream()
                .map(membership -> membership.group().id())
                .toList();
    }

    private List<Long> readableBy(String uid) {
        List<Long> seqs = new ArrayList<>();
        for (long seq = 0; seq <= 5; seq++) {
            if (storage().groups().mayRead("g", uid, seq)) {
                seqs.add(seq);
            }
        }
        return seqs;
    }

    private Item item(String uid) {
        return storage().conversations().list(uid, 0, null, 10, Integer.MAX_VALUE).items().stream()
                .filter(item -> item.conversation().equals(GROUP))
                .findFirst()
                .orElseThrow();
    }
}
