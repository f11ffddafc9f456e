package io.hongyan.im.adapter.http;

import io.hongyan.im.core.group.GroupInfo;
import io.hongyan.im.core.group.GroupMember;
import io.hongyan.im.core.group.Groups.Membership;
import java.util.List;

/** Groups in requests and answers. */
final class GroupBodies {
    private static final String OWNER = "OWNER";
    private static final String ADMIN = "ADMIN";
    private static final String MEMBER = "MEMBER";

    private GroupBodies() {}

    record CreateGroup(
            @Described(
                    value = "The id of the group, in the characters of a uid; made by the server if missing.",
                    optional = true)
            String id,

            @Described("The name of the group.") String name,

            @Described(value = "The uid of the owner; with a user token that user.", optional = true)
            String owner,

            @Described(value = "Whether anybody may join; false if missing.", optional = true)
            Boolean open,

            @Described(
                    value = "How many members the group may have; if missing, the limit for all groups.",
                    optional = true)
            Integer membersMax,

            @Described(value = "Members besides the owner.", optional = true)
            List<String> members) {}

    /** Fields that are missing stay as they are; one at least is there. */
    record ChangeProfile(
            @Described(value = "The name of the group.", optional = true)
            String name,

            @Described(value = "The announcement for the members; empty = none.", optional = true)
            String announcement,

            @Described(value = "Whether anybody may join.", optional = true)
            Boolean open) {}

    record AddMembers(
            @Described("Users to add; those who are members already are ignored.")
            List<String> uids) {}

    record SetRole(
            @Described(
                    value = "The new role; setGroupOwner sets a new owner.",
                    oneOf = {ADMIN, MEMBER})
            String role) {}

    record SetOwner(
            @Described("The member who becomes the owner; the previous owner becomes an admin.")
            String uid) {}

    /** Exactly one of the fields is there. */
    record MuteMember(
            @Described(
                    value = "Muted until then, in milliseconds since 1970-01-01 UTC; 0 = not muted.",
                    optional = true)
            Long untilMs,

            @Described(value = "Muted for so many seconds from now; 0 = not muted.", optional = true)
            Long forSeconds,

            @Described(value = "true = muted until somebody ends it.", optional = true)
            Boolean forever) {}

    record MuteAll(
            @Described("Whether only the owner and admins may write.")
            Boolean all) {}

    record GroupCreated(
            @Described("The id of the group.") String id,

            @Described("The number of this change in the group's log.")
            long seq) {}

    record GroupChanged(
            @Described("The number of this change in the group's log.")
            long seq) {}

    record Group(
            @Described("The id of the group.") String id,
            @Described("The name of the group.") String name,

            @Described("The announcement for the members; empty = none.")
            String announcement,

            @Described("The uid of its owner.") String owner,

            @Described("Whether anybody may join.") boolean open,

            @Described("Whether only the owner and admins may write.")
            boolean allMuted,

            @Described("How many members the group has.") int memberCount,

            @Described("How many members the group may have.")
            int membersMax,

            @Described("Whether the group is large: its members read the group's own stream.")
            boolean large,

            @Described("Whether the group has been dissolved.")
            boolean dissolved,

            @Described("The number of the newest change of members or rights.")
            long membersVersion,

            @Described("When the group was created, in milliseconds since 1970-01-01 UTC.")
            long createdAt) {

        static Group of(GroupInfo info) {
            return new Group(
                    info.id(),
                    info.name(),
                    info.announcement(),
                    info.owner(),
                    info.open(),
                    info.allMuted(),
                    info.memberCount(),
                    info.membersMax(),
                    info.large(),
                    info.dissolved(),
                    info.membersVersion(),
                    info.createdAtMillis());
        }
    }

    record Member(
            @Described("The user.") String uid,

            @Described(
                    value = "The role of the user in the group.",
                    oneOf = {OWNER, ADMIN, MEMBER})
            String role,

            @Described("The number of the change with which the user joined; the user may read from it on.")
            long joinedSeq,

            @Described(value = "Muted until then, in milliseconds since 1970-01-01 UTC.", optional = true)
            Long mutedUntil,

            @Described(value = "true = muted until somebody ends it.", optional = true)
            Boolean mutedForever) {

        static Member of(GroupMember member) {
            boolean forever = member.mutedUntilMillis() == Long.MAX_VALUE;
            return new Member(
                    member.uid(),
                    member.role().name(),
                    member.joinedSeq(),
                    member.mutedUntilMillis() == 0 || forever ? null : member.mutedUntilMillis(),
                    forever ? true : null);
        }
    }

    record Members(
            @Described("Sorted by uid.") List<Member> members,

            @Described(
                    value = "The parameter after for the next page; missing = this was the last page.",
                    optional = true)
            String next) {}

    record GroupOfUser(
            @Described("The group.") Group group,

            @Described("The user's membership.") Member member) {

        static GroupOfUser of(Membership membership) {
            return new GroupOfUser(Group.of(membership.group()), Member.of(membership.member()));
        }
    }

    record GroupsOfUser(
            @Described("Sorted by id.") List<GroupOfUser> groups,

            @Described(
                    value = "The parameter after for the next page; missing = this was the last page.",
                    optional = true)
            String next) {}
}
