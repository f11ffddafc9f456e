package io.hongyan.im.adapter.sql;

import io.hongyan.im.adapter.sql.GroupMapper.MemberRow;
import io.hongyan.im.adapter.sql.GroupMapper.MembershipRow;
import io.hongyan.im.core.group.GroupInfo;
import io.hongyan.im.core.group.GroupMember;
import io.hongyan.im.core.group.Groups;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads groups beside the writer. */
public final class SqlGroups implements Groups {
    private final ReadExecutor reads;

    public SqlGroups(ReadExecutor reads) {
        this.reads = reads;
    }

    @Override
    public Optional<GroupInfo> find(String group) {
        return Optional.ofNullable(read(groups -> groups.find(group)));
    }

    @Override
    public Optional<GroupMember> member(String group, String uid) {
        return Optional.ofNullable(read(groups -> groups.findMember(group, uid)))
                .map(MemberRow::toMember);
    }

    @Override
    public List<GroupMember> members(String group, String afterUid, int limit) {
        return read(groups -> groups.listMembers(group, afterUid, limit)).stream()
                .map(MemberRow::toMember)
                .toList();
    }

    @Override
    public List<Membership> groupsOf(String uid, String afterGroup, boolean largeOnly, int limit) {
        return reads.read(connection -> groupsOf(connection, uid, afterGroup, largeOnly, limit));
    }

    public static List<Membership> groupsOf(
            ReadConnection connection, String uid, String afterGroup, boolean largeOnly, int limit)
            throws SQLException {
        List<MembershipRow> rows = largeOnly && !connection.loginRows().isInLargeGroup(uid)
                ? List.of()
                : connection.mapper(GroupMapper.class).listGroups(uid, afterGroup, largeOnly, limit);
        return rows.stream().map(MembershipRow::toMembership).toList();
    }

    @Override
    public List<MembershipInterval> membershipIntervals(String group, String uid, int limit) {
        List<MembershipInterval> newestFirst = new ArrayList<>(read(groups -> groups.listIntervals(group, uid, limit)));
        Collections.reverse(newestFirst);
        return newestFirst;
    }

    @Override
    public boolean mayRead(String group, String uid, long seq) {
        return read(groups -> groups.wasMember(group, uid, seq));
    }

    private <T> T read(Function<GroupMapper, T> work) {
        return reads.readOne(connection -> work.apply(connection.mapper(GroupMapper.class)));
    }
}
