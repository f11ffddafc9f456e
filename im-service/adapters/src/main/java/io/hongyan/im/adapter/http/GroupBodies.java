package io.hongyan.im.adapter.http;

import io.hongyan.im.core.group.GroupInfo;
import io.hongyan.im.core.group.GroupMember;
import io.hongyan.im.core.group.Groups.Membership;
import java.util.List;
import java.util.Locale;

/** What is said of groups in requests and answers. */
final class GroupBodies {
    private static final String OWNER = "owner";
    private static final String ADMIN = "admin";
    private static final String MEMBER = "member";

    private GroupBodies() {}

    record CreateGroup(
            @Described(value = "Its id, in the characters of a uid; made by the server where missing.", optional = true)
            String id,

            @Described("What it is called.") String name,

            @Described(value = "Its owner; with a user token that user.", optional = true)
            String owner,

            @Described(value = "Whether anybody may join by themselves; false where missing.", optional = true)
            Boolean open,

            @Described(value = "Members it may have; where missing, as many as any group.", optional = true)
            Integer membersMax,

            @Described(value = "Members besides the owner.", optional = true)
            List<String> members) {}

    /** Fields that are missing stay as they are; one at least is there. */
    record ChangeProfile(
            @Described(value = "What it is called.", optional = true)
            String name,

            @Described(value = "A text for its members; empty = none.", optional = true)
            String announcement,

            @Described(value = "Whether anybody may join by themselves.", optional = true)
            Boolean open) {}

    record AddMembers(
            @Described("Users; those who are members already are passed over.")
            List<String> uids) {}

    record SetRole(
            @Described(
                    value = "The new role; a new owner is set by setGroupOwner.",
                    oneOf = {ADMIN, MEMBER})
            String role) {}

    record SetOwner(
            @Described("A member; the owner before becomes an admin.")
            String uid) {}

    /** Exactly one of the fields is there. */
    record MuteMember(
            @Described(
                    value = "Until when, in milliseconds since 1970-01-01 UTC; 0 = may write again.",
                    optional = true)
            Long untilMs,

            @Described(value = "For how long from now; 0 = may write again.", optional = true)
            Long forSeconds,

            @Described(value = "true = until somebody ends it.", optional = true)
            Boolean forever) {}

    record MuteAll(
            @Described("Whether only the owner and admins may write.")
            Boolean all) {}

    record GroupCreated(
            @Described("Its id.") String id,

            @Described("The number of this change in the group's log.")
            long seq) {}

    record GroupChanged(
            @Described("The number of this change in the group's log.")
            long seq) {}

    record Group(
            @Described("Its id.") String id,
            @Described("What it is called.") String name,

            @Described("A text for its members; empty = none.")
            String announcement,

            @Described("The uid of its owner.") String owner,

            @Described("Whether anybody may join by themselves.")
            boolean open,

            @Described("Whether only the owner and admins may write.")
            boolean allMuted,

            @Described("Members now.") int memberCount,
            @Described("Members it may have.") int membersMax,

            @Described("Whether its members read the group's own stream.")
            boolean large,

            @Described("Whether it is no more.") boolean dissolved,

            @Described("The number of the newest change of members or rights.")
            long membersVersion,

            @Described("Milliseconds since 1970-01-01 UTC.") long createdAt) {

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
                    value = "What they may do in it.",
                    oneOf = {OWNER, ADMIN, MEMBER})
            String role,

            @Described("The number of the change with which they came; they may read from it on.")
            long joinedSeq,

            @Described(value = "Until when they may not write, in milliseconds since 1970-01-01 UTC.", optional = true)
            Long mutedUntil,

            @Described(value = "true = they may not write until somebody ends it.", optional = true)
            Boolean mutedForever) {

        static Member of(GroupMember member) {
            boolean forever = member.mutedUntilMillis() == Long.MAX_VALUE;
            return new Member(
                    member.uid(),
                    member.role().name().toLowerCase(Locale.ROOT),
                    member.joinedSeq(),
                    member.mutedUntilMillis() == 0 || forever ? null : member.mutedUntilMillis(),
                    forever ? true : null);
        }
    }

    record Members(
            @Described("By rising uid.") List<Member> members,

            @Described(value = "What to give as after for the next page; missing = this was the last.", optional = true)
            String next) {}

    record GroupOfUser(
            @Described("The group.") Group group,

            @Described("The user's place in it.") Member member) {

        static GroupOfUser of(Membership membership) {
            return new GroupOfUser(Group.of(membership.group()), Member.of(membership.member()));
        }
    }

    record GroupsOfUser(
            @Described("By rising id.") List<GroupOfUser> groups,

            @Described(value = "What to give as after for the next page; missing = this was the last.", optional = true)
            String next) {}
}
