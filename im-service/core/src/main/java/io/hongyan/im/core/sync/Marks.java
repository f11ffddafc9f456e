package io.hongyan.im.core.sync;

import io.hongyan.im.core.message.Conversation;
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
     * Raises marks to at least these values, all in one transaction; 0 leaves a value as it is. Passed over where the
     * conversation does not exist or the user is not in it.
     */
    void raise(Collection<Mark> marks);

    /** The stored mark, zeros where there is none. */
    Mark find(String uid, Conversation conversation);

    /**
     * Puts one {@link io.hongyan.im.core.inbox.Event.ReadUpTo} entry into the inbox of each mark's user, with the
     * mark's read number, and raises the marks, in one transaction. Passed over where the conversation does not exist
     * or the user is not in it.
     *
     * @return the entries' numbers, in order; none for what was passed over
     */
    List<InboxPosition> appendReadEvents(Collection<Mark> marks);

    /**
     * @param deliveredSeq every message up to here has been acknowledged by one of the user's devices
     * @param readSeq the user has read up to here
     */
    record Mark(String uid, Conversation conversation, long deliveredSeq, long readSeq) {}
}
