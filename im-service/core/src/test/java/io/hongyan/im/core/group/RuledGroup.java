package io.hongyan.im.core.group;

import io.hongyan.im.core.group.GroupDecision.Accepted;
import io.hongyan.im.core.group.GroupDecision.Refused;
import io.hongyan.im.core.group.GroupRules.Facts;
import io.hongyan.im.core.group.GroupRules.Proposal;
import io.hongyan.im.core.message.Refusal;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A group that does what the rules decide. */
final class RuledGroup implements Facts {
    private final GroupRules rules;
    private final Set<String> users;
    final TreeMap<String, GroupMember> members = new TreeMap<>();
    GroupInfo info;
    long seq;

    RuledGroup(GroupLimits limits, Set<String> users) {
        this.rules = new GroupRules(limits);
        this.users = users;
    }

    /** @return why it was refused, empty where it was accepted */
    Optional<Refusal> change(String actor, GroupChange change) {
        GroupDecision decision = decide(actor, change);
        if (decision instanceof Refused refused) {
            return Optional.of(refused.refusal());
        }
        Accepted accepted = (Accepted) decision;
        seq++;
        info = accepted.after();
        accepted.leaving().forEach(members::remove);
        accepted.joining().forEach(member -> members.put(member.uid(), member));
        accepted.edited().forEach(member -> members.replace(member.uid(), member));
        return Optional.empty();
    }

    GroupDecision decide(String actor, GroupChange change) {
        return rules.decide(info, new Proposal("g", actor, change, seq + 1, GroupRulesTest.NOW), this);
    }

    Optional<Refusal> maySend(String uid) {
        return GroupRules.maySend(info, uid, members.get(uid), GroupRulesTest.NOW);
    }

    @Override
    public Optional<GroupMember> member(String uid) {
        return Optional.ofNullable(members.get(uid));
    }

    @Override
    public boolean userExists(String uid) {
        return users.contains(uid);
    }
}
