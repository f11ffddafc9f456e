package io.hongyan.im.core.group;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.message.SystemUser;
import java.util.List;

/**
 * Something that changes a group. It is appended to the group's log like a message, with a number of its own, and acts
 * at that number: who joins with entry s is sent s and what follows, who leaves with entry s is sent nothing after s.
 */
public sealed interface GroupChange {
    /**
     * The first entry. The sender of the draft becomes the owner; where that is the system, {@code owner} does.
     *
     * @param owner the owner
     * @param members everybody else; none twice, not the owner
     */
    record Created(String owner, String name, boolean open, int membersMax, List<String> members)
            implements GroupChange {
        public Created {
            members = List.copyOf(members);
        }
    }

    /** Those who are members already are passed over; if all are, the change is refused. */
    record MembersAdded(List<String> uids) implements GroupChange {
        public MembersAdded {
            uids = List.copyOf(uids);
        }
    }

    /** Those who are no members are passed over; if none is one, the change is refused. The owner cannot be removed. */
    record MembersRemoved(List<String> uids) implements GroupChange {
        public MembersRemoved {
            uids = List.copyOf(uids);
        }
    }

    /** The sender enters an open group. */
    record Joined() implements GroupChange {}

    /** The sender leaves. The owner hands over first, unless the group is dissolved; the last member's leaving dissolves it. */
    record Left() implements GroupChange {}

    /** @param role ADMIN or MEMBER */
    record RoleSet(String uid, GroupRole role) implements GroupChange {}

    /** The owner before becomes an admin. */
    record OwnerSet(String uid) implements GroupChange {}

    /** @param untilMillis 0 = may write again, {@link Long#MAX_VALUE} = for good */
    record MemberMuted(String uid, long untilMillis) implements GroupChange {}

    record AllMuted(boolean muted) implements GroupChange {}

    /** Null leaves a field as it is. */
    record ProfileSet(String name, String announcement, Boolean open) implements GroupChange {}

    /** From the next entry on members read the group's own stream. Sent by the system, once per group. */
    record BecameLarge() implements GroupChange {
        public static final String CLIENT_MESSAGE_ID = "became-large";

        /** Whether this entry of a group is such a change. */
        public static boolean is(StoredMessage entry) {
            return entry.conversation().kind() == Conversation.Kind.GROUP
                    && entry.sender().equals(SystemUser.UID)
                    && entry.clientMessageId().equals(CLIENT_MESSAGE_ID);
        }
    }

    record Dissolved() implements GroupChange {}
}
