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
import io.hongyan.im.core.message.SystemUser;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Whatever is asked of a group, by whomever, in whatever order: it stays in order. */
final class GroupRulesPropertyTest {
    private static final List<String> UIDS = List.of("a", "b", "c", "d", "e", "f", "g", "nobody", SystemUser.UID);
    private static final Set<String> USERS = Set.of("a", "b", "c", "d", "e", "f", "g", SystemUser.UID);
    private static final GroupLimits LIMITS = new GroupLimits(5, 3, 2, 2, 2, 10, 5, 8);

    record Request(String actor, GroupChange change) {}

    @Property(tries = 500, seed = "1")
    void groupStaysInOrder(@ForAll("requests") List<Request> requests) {
        RuledGroup group = new RuledGroup(LIMITS, USERS);
        for (Request request : requests) {
            long largeBefore = group.info == null ? 0 : group.info.largeSeq();
            boolean dissolvedBefore = group.info != null && group.info.dissolved();
            boolean refused = group.change(request.actor, request.change).isPresent();
            if (group.info == null) {
                continue;
            }
            GroupInfo info = group.info;
            assertThat(info.memberCount()).isEqualTo(group.members.size()).isLessThanOrEqualTo(info.membersMax());
            assertThat(info.membersMax()).isLessThanOrEqualTo(LIMITS.membersMax());
            assertThat(info.membersVersion()).isBetween(1L, group.seq);
            assertThat(group.members).doesNotContainKeys("nobody", SystemUser.UID);
            if (!info.dissolved()) {
                assertThat(group.members.values())
                        .filteredOn(member -> member.role() == GroupRole.OWNER)
                        .extracting(GroupMember::uid)
                        .containsExactly(info.owner());
            }
            assertThat(largeBefore == 0 || largeBefore == info.largeSeq()).isTrue();
            assertThat(dissolvedBefore && !refused && !(request.change instanceof Left))
                    .isFalse();
        }
    }

    @Provide
    Arbitrary<List<Request>> requests() {
        Arbitrary<String> uid = Arbitraries.of(UIDS);
        Arbitrary<Request> first = Arbitraries.of("a", "b")
                .map(owner -> new Request(owner, new Created(owner, "n", true, 0, List.of("c", "d"))));
        Arbitrary<Request> later = Combinators.combine(uid, changes()).as(Request::new);
        return Combinators.combine(first, later.list().ofMaxSize(60)).as((creation, rest) -> {
            rest.add(0, creation);
            return rest;
        });
    }

    private static Arbitrary<GroupChange> changes() {
        Arbitrary<String> uid = Arbitraries.of(UIDS);
        Arbitrary<List<String>> uids = uid.list().ofMaxSize(4);
        Arbitrary<GroupChange> created = Combinators.combine(
                        uid, Arbitraries.integers().between(-1, 6), uids)
                .as((owner, max, members) -> new Created(owner, "n", false, max, members));
        return Arbitraries.oneOf(
                created,
                uids.map(MembersAdded::new),
                uids.map(MembersRemoved::new),
                Arbitraries.create(Joined::new),
                Arbitraries.create(Left::new),
                Combinators.combine(uid, Arbitraries.of(GroupRole.class)).as(RoleSet::new),
                uid.map(OwnerSet::new),
                uid.map(one -> new MemberMuted(one, 5)),
                Arbitraries.of(true, false).map(AllMuted::new),
                Arbitraries.strings().ofMaxLength(6).map(name -> new ProfileSet(name, null, null)),
                Arbitraries.create(BecameLarge::new),
                Arbitraries.frequency(Tuple.of(1, 1), Tuple.of(20, 0))
                        .map(end -> end == 1 ? new Dissolved() : new Joined()));
    }
}
