package io.hongyan.im.core.group;

import io.hongyan.im.core.group.GroupChange.Created;
import io.hongyan.im.core.group.GroupChange.Left;
import io.hongyan.im.core.group.GroupDecision.Accepted;
import io.hongyan.im.core.group.GroupDecision.Refused;
import io.hongyan.im.core.group.GroupInfo.Members;
import io.hongyan.im.core.group.GroupInfo.Profile;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.SystemUser;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who may write in a group and who may change it how. Pure: a storage supplies the facts as they stand just before the
 * entry, under its writer, and carries the decision out in the transaction of the entry. No state; safe for many
 * threads.
 */
public record GroupRules(GroupLimits limits) {
    /** Characters of a group's id. */
    public static final int ID_MAX = 64;

    /** What a storage knows, asked only about users that a change names or that make it. */
    public interface Facts {
        /** The user's present membership. */
        Optional<GroupMember> member(String uid);

        boolean userExists(String uid);
    }

    /**
     * A change that has no number yet.
     *
     * @param actor uid, or {@link SystemUser#UID}, who may do everything that leaves the group in order
     * @param seq the number its entry has if it is accepted
     */
    public record Proposal(String group, String actor, GroupChange change, long seq, long nowMillis) {
        boolean bySystem() {
            return actor.equals(SystemUser.UID);
        }
    }

    /** Letters, digits and {@code _ . @ -}, as in uids: ids stand in topics. */
    public static boolean isGroupId(String id) {
        if (id.isEmpty() || id.length() > ID_MAX) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean plain = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (!plain && "_.@-".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether a message may be written, and if not why.
     *
     * @param sender uid, or {@link SystemUser#UID}, who writes without being a member
     * @param member the sender's present membership, null where there is none
     */
    public static Optional<Refusal> maySend(GroupInfo group, String sender, GroupMember member, long nowMillis) {
        if (group.dissolved()) {
            return Optional.of(Refusal.DISSOLVED);
        }
        if (sender.equals(SystemUser.UID)) {
            return Optional.empty();
        }
        if (member == null) {
            return Optional.of(Refusal.NOT_A_MEMBER);
        }
        boolean muted =
                member.mutedUntilMillis() > nowMillis || (group.allMuted() && member.role() == GroupRole.MEMBER);
        return muted ? Optional.of(Refusal.MUTED) : Optional.empty();
    }

    /**
     * Whether an entry stands in the inboxes of the group's members, or only in its own stream. Of a group that was
     * large before, a change still stands in the inboxes of those it adds or removes, whose membership begins or ends
     * with its number; every other entry stands in none.
     */
    public static boolean forEveryInbox(GroupInfo group, long seq) {
        return !group.large() || seq <= group.largeSeq();
    }

    /** @param present the group as it stands, null where there is none */
    public GroupDecision decide(GroupInfo present, Proposal proposal, Facts facts) {
        if (proposal.change() instanceof Created created) {
            return present != null ? new Refused(Refusal.EXISTS) : create(created, proposal, facts);
        }
        if (present == null) {
            return new Refused(Refusal.UNKNOWN_CONVERSATION);
        }
        if (present.dissolved() && !leaves(proposal, facts)) {
            return new Refused(Refusal.DISSOLVED);
        }
        return new GroupCase(limits, present, proposal, facts).decide();
    }

    /** Of a group that is dissolved, all that its members can still do. */
    private static boolean leaves(Proposal proposal, Facts facts) {
        return proposal.change() instanceof Left
                && !proposal.bySystem()
                && facts.member(proposal.actor()).isPresent();
    }

    private GroupDecision create(Created created, Proposal proposal, Facts facts) {
        Optional<Refusal> refusal = mayCreate(created, proposal, facts);
        if (refusal.isPresent()) {
            return new Refused(refusal.get());
        }
        List<GroupMember> joining = new ArrayList<>(created.members().size() + 1);
        joining.add(new GroupMember(created.owner(), GroupRole.OWNER, proposal.seq(), 0));
        created.members().forEach(uid -> joining.add(new GroupMember(uid, GroupRole.MEMBER, proposal.seq(), 0)));
        GroupInfo group = new GroupInfo(
                proposal.group(),
                new Profile(created.name(), "", created.open()),
                created.owner(),
                false,
                new Members(joining.size(), membersMax(created), proposal.seq()),
                0,
                false,
                proposal.nowMillis());
        return new Accepted(group, joining, List.of(), List.of());
    }

    private Optional<Refusal> mayCreate(Created created, Proposal proposal, Facts facts) {
        Set<String> all = new LinkedHashSet<>(created.members());
        if (created.name() == null || created.owner() == null || created.membersMax() < 0) {
            return Optional.of(Refusal.MALFORMED);
        }
        boolean twice = all.size() < created.members().size() || !all.add(created.owner());
        if (twice) {
            return Optional.of(Refusal.MALFORMED);
        }
        if (!proposal.bySystem() && !created.owner().equals(proposal.actor())) {
            return Optional.of(Refusal.NOT_ALLOWED);
        }
        if (created.members().size() > limits.membersPerChangeMax()
                || created.membersMax() > limits.membersMax()
                || characters(created.name()) > limits.nameCharactersMax()) {
            return Optional.of(Refusal.TOO_LARGE);
        }
        if (all.size() > membersMax(created)) {
            return Optional.of(Refusal.GROUP_FULL);
        }
        return allExist(all, facts) ? Optional.empty() : Optional.of(Refusal.UNKNOWN_USER);
    }

    private int membersMax(Created created) {
        return created.membersMax() == 0 ? limits.membersMax() : created.membersMax();
    }

    /** The system user has a row like everybody, but is nobody. */
    static boolean allExist(Iterable<String> uids, Facts facts) {
        for (String uid : uids) {
            if (uid.equals(SystemUser.UID) || !facts.userExists(uid)) {
                return false;
            }
        }
        return true;
    }

    static int characters(String text) {
        return text.codePointCount(0, text.length());
    }

    /** In the order given, each once. */
    static Set<String> distinct(List<String> uids) {
        return new LinkedHashSet<>(uids);
    }
}
