package io.hongyan.im.core.send;

import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.message.StoredMessage;
import java.util.List;

/** What became of one draft of a batch. */
public sealed interface Appended {
    /**
     * It is in the log now.
     *
     * @param positions where it stands in the inboxes that have it already: with {@link FanOut#INLINE} one per
     *     recipient, with {@link FanOut#BY_STREAM} those of the users that the change adds or removes (unless a marker
     *     was left for them), the sender first (if the sender is one); with {@link FanOut#BY_MARKER} none, or some whose
     *     database was there
     * @param outgrown whether it is an entry of a group that has more members than a group may have without being large,
     *     and is not large yet: whoever appended it makes it so
     */
    record Stored(StoredMessage message, List<InboxPosition> positions, FanOut fanOut, boolean outgrown)
            implements Appended {
        public Stored(StoredMessage message, List<InboxPosition> positions) {
            this(message, positions, FanOut.INLINE, false);
        }
    }

    /** How an entry comes to its recipients. */
    enum FanOut {
        /** It stands in their inboxes. */
        INLINE,
        /** A marker was left; {@link FanOutLog} writes the inboxes. */
        BY_MARKER,
        /**
         * Recipients read the stream of their large group. A change stands in the inboxes of those it adds or removes
         * as well, by marker where they are many or a marker of the conversation is open.
         */
        BY_STREAM
    }

    /**
     * The same conversation, sender and client message id were stored before, in an earlier batch or earlier in this
     * one: the first answer; {@code senderInboxSeq} is 0 where that was not known then.
     *
     * @param untold whether perhaps this very call stored it, at an attempt whose answer was lost: then nobody was told
     */
    record Repeated(long seq, long ordinal, long sentAtMillis, long senderInboxSeq, boolean untold)
            implements Appended {
        public Repeated(long seq, long ordinal, long sentAtMillis, long senderInboxSeq) {
            this(seq, ordinal, sentAtMillis, senderInboxSeq, false);
        }
    }

    /** A change of a message that is done without an entry: it was so already, or it is told later. It took no number. */
    record Noted() implements Appended {}

    /** It was not stored and took no number. */
    record Refused(Refusal refusal) implements Appended {}

    /**
     * It is not known whether it was stored, while others of its batch are: as if all of the batch had failed with this,
     * for the one draft. Of a storage with several parts, one of which is away.
     */
    record NotStored(StorageException why) implements Appended {}

    /** A number in a user's inbox. */
    record InboxPosition(String uid, long seq) {}
}
