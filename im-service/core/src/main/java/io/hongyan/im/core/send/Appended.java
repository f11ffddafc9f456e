package io.hongyan.im.core.send;

import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.StoredMessage;
import java.util.List;

/** What became of one draft of a batch. */
public sealed interface Appended {
    /**
     * It is in the log now.
     *
     * @param positions one per recipient, the sender first: where it stands in each inbox
     */
    record Stored(StoredMessage message, List<InboxPosition> positions) implements Appended {}

    /**
     * The same conversation, sender and client message id were stored before, in an earlier batch or earlier in this
     * one: the first answer.
     */
    record Repeated(long seq, long sentAtMillis, long senderInboxSeq) implements Appended {}

    /** It was not stored and took no number. */
    record Refused(Refusal refusal) implements Appended {}

    /** A number in a user's inbox. */
    record InboxPosition(String uid, long seq) {}
}
