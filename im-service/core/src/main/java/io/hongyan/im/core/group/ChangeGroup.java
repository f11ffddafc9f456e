package io.hongyan.im.core.group;

import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.SendOutcome;
import java.util.concurrent.CompletionStage;

/** Creates, changes and dissolves groups: every change is an entry of the group's log. Any thread. */
@FunctionalInterface
public interface ChangeGroup {
    /**
     * Does not block.
     *
     * @param actor who changes it, {@link io.hongyan.im.core.message.SystemUser} for business lines
     * @param group its id; {@link #isGroupId}
     * @param requestId 1-64 printable ASCII characters: the same actor's same id again gives the first answer
     * @return completes once the change is stored or refused; exceptionally where neither is certain: asking again with
     *     the same id is harmless
     */
    CompletionStage<SendOutcome> change(DeviceKey actor, String group, String requestId, GroupChange change);

    /** Whether a group may be called so. */
    static boolean isGroupId(String id) {
        return GroupRules.isGroupId(id);
    }
}
