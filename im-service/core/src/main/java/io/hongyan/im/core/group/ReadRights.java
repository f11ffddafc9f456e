package io.hongyan.im.core.group;

import io.hongyan.im.core.group.Groups.MembershipInterval;
import io.hongyan.im.core.message.Answer;
import io.hongyan.im.core.message.Conversation;
import java.util.List;

/** Which entries of a conversation a user may read: of groups, those of the own memberships. Blocks. */
@FunctionalInterface
public interface ReadRights {
    /** Memberships of one user in one group that are looked at; of earlier ones nothing is shown. */
    int INTERVALS_MAX = 1_000;

    /**
     * @param conversation a group, or a conversation that the user is known to be in
     * @return not empty, rising
     */
    Answer<List<MembershipInterval>> of(String uid, Conversation conversation);

    /** The same from what a storage knows of groups. */
    static ReadRights by(Groups groups) {
        return new MembershipRights(groups);
    }

    static boolean covers(List<MembershipInterval> membershipIntervals, long seq) {
        return membershipIntervals.stream().anyMatch(interval -> interval.fromSeq() <= seq && seq <= interval.toSeq());
    }

    /** How far the user may read now, in a log that ends with {@code head}. */
    static long end(List<MembershipInterval> membershipIntervals, long head) {
        return Math.min(
                head, membershipIntervals.get(membershipIntervals.size() - 1).toSeq());
    }
}
