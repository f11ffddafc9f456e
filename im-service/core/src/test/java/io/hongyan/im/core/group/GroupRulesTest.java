package io.hongyan.im.core.group;

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
import io.hongyan.im.core.group.GroupChange.OwnerSet;
import io.hongyan.im.core.group.GroupChange.ProfileSet;
import io.hongyan.im.core.group.GroupChange.RoleSet;
import io.hongyan.im.core.group.GroupDecision.Accepted;
import io.hongyan.im.core.group.GroupInfo.Members;
import io.hongyan.im.core.group.GroupInfo.Profile;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.SystemUser;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class GroupRulesTest {
    static final long NOW = 1_000_000;

    private static final String SYSTEM = SystemUser.UID;
    private static final Set<String> USERS =
            Set.of("owner", "admin", "other-admin", "member", "other", "new", "newer", "newest", SYSTEM);

    /** At most 6 members, 3 in a change. */
    private static final GroupLimits LIMITS = new GroupLimits(6, 3, 4, 2, 2, 10, 5, 8);

    private final RuledGroup none = new RuledGroup(LIMITS, USERS);
    private final RuledGroup group = new RuledGroup(LIMITS, USERS);

    /** owner, admin, member, other; seq 2. */
    @BeforeEach
    void makeGroup() {
        accept("owner", created("owner", "admin", "member", "other"));
        accept("owner", new RoleSet("admin", GroupRole.ADMIN));
    }

    @Test
    void creatorIsTheOwnerAndAllJoinWithTheFirstEntry() {
        Accepted accepted = (Accepted) none.decide("owner", new Created("owner", "name", true, 5, List.of("member")));

        assertThat(accepted.after())
                .isEqualTo(new GroupInfo(
                        "g", new Profile("name", "", true), "owner", false, new Members(2, 5, 1), 0, false, NOW));
        assertThat(accepted.joining())
                .containsExactly(
                        new GroupMember("owner", GroupRole.OWNER, 1, 0),
                        new GroupMember("member", GroupRole.MEMBER, 1, 0));
        assertThat(accepted.leaving()).isEmpty();
        assertThat(accepted.edited()).isEmpty();
    }

    @Test
    void systemCreatesForAnybodyAndUsersForThemselves() {
        assertThat(none.change("member", created("owner"))).contains(Refusal.NOT_ALLOWED);
        assertThat(none.change(SYSTEM, created(SYSTEM))).contains(Refusal.UNKNOWN_USER);
        assertThat(none.change(SYSTEM, created("owner"))).isEmpty();
        assertThat(none.info.owner()).isEqualTo("owner");
    }

    @Test
    void groupIsCreatedOnce() {
        refuse("owner", created("owner"), Refusal.EXISTS);
        accept("owner", new Dissolved());
        refuse("owner", created("owner"), Refusal.EXISTS);
    }

    @Test
    void badCreationsAreRefused() {
        assertThat(none.change("owner", created("owner", "member", "member"))).contains(Refusal.MALFORMED);
        assertThat(none.change("owner", created("owner", "owner"))).contains(Refusal.MALFORMED);
        assertThat(none.change("owner", new Created("owner", null, false, 0, List.of())))
                .contains(Refusal.MALFORMED);
        assertThat(none.change("owner", new Created(null, "n", false, 0, List.of())))
                .contains(Refusal.MALFORMED);
        assertThat(none.change("owner", new Created("owner", "n", false, -1, List.of())))
                .contains(Refusal.MALFORMED);
        assertThat(none.change("owner", new Created("owner", "n", false, 7, List.of())))
                .contains(Refusal.TOO_LARGE);
        assertThat(none.change("owner", new Created("owner", "123456", false, 0, List.of())))
                .contains(Refusal.TOO_LARGE);
        assertThat(none.change("owner", created("owner", "member", "other", "new", "newer")))
                .contains(Refusal.TOO_LARGE);
        assertThat(none.change("owner", new Created("owner", "n", false, 2, List.of("member", "other"))))
                .contains(Refusal.GROUP_FULL);
        assertThat(none.change("owner", created("owner", "nobody"))).contains(Refusal.UNKNOWN_USER);
        assertThat(none.change("owner", created("owner", SYSTEM))).contains(Refusal.UNKNOWN_USER);
        assertThat(none.change("nobody", created("nobody"))).contains(Refusal.UNKNOWN_USER);
        assertThat(none.info).isNull();
    }

    @Test
    void everyChangeOfAnUnknownGroupIsRefused() {
        for (GroupChange change : everyChange()) {
            assertThat(none.change(SYSTEM, change)).as("%s", change).contains(Refusal.UNKNOWN_CONVERSATION);
        }
    }

    @Test
    void everyChangeOfADissolvedGroupIsRefusedButLeavingIt() {
        accept("owner", new Dissolved());
        for (GroupChange change : everyChange()) {
            refuse(SYSTEM, change, Refusal.DISSOLVED);
            refuse("new", change, Refusal.DISSOLVED);
            if (!(change instanceof Left)) {
                refuse("owner", change, Refusal.DISSOLVED);
            }
        }
    }

    @Test
    void everyMemberCanLeaveADissolvedGroupTheOwnerToo() {
        accept("owner", new Dissolved());
        // The owner not as the last, who may leave any group.
        for (String uid : List.of("owner", "admin", "member", "other")) {
            accept(uid, new Left());
            refuse(uid, new Left(), Refusal.DISSOLVED);
        }
        assertThat(group.members).isEmpty();
        assertThat(group.info.memberCount()).isZero();
        assertThat(group.info.dissolved()).isTrue();
    }

    @Test
    void outsidersChangeNothing() {
        for (GroupChange change : everyChange()) {
            refuse("new", change, change instanceof Joined ? Refusal.NOT_ALLOWED : Refusal.NOT_A_MEMBER);
        }
    }

    @Test
    void plainMembersOnlyLeave() {
        for (GroupChange change : everyChange()) {
            if (!(change instanceof Joined) && !(change instanceof Left)) {
                refuse("member", change, Refusal.NOT_ALLOWED);
            }
        }
        accept("member", new Left());
    }

    @Test
    void adminsDoNotDecideOnRolesOwnerOrEnd() {
        refuse("admin", new RoleSet("member", GroupRole.ADMIN), Refusal.NOT_ALLOWED);
        refuse("admin", new OwnerSet("admin"), Refusal.NOT_ALLOWED);
        refuse("admin", new Dissolved(), Refusal.NOT_ALLOWED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"owner", "admin", "$system"})
    void newMembersAreAddedAndPresentOnesPassedOver(String actor) {
        Accepted accepted = (Accepted) group.decide(actor, new MembersAdded(List.of("new", "member", "new")));

        assertThat(accepted.joining()).containsExactly(new GroupMember("new", GroupRole.MEMBER, 3, 0));
        assertThat(accepted.after().memberCount()).isEqualTo(5);
        assertThat(accepted.after().membersVersion()).isEqualTo(3);
    }

    @Test
    void badAdditionsAreRefused() {
        refuse("owner", new MembersAdded(List.of()), Refusal.MALFORMED);
        refuse("owner", new MembersAdded(List.of("owner", "member")), Refusal.NOTHING_TO_DO);
        refuse("owner", new MembersAdded(List.of("new", "nobody")), Refusal.UNKNOWN_USER);
        refuse("owner", new MembersAdded(List.of(SYSTEM)), Refusal.UNKNOWN_USER);
        refuse("owner", new MembersAdded(List.of("new", "newer", "newest", "owner")), Refusal.TOO_LARGE);
    }

    @Test
    void groupIsFullToTheMember() {
        refuse("owner", new MembersAdded(List.of("new", "newer", "newest")), Refusal.GROUP_FULL);
        accept("owner", new MembersAdded(List.of("new", "newer", "member")));
        assertThat(group.info.memberCount()).isEqualTo(6);
        refuse("owner", new MembersAdded(List.of("newest")), Refusal.GROUP_FULL);
        accept("new", new Left());
        accept("owner", new MembersAdded(List.of("newest")));
    }

    @Test
    void anybodyEntersAnOpenGroupUntilItIsFull() {
        refuse("new", new Joined(), Refusal.NOT_ALLOWED);
        accept("admin", new ProfileSet(null, null, true));
        accept("new", new Joined());
        refuse("new", new Joined(), Refusal.NOTHING_TO_DO);
        refuse(SYSTEM, new Joined(), Refusal.NOT_ALLOWED);
        refuse("nobody", new Joined(), Refusal.UNKNOWN_USER);
        accept("newer", new Joined());
        refuse("newest", new Joined(), Refusal.GROUP_FULL);
        assertThat(group.members.get("new")).isEqualTo(new GroupMember("new", GroupRole.MEMBER, 4, 0));
    }

    @Test
    void membersAreRemovedAndOutsidersPassedOver() {
        accept("admin", new MembersRemoved(List.of("member", "new", "member")));
        assertThat(group.members).doesNotContainKey("member");
        assertThat(group.info.memberCount()).isEqualTo(3);
        refuse("admin", new MembersRemoved(List.of("member")), Refusal.NOTHING_TO_DO);
        refuse("admin", new MembersRemoved(List.of()), Refusal.MALFORMED);
        refuse("admin", new MembersRemoved(List.of("a", "b", "c", "d")), Refusal.TOO_LARGE);
        accept(SYSTEM, new MembersRemoved(List.of("admin", "other")));
    }

    @Test
    void nobodyRemovesTheOwnerAndAdminsRemoveNoAdmins() {
        accept("owner", new RoleSet("other", GroupRole.ADMIN));
        refuse("admin", new MembersRemoved(List.of("member", "other")), Refusal.NOT_ALLOWED);
        refuse("admin", new MembersRemoved(List.of("admin")), Refusal.NOT_ALLOWED);
        for (String actor : List.of("admin", "owner", SYSTEM)) {
            refuse(actor, new MembersRemoved(List.of("owner")), Refusal.OWNER_MUST_STAY);
        }
        accept("owner", new MembersRemoved(List.of("admin")));
    }

    @Test
    void ownerLeavesLastAndTheGroupEnds() {
        refuse("owner", new Left(), Refusal.OWNER_MUST_STAY);
        refuse(SYSTEM, new Left(), Refusal.NOT_ALLOWED);
        accept("owner", new MembersRemoved(List.of("admin", "member", "other")));
        accept("owner", new Left());
        assertThat(group.members).isEmpty();
        assertThat(group.info.memberCount()).isZero();
        assertThat(group.info.dissolved()).isTrue();
    }

    @Test
    void ownerHandsOverAndBecomesAnAdmin() {
        refuse("owner", new OwnerSet("new"), Refusal.NOT_A_MEMBER);
        refuse("owner", new OwnerSet("owner"), Refusal.NOTHING_TO_DO);
        accept("owner", new MemberMuted("member", Long.MAX_VALUE));
        accept("owner", new OwnerSet("member"));
        assertThat(group.info.owner()).isEqualTo("member");
        assertThat(group.members.get("member")).isEqualTo(new GroupMember("member", GroupRole.OWNER, 1, 0));
        assertThat(group.members.get("owner").role()).isEqualTo(GroupRole.ADMIN);
        accept("owner", new Left());
        accept(SYSTEM, new OwnerSet("admin"));
    }

    @Test
    void rolesAreSetByTheOwner() {
        refuse("owner", new RoleSet("member", GroupRole.OWNER), Refusal.MALFORMED);
        refuse("owner", new RoleSet("member", null), Refusal.MALFORMED);
        refuse("owner", new RoleSet("new", GroupRole.ADMIN), Refusal.NOT_A_MEMBER);
        refuse("owner", new RoleSet("owner", GroupRole.MEMBER), Refusal.OWNER_MUST_STAY);
        refuse("owner", new RoleSet("admin", GroupRole.ADMIN), Refusal.NOTHING_TO_DO);
        accept(SYSTEM, new RoleSet("admin", GroupRole.MEMBER));
        assertThat(group.members.get("admin").role()).isEqualTo(GroupRole.MEMBER);
    }

    @Test
    void mutedMembersDoNotWriteUntilTheirTime() {
        accept("admin", new MemberMuted("member", NOW + 1));
        assertThat(group.maySend("member")).contains(Refusal.MUTED);
        accept("admin", new MemberMuted("member", NOW));
        assertThat(group.maySend("member")).isEmpty();
        accept("admin", new MemberMuted("member", Long.MAX_VALUE));
        assertThat(group.maySend("member")).contains(Refusal.MUTED);
        refuse("admin", new MemberMuted("member", Long.MAX_VALUE), Refusal.NOTHING_TO_DO);
        accept("admin", new MemberMuted("member", 0));
        assertThat(group.maySend("member")).isEmpty();
    }

    @Test
    void onlyLowerRolesAreMuted() {
        accept("owner", new RoleSet("other", GroupRole.ADMIN));
        refuse("admin", new MemberMuted("other", 5), Refusal.NOT_ALLOWED);
        refuse("admin", new MemberMuted("owner", 5), Refusal.NOT_ALLOWED);
        refuse("owner", new MemberMuted("owner", 5), Refusal.NOT_ALLOWED);
        refuse("owner", new MemberMuted("new", 5), Refusal.NOT_A_MEMBER);
        refuse("owner", new MemberMuted("member", -1), Refusal.MALFORMED);
        accept("owner", new MemberMuted("admin", Long.MAX_VALUE));
        assertThat(group.maySend("admin")).contains(Refusal.MUTED);
        accept(SYSTEM, new MemberMuted("owner", Long.MAX_VALUE));
        assertThat(group.maySend("owner")).contains(Refusal.MUTED);
    }

    @Test
    void whereAllAreMutedOwnerAndAdminsWrite() {
        accept("admin", new AllMuted(true));
        refuse("admin", new AllMuted(true), Refusal.NOTHING_TO_DO);
        assertThat(group.maySend("member")).contains(Refusal.MUTED);
        assertThat(group.maySend("admin")).isEmpty();
        assertThat(group.maySend("owner")).isEmpty();
        assertThat(group.maySend(SYSTEM)).isEmpty();
        accept("admin", new AllMuted(false));
        assertThat(group.maySend("member")).isEmpty();
    }

    @Test
    void onlyMembersAndTheSystemWriteAndNobodyAfterTheEnd() {
        assertThat(group.maySend("member")).isEmpty();
        assertThat(group.maySend(SYSTEM)).isEmpty();
        assertThat(group.maySend("new")).contains(Refusal.NOT_A_MEMBER);
        accept("owner", new Dissolved());
        assertThat(group.maySend("owner")).contains(Refusal.DISSOLVED);
        assertThat(group.maySend(SYSTEM)).contains(Refusal.DISSOLVED);
    }

    @Test
    void profileIsSetFieldByField() {
        accept("admin", new ProfileSet("鸿雁🕊xx", null, null));
        accept("admin", new ProfileSet(null, "12345678", null));
        accept("admin", new ProfileSet(null, null, true));
        assertThat(group.info)
                .isEqualTo(new GroupInfo(
                        "g",
                        new Profile("鸿雁🕊xx", "12345678", true),
                        "owner",
                        false,
                        new Members(4, 6, 2),
                        0,
                        false,
                        NOW));
        refuse("admin", new ProfileSet(null, null, true), Refusal.NOTHING_TO_DO);
        refuse("admin", new ProfileSet(null, null, null), Refusal.NOTHING_TO_DO);
        refuse("admin", new ProfileSet("123456", null, null), Refusal.TOO_LARGE);
        refuse("admin", new ProfileSet(null, "123456789", null), Refusal.TOO_LARGE);
    }

    @Test
    void groupBecomesLargeOnceAndTheSystemSaysWhen() {
        refuse("owner", new BecameLarge(), Refusal.NOT_ALLOWED);
        accept(SYSTEM, new BecameLarge());
        assertThat(group.info.largeSeq()).isEqualTo(3);
        refuse(SYSTEM, new BecameLarge(), Refusal.NOTHING_TO_DO);
        assertThat(GroupRules.forEveryInbox(group.info, 3)).isTrue();
        assertThat(GroupRules.forEveryInbox(group.info, 4)).isFalse();
    }

    @Test
    void dissolvedGroupKeepsItsMembers() {
        Accepted accepted = (Accepted) group.decide("owner", new Dissolved());
        assertThat(accepted.after().dissolved()).isTrue();
        assertThat(accepted.after().memberCount()).isEqualTo(4);
        assertThat(accepted.leaving()).isEmpty();
    }

    @Test
    void groupIdsHaveTheCharactersOfUids() {
        assertThat(List.of("g", "A-z_0.9@x", "x".repeat(64))).allMatch(GroupRules::isGroupId);
        assertThat(List.of("", "x".repeat(65), "a/b", "a|b", "a b", "$g", "é", "a+"))
                .noneMatch(GroupRules::isGroupId);
    }

    private static Created created(String owner, String... members) {
        return new Created(owner, "name", false, 0, List.of(members));
    }

    private static List<GroupChange> everyChange() {
        return List.of(
                new MembersAdded(List.of("newer")),
                new MembersRemoved(List.of("other")),
                new Joined(),
                new Left(),
                new RoleSet("other", GroupRole.ADMIN),
                new OwnerSet("other"),
                new MemberMuted("other", Long.MAX_VALUE),
                new AllMuted(true),
                new ProfileSet("other", "other", true),
                new BecameLarge(),
                new Dissolved());
    }

    private void accept(String actor, GroupChange change) {
        assertThat(group.change(actor, change)).as("%s by %s", change, actor).isEqualTo(Optional.empty());
    }

    private void refuse(String actor, GroupChange change, Refusal refusal) {
        GroupInfo before = group.info;
        assertThat(group.change(actor, change)).as("%s by %s", change, actor).contains(refusal);
        assertThat(group.info).isEqualTo(before);
    }
}
