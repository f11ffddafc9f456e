package io.hongyan.im.core.inbox;

import io.hongyan.im.core.message.StorageException;
import java.util.List;

/** Reads inboxes. Safe for many threads; blocks. Sees everything whose append has returned. */
public interface Inbox {
    /** In the place of a head that could not be read. */
    long UNKNOWN = -1;

    /**
     * Entries with a number above {@code afterSeq}.
     *
     * @param entriesMax at most so many
     * @param bytesMax stops before the content of a further entry would pass this sum; one entry is always given
     * @throws StorageException it could not be read
     */
    InboxPage read(String uid, long afterSeq, int entriesMax, int bytesMax);

    /** Highest number in the inbox, 0 for an empty one or a user that does not exist. */
    long head(String uid);

    /**
     * Highest numbers of many inboxes.
     *
     * @param uids a page of them, at most a thousand
     * @return one per uid, in order; 0 as above, {@link #UNKNOWN} where the part of the storage did not answer that has it
     */
    default List<Long> heads(List<String> uids) {
        return uids.stream().map(this::head).toList();
    }
}
