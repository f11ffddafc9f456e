package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.adapter.sql.SqlGroups;
import io.hongyan.im.core.group.GroupInfo;
import io.hongyan.im.core.group.GroupMember;
import io.hongyan.im.core.group.Groups;
import io.hongyan.im.core.message.Conversation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** A group is where its conversation is; the groups of a user are asked of all databases. */
final class ShardedGroups implements Groups {
    private final Shards shards;

    ShardedGroups(Shards shards) {
        this.shards = shards;
    }

    private <T> T at(String group, Function<Groups, T> question) {
        return shards.at(slotOf(group), slotSession -> question.apply(new SqlGroups(slotSession)));
    }

    private static int slotOf(String group) {
        return Slots.of(Conversation.group(group));
    }

    @Override
    public Optional<GroupInfo> find(String group) {
        return at(group, groups -> groups.find(group));
    }

    @Override
    public Optional<GroupMember> member(String group, String uid) {
        return at(group, groups -> groups.member(group, uid));
    }

    @Override
    public List<GroupMember> members(String group, String afterUid, int limit) {
        return at(group, groups -> groups.members(group, afterUid, limit));
    }

    /**
     * While a database is away, its large groups are missing: who logs in meanwhile is to have the other ones, and could
     * read nothing of these.
     */
    @Override
    public List<Membership> groupsOf(String uid, String afterGroup, boolean largeOnly, int limit) {
        Map<String, Membership> all = new TreeMap<>();
        shards.sweep(largeOnly, session -> SqlGroups.groupsOf(session, uid, afterGroup, largeOnly, limit))
                .forEach(part -> part.rows().stream()
                        .filter(one -> part.slots().get(slotOf(one.group().id())))
                        .forEach(one -> all.put(one.group().id(), one)));
        return all.values().stream().limit(limit).toList();
    }

    @Override
    public List<MembershipInterval> membershipIntervals(String group, String uid, int limit) {
        return at(group, groups -> groups.membershipIntervals(group, uid, limit));
    }

    @Override
    public boolean mayRead(String group, String uid, long seq) {
        return at(group, groups -> groups.mayRead(group, uid, seq));
    }
}
