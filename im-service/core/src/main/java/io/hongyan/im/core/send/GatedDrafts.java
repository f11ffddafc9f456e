package io.hongyan.im.core.send;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.SendOutcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What clients send: to groups no faster than the fan-out writes inboxes. */
final class GatedDrafts implements Drafts {
    private final Drafts drafts;
    private final FanOutBacklog backlog;
    private final SendCounters counters;

    GatedDrafts(Drafts drafts, FanOutBacklog backlog, SendCounters counters) {
        this.drafts = drafts;
        this.backlog = backlog;
        this.counters = counters;
    }

    /** Completes later where too many entries of the group or the sender wait to come to inboxes. */
    @Override
    public CompletionStage<SendOutcome> submit(Draft draft, SendOrigin origin) {
        if (draft.conversation().kind() != Conversation.Kind.GROUP) {
            return drafts.submit(draft, origin);
        }
        if (backlog.refuses(draft.conversation(), draft.sender())) {
            counters.increment(SendCounter.SENDS_SHED);
            counters.increment(SendCounter.SENDS_REFUSED);
            return CompletableFuture.completedFuture(new SendOutcome.Refused(Refusal.RATE_LIMITED));
        }
        return drafts.submit(draft, origin)
                .thenCompose(outcome -> outcome instanceof SendOutcome.Stored stored
                        ? backlog.held(draft.conversation(), stored)
                        : CompletableFuture.completedFuture(outcome));
    }
}
