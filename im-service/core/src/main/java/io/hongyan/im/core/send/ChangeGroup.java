package io.hongyan.im.core.send;

import io.hongyan.im.core.group.GroupChange;
import io.hongyan.im.core.group.GroupContents;
import io.hongyan.im.core.group.GroupRules;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.metrics.MessagingCounters;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Creates, changes and dissolves groups: every change is an entry of the group's log. */
public final class ChangeGroup {
    private final Lane lane;
    private final GroupContents contents;
    private final MessagingCounters counters;

    public ChangeGroup(Lane lane, GroupContents contents, MessagingCounters counters) {
        this.lane = lane;
        this.contents = contents;
        this.counters = counters;
    }

    /**
     * Does not block.
     *
     * @param actor who changes it, {@link io.hongyan.im.core.message.SystemUser} for business lines
     * @param group its id; {@link GroupRules#isGroupId}
     * @param requestId 1-64 printable ASCII characters: the same actor's same id again gives the first answer
     * @return completes once the change is stored or refused; exceptionally where neither is certain: asking again with
     *     the same id is harmless
     */
    public CompletionStage<SendOutcome> change(DeviceKey actor, String group, String requestId, GroupChange change) {
        if (!GroupRules.isGroupId(group) || !SendMessage.isClientMessageId(requestId)) {
            counters.sendsRefused.increment();
            return CompletableFuture.completedFuture(new SendOutcome.Refused(Refusal.MALFORMED));
        }
        Draft draft = new Draft(
                Conversation.group(group), actor.uid(), actor.device(), requestId, contents.encode(change), change);
        return lane.submit(draft, SendOrigin.server());
    }
}
