package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.group.GroupInfo;
import io.hongyan.im.core.group.GroupMember;
import io.hongyan.im.core.group.Groups;
import java.util.List;
import java.util.Optional;

/** There are no groups yet. */
final class SqliteGroups implements Groups {
    @Override
    public Optional<GroupInfo> find(String group) {
        return Optional.empty();
    }

    @Override
    public Optional<GroupMember> member(String group, String uid) {
        return Optional.empty();
    }

    @Override
    public List<GroupMember> members(String group, String afterUid, int limit) {
        return List.of();
    }

    @Override
    public List<Membership> groupsOf(String uid, String afterGroup, boolean largeOnly, int limit) {
        return List.of();
    }

    @Override
    public boolean mayRead(String group, String uid, long seq) {
        return false;
    }
}
