package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.group.GroupInfo;
import io.hongyan.im.core.group.GroupMember;
import io.hongyan.im.core.group.GroupRole;
import io.hongyan.im.core.group.Groups.Membership;
import io.hongyan.im.core.group.Groups.MembershipInterval;
import java.util.List;
import org.apache.ibatis.annotations.Param;

/** SQL of {@link SqlGroups} and {@code GroupMembers}. */
public interface GroupMapper {
    /** Null where there is no such group. */
    GroupInfo find(String group);

    /** The same with what only the writer needs. */
    StoredGroup findStored(String group);

    /** Null where the user is not in the group now. */
    MemberRow findMember(@Param("group") String group, @Param("uid") String uid);

    List<MemberRow> listMembers(
            @Param("group") String group, @Param("after") String afterUid, @Param("limit") int limit);

    List<MembershipRow> listGroups(
            @Param("uid") String uid,
            @Param("after") String afterGroup,
            @Param("largeOnly") boolean largeOnly,
            @Param("limit") int limit);

    /** The newest first. */
    List<MembershipInterval> listIntervals(
            @Param("group") String group, @Param("uid") String uid, @Param("limit") int limit);

    boolean wasMember(@Param("group") String group, @Param("uid") String uid, @Param("seq") long seq);

    /** A present member as stored. */
    record MemberRow(String uid, int role, long joinedSeq, long mutedUntilMillis) {
        private static final GroupRole[] ROLES = GroupRole.values();

        public GroupMember toMember() {
            for (GroupRole known : ROLES) {
                if (known.number() == role) {
                    return new GroupMember(uid, known, joinedSeq, mutedUntilMillis);
                }
            }
            throw new IllegalStateException("role " + role);
        }
    }

    /** A user's place in a group as stored. */
    record MembershipRow(GroupInfo group, MemberRow member) {
        Membership toMembership() {
            return new Membership(group, member.toMember());
        }
    }

    /** @param fanningOut whether a marker of the group is open */
    record StoredGroup(long conversationId, long head, long ordinal, boolean fanningOut, GroupInfo info) {}
}
