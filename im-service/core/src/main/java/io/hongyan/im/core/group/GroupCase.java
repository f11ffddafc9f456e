package io.hongyan.im.core.group;

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
import io.hongyan.im.core.group.GroupDecision.Refused;
import io.hongyan.im.core.group.GroupRules.Facts;
import io.hongyan.im.core.group.GroupRules.Proposal;
import io.hongyan.im.core.message.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One change of a group that exists; of one that is dissolved, a member's leaving. */
final class GroupCase {
    /** Above every role. */
    private static final int SYSTEM_RANK = 4;

    private final GroupLimits limits;
    private final GroupInfo group;
    private final Proposal proposal;
    private final Facts facts;
    private final Optional<GroupMember> actor;
    /** Of the actor; 0 for an outsider. */
    private final int rank;

    GroupCase(GroupLimits limits, GroupInfo group, Proposal proposal, Facts facts) {
        this.limits = limits;
        this.group = group;
        this.proposal = proposal;
        this.facts = facts;
        this.actor = proposal.bySystem() ? Optional.empty() : facts.member(proposal.actor());
        this.rank = proposal.bySystem() ? SYSTEM_RANK : rankOf(actor);
    }

    GroupDecision decide() {
        GroupChange change = proposal.change();
        if (change instanceof Joined) {
            return join();
        }
        if (rank == 0) {
            return new Refused(Refusal.NOT_A_MEMBER);
        }
        if (change instanceof Left) {
            return leave();
        }
        if (rank < rankNeeded(change)) {
            return new Refused(Refusal.NOT_ALLOWED);
        }
        if (change instanceof MembersAdded added) {
            return add(added.uids());
        } else if (change instanceof MembersRemoved removed) {
            return remove(removed.uids());
        } else if (change instanceof RoleSet set) {
            return setRole(set);
        } else if (change instanceof OwnerSet set) {
            return setOwner(set.uid());
        } else if (change instanceof MemberMuted muted) {
            return mute(muted);
        } else if (change instanceof AllMuted muted) {
            return muted.muted() == group.allMuted()
                    ? nothingToDo()
                    : edited(changed().withAllMuted(muted.muted()));
        } else if (change instanceof ProfileSet set) {
            return setProfile(set);
        } else if (change instanceof BecameLarge) {
            return group.large() ? nothingToDo() : edited(group.withLargeSeq(proposal.seq()));
        } else if (change instanceof Dissolved) {
            return edited(changed().asDissolved());
        }
        throw new IllegalStateException("no rule for " + change);
    }

    private static int rankNeeded(GroupChange change) {
        if (change instanceof BecameLarge || change instanceof Created) {
            return SYSTEM_RANK;
        }
        boolean ownersOnly = change instanceof RoleSet || change instanceof OwnerSet || change instanceof Dissolved;
        return (ownersOnly ? GroupRole.OWNER : GroupRole.ADMIN).number();
    }

    private GroupDecision join() {
        if (proposal.bySystem() || (rank == 0 && !group.open())) {
            return new Refused(Refusal.NOT_ALLOWED);
        }
        return add(List.of(proposal.actor()));
    }

    private GroupDecision add(List<String> uids) {
        if (uids.isEmpty()) {
            return new Refused(Refusal.MALFORMED);
        }
        if (uids.size() > limits.membersPerChangeMax()) {
            return new Refused(Refusal.TOO_LARGE);
        }
        List<String> fresh = new ArrayList<>();
        for (String uid : GroupRules.distinct(uids)) {
            if (facts.member(uid).isEmpty()) {
                fresh.add(uid);
            }
        }
        if (fresh.isEmpty()) {
            return nothingToDo();
        }
        if (!GroupRules.allExist(fresh, facts)) {
            return new Refused(Refusal.UNKNOWN_USER);
        }
        if (fresh.size() > group.membersMax() - group.memberCount()) {
            return new Refused(Refusal.GROUP_FULL);
        }
        List<GroupMember> joining = fresh.stream()
                .map(uid -> new GroupMember(uid, GroupRole.MEMBER, proposal.seq(), 0))
                .toList();
        GroupInfo after = changed().withMemberCount(group.memberCount() + joining.size());
        return new Accepted(after, joining, List.of(), List.of());
    }

    private GroupDecision remove(List<String> uids) {
        if (uids.isEmpty()) {
            return new Refused(Refusal.MALFORMED);
        }
        if (uids.size() > limits.membersPerChangeMax()) {
            return new Refused(Refusal.TOO_LARGE);
        }
        List<String> leaving = new ArrayList<>();
        for (String uid : GroupRules.distinct(uids)) {
            Optional<GroupMember> member = facts.member(uid);
            if (member.isEmpty()) {
                continue;
            }
            if (uid.equals(group.owner())) {
                return new Refused(Refusal.OWNER_MUST_STAY);
            }
            if (rankOf(member) >= rank) {
                return new Refused(Refusal.NOT_ALLOWED);
            }
            leaving.add(uid);
        }
        if (leaving.isEmpty()) {
            return nothingToDo();
        }
        GroupInfo after = changed().withMemberCount(group.memberCount() - leaving.size());
        return new Accepted(after, List.of(), leaving, List.of());
    }

    private GroupDecision leave() {
        if (proposal.bySystem()) {
            return new Refused(Refusal.NOT_ALLOWED);
        }
        if (group.memberCount() == 1) {
            GroupInfo after = changed().withMemberCount(0).asDissolved();
            return new Accepted(after, List.of(), List.of(proposal.actor()), List.of());
        }
        if (proposal.actor().equals(group.owner()) && !group.dissolved()) {
            return new Refused(Refusal.OWNER_MUST_STAY);
        }
        GroupInfo after = changed().withMemberCount(group.memberCount() - 1);
        return new Accepted(after, List.of(), List.of(proposal.actor()), List.of());
    }

    private GroupDecision setRole(RoleSet set) {
        Optional<GroupMember> member = facts.member(set.uid());
        if (set.role() == null || set.role() == GroupRole.OWNER) {
            return new Refused(Refusal.MALFORMED);
        }
        if (member.isEmpty()) {
            return new Refused(Refusal.NOT_A_MEMBER);
        }
        if (set.uid().equals(group.owner())) {
            return new Refused(Refusal.OWNER_MUST_STAY);
        }
        GroupMember present = member.get();
        return present.role() == set.role() ? nothingToDo() : edited(withRole(present, set.role()));
    }

    private GroupDecision setOwner(String uid) {
        if (uid.equals(group.owner())) {
            return nothingToDo();
        }
        Optional<GroupMember> next = facts.member(uid);
        if (next.isEmpty()) {
            return new Refused(Refusal.NOT_A_MEMBER);
        }
        GroupMember owner = new GroupMember(uid, GroupRole.OWNER, next.get().joinedSeq(), 0);
        List<GroupMember> edited = new ArrayList<>();
        edited.add(owner);
        facts.member(group.owner()).ifPresent(before -> edited.add(withRole(before, GroupRole.ADMIN)));
        return new Accepted(changed().withOwner(uid), List.of(), List.of(), edited);
    }

    private GroupDecision mute(MemberMuted muted) {
        Optional<GroupMember> member = facts.member(muted.uid());
        if (muted.untilMillis() < 0) {
            return new Refused(Refusal.MALFORMED);
        }
        if (member.isEmpty()) {
            return new Refused(Refusal.NOT_A_MEMBER);
        }
        if (rankOf(member) >= rank) {
            return new Refused(Refusal.NOT_ALLOWED);
        }
        GroupMember present = member.get();
        if (present.mutedUntilMillis() == muted.untilMillis()) {
            return nothingToDo();
        }
        return edited(new GroupMember(present.uid(), present.role(), present.joinedSeq(), muted.untilMillis()));
    }

    private GroupDecision setProfile(ProfileSet set) {
        String name = set.name() == null ? group.name() : set.name();
        String announcement = set.announcement() == null ? group.announcement() : set.announcement();
        boolean open = set.open() == null ? group.open() : set.open();
        if (GroupRules.characters(name) > limits.nameCharactersMax()
                || GroupRules.characters(announcement) > limits.announcementCharactersMax()) {
            return new Refused(Refusal.TOO_LARGE);
        }
        if (name.equals(group.name()) && announcement.equals(group.announcement()) && open == group.open()) {
            return nothingToDo();
        }
        return edited(group.with(new GroupInfo.Profile(name, announcement, open)));
    }

    private GroupDecision edited(GroupMember member) {
        return new Accepted(changed(), List.of(), List.of(), List.of(member));
    }

    private static GroupDecision edited(GroupInfo after) {
        return new Accepted(after, List.of(), List.of(), List.of());
    }

    private static GroupDecision nothingToDo() {
        return new Refused(Refusal.NOTHING_TO_DO);
    }

    private static GroupMember withRole(GroupMember member, GroupRole role) {
        return new GroupMember(member.uid(), role, member.joinedSeq(), member.mutedUntilMillis());
    }

    private static int rankOf(Optional<GroupMember> member) {
        return member.map(present -> present.role().number()).orElse(0);
    }

    /** With this entry it is different who is in the group or what they may do. */
    private GroupInfo changed() {
        return group.withMembersVersion(proposal.seq());
    }
}
