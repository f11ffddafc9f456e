package io.hongyan.im.core.group;

import io.hongyan.im.core.group.Groups.Membership;
import io.hongyan.im.core.message.Answer;
import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.message.PageLimits;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.SystemUser;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Looks at groups: users at those they are in, business lines ({@link SystemUser}) at all. */
public final class ReadGroups {
    private static final int PART_GROUPS = 50;

    private final Groups groups;
    private final BlockingWork blocking;
    private final PageLimits limits;

    /**
     * @param items in the order of their names
     * @param more whether there are further ones, after the last
     */
    public record Page<T>(List<T> items, boolean more) {
        public Page {
            items = List.copyOf(items);
        }
    }

    public ReadGroups(Groups groups, BlockingWork blocking, PageLimits limits) {
        this.groups = groups;
        this.blocking = blocking;
        this.limits = limits;
    }

    /** @param viewer who asks */
    public CompletionStage<Answer<GroupInfo>> group(String viewer, String group) {
        return blocking.submit(viewer, () -> seen(viewer, group, info -> info));
    }

    /**
     * Present members.
     *
     * @param viewer who asks
     * @param afterUid where the page before ended, empty = from the start
     * @param limit members at most, 0 = the default
     */
    public CompletionStage<Answer<Page<GroupMember>>> members(String viewer, String group, String afterUid, int limit) {
        int size = limits.page(limit);
        return blocking.submit(
                viewer, () -> seen(viewer, group, info -> page(groups.members(group, afterUid, size + 1), size)));
    }

    /**
     * The groups that a user is in; fewer where their texts would be too long for one answer.
     *
     * @param afterGroup where the page before ended, empty = from the start
     * @param limit groups at most, 0 = the default
     */
    public CompletionStage<Page<Membership>> groupsOf(String uid, String afterGroup, int limit) {
        int size = limits.page(limit);
        return blocking.submit(uid, () -> groupsOfNow(uid, afterGroup, size));
    }

    private Page<Membership> groupsOfNow(String uid, String afterGroup, int size) {
        List<Membership> given = new ArrayList<>();
        String after = afterGroup;
        long bytes = 0;
        // In parts, so that not much more is read than is given.
        while (true) {
            List<Membership> part = groups.groupsOf(uid, after, false, PART_GROUPS);
            for (Membership membership : part) {
                int more = bytes(membership.group());
                if (given.size() == size || !given.isEmpty() && bytes + more > limits.pageBytesMax()) {
                    return new Page<>(given, true);
                }
                bytes += more;
                given.add(membership);
                after = membership.group().id();
            }
            if (part.size() < PART_GROUPS) {
                return new Page<>(given, false);
            }
        }
    }

    private static int bytes(GroupInfo group) {
        return group.name().getBytes(StandardCharsets.UTF_8).length
                + group.announcement().getBytes(StandardCharsets.UTF_8).length;
    }

    private <T> Answer<T> seen(String viewer, String group, Function<GroupInfo, T> reading) {
        Optional<GroupInfo> info = groups.find(group);
        if (info.isEmpty()) {
            return new Answer.Refused<>(Refusal.UNKNOWN_CONVERSATION);
        }
        if (!viewer.equals(SystemUser.UID) && groups.member(group, viewer).isEmpty()) {
            return new Answer.Refused<>(Refusal.NOT_A_MEMBER);
        }
        return new Answer.Given<>(reading.apply(info.get()));
    }

    /** One more than the page was asked for, to know whether there is more. */
    private static <T> Page<T> page(List<T> found, int size) {
        boolean more = found.size() > size;
        return new Page<>(more ? found.subList(0, size) : found, more);
    }
}
