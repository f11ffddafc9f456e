package io.hongyan.im.core.push;

import io.hongyan.im.core.message.Refusal;
import io.hongyan.metrics.Counters;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Takes pushes out of a queue. Their authors cannot be answered: what is refused is told in the feed. */
public final class TakePush {
    private final SubmitPush submitPush;
    private final PushEvents events;
    private final Counters<PushCounter> counters;

    public TakePush(SubmitPush submitPush, PushEvents events, Counters<PushCounter> counters) {
        this.submitPush = submitPush;
        this.events = events;
        this.counters = counters;
    }

    /** What is to be done with the message. */
    public enum Outcome {
        /** The push is durable, or was before: the message is done with. */
        TAKEN,
        /** It is refused for good, and that is durable: the message is done with. */
        REFUSED,
        /** Too many pushes are open: to be taken again after a while. */
        LATER
    }

    /**
     * Does not block.
     *
     * @param messageId what the queue calls the message
     * @return completes exceptionally where it is not certain what was stored: taking it again is harmless
     */
    public CompletionStage<Outcome> take(Push push, String messageId) {
        return submitPush.submit(push).thenCompose(outcome -> {
            if (outcome instanceof SubmitPush.Outcome.Refused refused) {
                if (refused.refusal() == Refusal.RATE_LIMITED) {
                    counters.increment(PushCounter.MESSAGES_PUT_OFF);
                    return CompletableFuture.completedFuture(Outcome.LATER);
                }
                return refuse(push.pushId(), refused.refusal(), refused.detail(), messageId);
            }
            counters.increment(PushCounter.MESSAGES_TAKEN);
            return CompletableFuture.completedFuture(Outcome.TAKEN);
        });
    }

    /**
     * Refuses what is no push. Does not block.
     *
     * @param pushId as far as it could be read
     * @param detail one sentence for its author
     * @return {@link Outcome#REFUSED}; completes exceptionally where it is not certain whether that was stored
     */
    public CompletionStage<Outcome> refuse(String pushId, Refusal refusal, String detail, String messageId) {
        String id = SubmitPush.isPushId(pushId) ? pushId : "";
        return events.refused(id, refusal, detail, messageId).thenApply(told -> {
            counters.increment(PushCounter.MESSAGES_REFUSED);
            return Outcome.REFUSED;
        });
    }
}
