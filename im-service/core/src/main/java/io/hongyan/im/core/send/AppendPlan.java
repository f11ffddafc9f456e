package io.hongyan.im.core.send;

import io.hongyan.im.core.group.GroupDecision.Accepted;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.Appended.FanOut;
import java.util.List;

/**
 * What a storage writes for one draft. {@link AppendRules} makes it; the storage writes it before it asks about the next.
 *
 * @param <R> a recipient as the storage knows it
 */
public sealed interface AppendPlan<R extends AppendPlan.Recipient> {
    /** Somebody whose inbox an entry goes to. */
    interface Recipient {
        String uid();
    }

    /** Nothing. */
    record Refused<R extends Recipient>(Refusal refusal) implements AppendPlan<R> {}

    /** Nothing: it is stored already and gets the first answer, which the storage knows. */
    record Repeated<R extends Recipient>() implements AppendPlan<R> {}

    /**
     * No entry.
     *
     * @param writes what is written all the same, null for nothing
     */
    record Noted<R extends Recipient>(MessageWrites writes) implements AppendPlan<R> {}

    /**
     * An entry of the log, which makes its conversation where it is the first.
     *
     * @param message the row of the log
     * @param change what changes in its group with it, else null
     * @param writes what is written about earlier messages with it, null for nothing
     * @param recipients who get an inbox row with it, each once, the sender first (if the sender is one)
     * @param toSender whether the sender is one
     * @param marker whether a marker is left, see {@link FanOutLog}; then there are no recipients
     * @param outgrown see {@link Appended.Stored}
     */
    record Entry<R extends Recipient>(
            StoredMessage message,
            Accepted change,
            MessageWrites writes,
            List<R> recipients,
            boolean toSender,
            boolean marker,
            FanOut fanOut,
            boolean outgrown)
            implements AppendPlan<R> {}
}
