package io.hongyan.im.core.group;

import io.hongyan.im.core.message.Refusal;
import java.util.List;

/** What becomes of a change. */
public sealed interface GroupDecision {
    /** Nothing changes and the entry takes no number. */
    record Refused(Refusal refusal) implements GroupDecision {}

    /**
     * The entry is stored, and with it all of this.
     *
     * @param after the group from this entry on
     * @param joining memberships that begin with this entry, each with its number as {@code joinedSeq}; of somebody who
     *     was a member before, a further one
     * @param leaving members whose present membership ends with this entry
     * @param edited present members with a new role or mute; the rest of them stays
     */
    record Accepted(GroupInfo after, List<GroupMember> joining, List<String> leaving, List<GroupMember> edited)
            implements GroupDecision {
        public Accepted {
            joining = List.copyOf(joining);
            leaving = List.copyOf(leaving);
            edited = List.copyOf(edited);
        }
    }
}
