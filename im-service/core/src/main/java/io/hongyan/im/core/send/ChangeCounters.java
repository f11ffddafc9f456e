package io.hongyan.im.core.send;

import io.hongyan.im.core.message.SendOutcome;
import io.hongyan.metrics.Counters;

/** Counts what becomes of changes of messages. */
public final class ChangeCounters extends Counters<ChangeCounter> {
    ChangeCounters() {
        super(ChangeCounter.class);
    }

    /** A change that was asked for is answered. */
    void answered(MessageChange.Asked change, SendOutcome outcome) {
        increment(
                outcome instanceof SendOutcome.Refused refusal
                        ? ChangeCounter.refused(refusal.refusal())
                        : ChangeCounter.done(change));
    }

    /** Something that was left to do is answered. */
    void finished(MessageChange change, SendOutcome outcome) {
        if (outcome instanceof SendOutcome.Stored) {
            increment(ChangeCounter.COUNTS_TOLD);
        } else if (outcome instanceof SendOutcome.Noted && change instanceof MessageChange.CopiesErased) {
            increment(ChangeCounter.RECALLS_FINISHED);
        }
    }
}
