package io.hongyan.im.core.inbox;

import io.hongyan.im.core.message.StorageException;

/** Forgets old inbox entries. One caller at a time; blocks. Throws {@link StorageException}. */
public interface InboxTrimmer {
    /**
     * Trims some users' inboxes, in short transactions, and says where to go on.
     *
     * @param afterUser opaque place where the call before ended, 0 = from the first user
     * @param olderThanMillis entries whose message was stored before this moment go; an event
     *     goes with the message after it
     * @param entriesMax of the entries, only so many of the newest stay
     * @param usersMax look at no more users than this in one call
     */
    Slice trim(long afterUser, long olderThanMillis, int entriesMax, int usersMax);

    /** The same by limits, at a time. */
    default Slice trim(long afterUser, long nowMillis, InboxLimits limits, int usersMax) {
        return trim(afterUser, nowMillis - limits.ageMaxMillis(), limits.entriesMax(), usersMax);
    }

    /**
     * @param nextUser give it next time; 0 = all users have been looked at
     * @param trimmed entries forgotten by this call
     */
    record Slice(long nextUser, long trimmed) {}
}
