package io.hongyan.im.core.send;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.Appended.InboxPosition;
import java.util.List;

/**
 * Entries whose inbox rows are still to be written, each left as a marker by {@link MessageLog#append}. While a
 * conversation has an open marker, its later entries are left as markers too. The recipients are those of the entry's
 * number, whoever has joined or left since. Each gets the entry once, in one inbox the entries of a conversation rise,
 * and the progress of a marker moves in the transaction that writes the rows: a step that failed is taken again.
 * Leases are durable with the rest: a worker of before a restart keeps its conversation until its lease is over, unless
 * it comes back under the same name. Safe for many threads and processes; blocks; durable on return. Throws {@link
 * StorageException}.
 */
public interface FanOutLog {
    /**
     * The oldest open marker of each conversation that has any, up to so many; only those that this worker may take:
     * that nobody holds, or the worker itself, or whose lease is over. Not where all that is left to do waits for a part
     * of the storage that is away.
     */
    List<Marker> open(String worker, int markersMax, long nowMillis);

    /**
     * Takes one step, in one transaction: writes inbox rows of the given markers and of those that follow them in their
     * conversations, and moves their progress. Conversations are served in the order of the list, each as far as the
     * step goes, so what one user gets of several entries is written together. Takes the leases or renews them.
     *
     * @param markers oldest open ones of different conversations, as {@link #open} gives them, at least one; passed over
     *     where another worker holds the lease or the marker is not the oldest open one (it is done, or its turn has not
     *     come)
     * @param worker who asks; never two at the same time under one name, but the same one again after a restart
     * @param recipientsMax recipients of this step at most, counted for each entry; those that have it already count
     * @param leaseMillis another worker may go on from {@code nowMillis + leaseMillis} on; the lease ends with the marker,
     *     or goes on to the next one of its conversation
     */
    Step advance(List<Marker> markers, String worker, int recipientsMax, long nowMillis, long leaseMillis);

    /** Whether an entry of the conversation up to this number has not come to all inboxes that it is for. */
    boolean isOpen(Conversation conversation, long seq);

    /**
     * Whether senders are to be slowed down as long as this entry is open; not where it waits for a part of the storage
     * that is away, which may be long.
     */
    default boolean holdsUp(Conversation conversation, long seq) {
        return isOpen(conversation, seq);
    }

    /** An entry that waits for its fan-out. */
    record Marker(Conversation conversation, long seq) {}

    /**
     * What one step has done.
     *
     * @param written by rising number for each conversation; empty where nothing could be taken
     * @param served how many of the given markers have had their turn, from the first on; at least one
     */
    record Step(List<Written> written, int served) {}

    /**
     * What was written of one entry.
     *
     * @param positions recipients that have the entry now and had not before
     * @param done whether these were the last; the marker is gone
     * @param reached whether all have it but those in parts of the storage that do not answer
     * @param untold whether some had it before whom perhaps nobody has told: a step failed after it had written them
     */
    record Written(
            StoredMessage message, List<InboxPosition> positions, boolean done, boolean reached, boolean untold) {
        public Written(StoredMessage message, List<InboxPosition> positions, boolean done) {
            this(message, positions, done, done, false);
        }
    }
}
