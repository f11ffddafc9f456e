package io.hongyan.im.core.feed;

import io.hongyan.im.core.message.StorageException;
import java.util.List;

/** Stores what happened and is no message, for the feed. Safe for many threads; blocks. */
public interface EventLog {
    /**
     * Appends in order, in one transaction, durable on return. Their numbers rise, over all keys, from 1, also beyond
     * what was trimmed.
     *
     * @throws StorageException nothing was stored, or it is not known whether all was; calling again stores it again,
     *     which readers of the feed must expect
     */
    void append(List<EventDraft> batch);

    /**
     * Forgets events from the oldest on, a bounded number with each call: those older than {@code olderThanMillis}, and
     * those above {@code eventsMax} kept.
     *
     * @param unsentKept whether what a relay has not moved past yet is kept all the same
     * @return how many
     */
    long trim(long olderThanMillis, long eventsMax, boolean unsentKept);

    /**
     * Forgets the places in the feed of messages stored before {@code olderThanMillis}, from the oldest on, a bounded number
     * with each call; the messages stay. Where a message is its own place there is nothing to forget.
     *
     * @param unsentKept as above
     * @return how many
     */
    long trimMessages(long olderThanMillis, boolean unsentKept);
}
