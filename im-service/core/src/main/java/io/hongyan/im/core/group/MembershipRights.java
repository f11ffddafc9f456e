package io.hongyan.im.core.group;

import io.hongyan.im.core.group.Groups.MembershipInterval;
import io.hongyan.im.core.message.Answer;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.Refusal;
import java.util.List;

/** Reads the memberships of a user for each question. */
record MembershipRights(Groups groups) implements ReadRights {
    private static final List<MembershipInterval> ALL = List.of(new MembershipInterval(1, Long.MAX_VALUE));

    @Override
    public Answer<List<MembershipInterval>> of(String uid, Conversation conversation) {
        return switch (conversation.kind()) {
            case DIRECT, SYSTEM -> new Answer.Given<>(ALL);
            case GROUP -> ofGroup(uid, conversation.id());
            case ROOM -> new Answer.Refused<>(Refusal.UNKNOWN_CONVERSATION);
        };
    }

    private Answer<List<MembershipInterval>> ofGroup(String uid, String group) {
        List<MembershipInterval> membershipIntervals = groups.membershipIntervals(group, uid, INTERVALS_MAX);
        if (!membershipIntervals.isEmpty()) {
            return new Answer.Given<>(membershipIntervals);
        }
        boolean known = groups.find(group).isPresent();
        return new Answer.Refused<>(known ? Refusal.NOT_A_MEMBER : Refusal.UNKNOWN_CONVERSATION);
    }
}
