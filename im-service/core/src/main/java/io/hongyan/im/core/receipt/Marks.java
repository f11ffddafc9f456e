package io.hongyan.im.core.receipt;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.PartialResult;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.send.Appended.InboxPosition;
import java.util.Collection;
import java.util.List;

/**
 * How far users have received and read their conversations: watermarks that only rise. Safe for many threads; blocks;
 * durable on return. Throws {@link StorageException}.
 */
public interface Marks {
    /**
     * Raises marks to at least these values, all in one transaction; 0 leaves a value as it is, and a read ordinal goes
     * with its read number. Passed over where the conversation does not exist or the user is not in it.
     *
     * @return of a storage with several parts, the marks of those that did not answer
     */
    PartialResult<Mark> raise(Collection<Mark> marks);

    /** The stored mark, zeros where there is none. A member of a group has one from joining on, and keeps it. */
    Mark find(String uid, Conversation conversation);

    /**
     * Puts one {@link io.hongyan.im.core.inbox.Event.ReadUpTo} entry into the inbox of each mark's user, with the
     * mark's read number, which is that of an entry (when it is read, it has the ordinal of that entry), and raises the
     * marks, in one transaction. Passed over where the conversation does not exist or the user is not in it.
     *
     * <p>Of a storage with several parts, a transaction for each of them: what is left of those that did not answer is
     * to be called for again, the rest must not be.
     */
    ReadEvents appendReadEvents(Collection<Mark> marks);

    /**
     * How far an entry has come, of a direct conversation or a group: among its recipients, the sender not counted.
     * Those who have read it count as having received it.
     *
     * @param limit readers at most
     */
    EntryReceipts receiptsOf(Conversation conversation, long seq, String sender, int limit);

    /** @param positions the entries' numbers, in order; none for what was passed over or is left */
    record ReadEvents(List<InboxPosition> positions, PartialResult<Mark> left) {
        public ReadEvents(List<InboxPosition> positions) {
            this(positions, PartialResult.complete());
        }
    }

    /**
     * @param recipients users with a membership at the entry, without the sender; 0 where there is no such entry
     * @param readers some of those who have read it, by rising uid
     */
    record EntryReceipts(int recipients, int delivered, int read, List<String> readers) {
        public EntryReceipts {
            readers = List.copyOf(readers);
        }
    }

    /**
     * @param deliveredSeq every message up to here has been acknowledged by one of the user's devices
     * @param readSeq the user has read up to here
     * @param readOrdinal the ordinal of the entry {@code readSeq}, 0 without one
     */
    record Mark(String uid, Conversation conversation, long deliveredSeq, long readSeq, long readOrdinal) {}
}
