package io.hongyan.im.core.send;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.message.StoredMessage;
import java.util.List;

/** Reads the log. Safe for many threads; blocks. Throws {@link StorageException}. */
public interface History {
    /**
     * The messages with numbers in the given open interval, rising by seq.
     *
     * @param newest whether to take them from the upper end of the interval
     * @param bytesMax stops before the content of a further message would pass this sum; one is always given
     */
    List<StoredMessage> read(
            Conversation conversation, long aboveSeq, long belowSeq, boolean newest, int messagesMax, int bytesMax);

    /** Highest number in the conversation, 0 where there is none. */
    long head(Conversation conversation);

    /** The entry with this number, from 1, or the newest where the log ends before it; {@link Position#NONE} of an empty log. */
    Position position(Conversation conversation, long seq);

    /**
     * Where an entry stands.
     *
     * @param ordinal see {@link StoredMessage}
     */
    record Position(long seq, long ordinal) {
        public static final Position NONE = new Position(0, 0);
    }
}
