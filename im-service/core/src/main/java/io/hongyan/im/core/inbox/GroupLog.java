package io.hongyan.im.core.inbox;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.message.StoredMessage;
import java.util.List;

/** The logs of groups, for their streams. Safe for many threads; blocks. Throws {@link StorageException}. */
public interface GroupLog {
    /**
     * The entries next above a number, rising by seq without a gap.
     *
     * @param bytesMax stops before the content of a further entry would pass this sum; one is always given
     */
    List<StoredMessage> read(Conversation group, long aboveSeq, int entriesMax, int bytesMax);

    /** Whether all entries up to this number have come to all inboxes that they are for. */
    boolean inInboxes(Conversation group, long seq);

    /** Highest number in the log, 0 where there is none. */
    long head(Conversation group);
}
