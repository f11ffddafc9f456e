package io.hongyan.im.core.group;

import io.hongyan.im.core.group.Groups.Stretch;
import io.hongyan.im.core.message.Answer;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.Refusal;
import java.util.List;

/** Reads the memberships of a user for each question. */
record MembershipRights(Groups groups) implements ReadRights {
    private static final List<Stretch> ALL = List.of(new Stretch(1, Long.MAX_VALUE));

    @Override
    public Answer<List<Stretch>> of(String uid, Conversation conversation) {
        return switch (conversation.kind()) {
            case DIRECT, SYSTEM -> new Answer.Given<>(ALL);
            case GROUP -> ofGroup(uid, conversation.id());
            case ROOM -> new Answer.Refused<>(Refusal.UNKNOWN_CONVERSATION);
        };
    }

    private Answer<List<Stretch>> ofGroup(String uid, String group) {
        List<Stretch> stretches = groups.stretches(group, uid, STRETCHES_MAX);
        if (!stretches.isEmpty()) {
            return new Answer.Given<>(stretches);
        }
        boolean known = groups.find(group).isPresent();
        return new Answer.Refused<>(known ? Refusal.NOT_A_MEMBER : Refusal.UNKNOWN_CONVERSATION);
    }
}
