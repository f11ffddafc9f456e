package io.hongyan.im.core.session;

import io.hongyan.im.core.group.ChangeGroup;
import io.hongyan.im.core.group.GroupChange;
import io.hongyan.im.core.group.GroupRole;
import io.hongyan.im.core.group.Groups;
import io.hongyan.im.core.group.Groups.Membership;
import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.SendOutcome;
import io.hongyan.im.core.message.SystemUser;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Deletes a user: nobody logs in with the uid again, the sessions end, the user leaves the groups, and what is only the
 * user's is erased. In steps of bounded size: asked again it goes on where it stopped.
 */
public final class DeleteUser {
    /** Groups that are left by one call. */
    static final int GROUPS_MAX = 200;

    /** Inbox entries that are erased by one call. */
    static final int ENTRIES_MAX = 20_000;

    /** What says that there is nothing to leave any more. */
    private static final Set<Refusal> GONE =
            EnumSet.of(Refusal.DISSOLVED, Refusal.NOT_A_MEMBER, Refusal.NOTHING_TO_DO, Refusal.UNKNOWN_CONVERSATION);

    private static final DeviceKey SYSTEM = new DeviceKey(SystemUser.UID, SystemUser.DEVICE);

    private final ThrowOut throwOut;
    private final Users users;
    private final Groups groups;
    private final ChangeGroup changes;
    private final BlockingWork blocking;
    private final InstantSource clock;

    /**
     * How far it is.
     *
     * @param finished whether nothing is left to do
     * @param owned groups that must be handed over or dissolved by whoever may
     */
    public record Deleted(boolean finished, List<String> owned) {
        public Deleted {
            owned = List.copyOf(owned);
        }
    }

    public DeleteUser(
            ThrowOut throwOut,
            Users users,
            Groups groups,
            ChangeGroup changes,
            BlockingWork blocking,
            InstantSource clock) {
        this.throwOut = throwOut;
        this.users = users;
        this.groups = groups;
        this.changes = changes;
        this.blocking = blocking;
        this.clock = clock;
    }

    /** Empty where there never was such a user. */
    public CompletionStage<Optional<Deleted>> delete(String uid) {
        return throwOut.delete(uid)
                .thenCompose(found -> found
                        ? leaveGroups(uid)
                                .thenCompose(left -> blocking.submit(() -> users.erase(uid, ENTRIES_MAX))
                                        .thenApply(erased ->
                                                Optional.of(new Deleted(erased && left.finished, left.owned))))
                        : CompletableFuture.completedFuture(Optional.empty()));
    }

    private CompletionStage<Deleted> leaveGroups(String uid) {
        return blocking.submit(() -> groups.groupsOf(uid, "", false, GROUPS_MAX))
                .thenCompose(memberships -> {
                    List<String> owned = new ArrayList<>();
                    CompletionStage<Boolean> all = CompletableFuture.completedFuture(true);
                    for (Membership membership : memberships) {
                        String group = membership.group().id();
                        if (membership.group().dissolved()) {
                            DeviceKey leaver = new DeviceKey(uid, SystemUser.DEVICE);
                            all = all.thenCombine(leave(leaver, group, new GroupChange.Left()), Boolean::logicalAnd);
                        } else if (membership.member().role() == GroupRole.OWNER) {
                            owned.add(group);
                        } else {
                            GroupChange removed = new GroupChange.MembersRemoved(List.of(uid));
                            all = all.thenCombine(leave(SYSTEM, group, removed), Boolean::logicalAnd);
                        }
                    }
                    return all.thenApply(left -> new Deleted(left && memberships.size() < GROUPS_MAX, owned));
                });
    }

    /** @return whether the user is not in it any more */
    private CompletionStage<Boolean> leave(DeviceKey actor, String group, GroupChange change) {
        return changes.change(actor, group, "delete-" + clock.millis(), change)
                .thenApply(outcome -> outcome instanceof SendOutcome.Stored
                        || outcome instanceof SendOutcome.Refused refused && GONE.contains(refused.refusal()));
    }
}
