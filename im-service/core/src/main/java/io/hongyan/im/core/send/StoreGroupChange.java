package io.hongyan.im.core.send;

import io.hongyan.im.core.group.ChangeGroup;
import io.hongyan.im.core.group.GroupChange;
import io.hongyan.im.core.group.GroupContents;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.SendOutcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Stores the changes of groups in their logs. */
final class StoreGroupChange implements ChangeGroup {
    private final Drafts drafts;
    private final GroupContents contents;
    private final SendCounters counters;

    StoreGroupChange(Drafts drafts, GroupContents contents, SendCounters counters) {
        this.drafts = drafts;
        this.contents = contents;
        this.counters = counters;
    }

    @Override
    public CompletionStage<SendOutcome> change(DeviceKey actor, String group, String requestId, GroupChange change) {
        if (!ChangeGroup.isGroupId(group) || !SendMessage.isClientMessageId(requestId)) {
            counters.increment(SendCounter.SENDS_REFUSED);
            return CompletableFuture.completedFuture(new SendOutcome.Refused(Refusal.MALFORMED));
        }
        Draft draft = new Draft(
                Conversation.group(group), actor.uid(), actor.device(), requestId, contents.encode(change), change);
        return drafts.submit(draft, SendOrigin.server());
    }
}
