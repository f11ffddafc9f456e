package io.hongyan.im.core.group;

import io.hongyan.im.core.group.Groups.Stretch;
import io.hongyan.im.core.message.Answer;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.Refusal;
import java.util.List;

/** Which entries of a conversation a user may read: of groups, those of the own memberships. Blocks. */
public final class ReadRights {
    /** Memberships of one user in one group that are looked at; of earlier ones nothing is shown. */
    public static final int STRETCHES_MAX = 1_000;

    private static final List<Stretch> ALL = List.of(new Stretch(1, Long.MAX_VALUE));

    private final Groups groups;

    public ReadRights(Groups groups) {
        this.groups = groups;
    }

    /**
     * @param conversation a group, or a conversation that the user is known to be in
     * @return not empty, rising
     */
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

    public static boolean covers(List<Stretch> stretches, long seq) {
        return stretches.stream().anyMatch(stretch -> stretch.fromSeq() <= seq && seq <= stretch.toSeq());
    }

    /** How far the user may read now, in a log that ends with {@code head}. */
    public static long end(List<Stretch> stretches, long head) {
        return Math.min(head, stretches.get(stretches.size() - 1).toSeq());
    }
}
