package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.group.GroupInfo;
import io.hongyan.im.core.group.GroupMember;
import io.hongyan.im.core.group.Groups;
import io.hongyan.im.core.message.Conversation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A group is where its conversation is; the groups of a user are asked of all databases. */
final class ShardedGroups implements Groups {
    private final Shards shards;

    ShardedGroups(Shards shards) {
        this.shards = shards;
    }

    private <T> T at(String group, Function<Groups, T> question) {
        return shards.at(slotOf(group), place -> question.apply(new SqlGroups(place)));
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
        List<Membership> all = new ArrayList<>();
        for (Shard shard : shards.all()) {
            if (!largeOnly || !shard.isAway()) {
                new SqlGroups(shard.whole())
                        .groupsOf(uid, afterGroup, largeOnly, limit).stream()
                                .filter(one -> shards.of(slotOf(one.group().id())) == shard)
                                .forEach(all::add);
            }
        }
        all.sort(Comparator.comparing(one -> one.group().id()));
        return List.copyOf(all.subList(0, Math.min(limit, all.size())));
    }

    @Override
    public List<Stretch> stretches(String group, String uid, int limit) {
        return at(group, groups -> groups.stretches(group, uid, limit));
    }

    @Override
    public boolean mayRead(String group, String uid, long seq) {
        return at(group, groups -> groups.mayRead(group, uid, seq));
    }
}
