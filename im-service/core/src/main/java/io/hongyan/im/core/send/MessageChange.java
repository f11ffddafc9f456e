package io.hongyan.im.core.send;

import io.hongyan.im.core.message.ReactionCount;
import java.util.List;

/**
 * Something that changes an earlier message of the same conversation. It is appended to the log like a message, with a number
 * of its own, and does not count.
 */
public sealed interface MessageChange {
    /** Number of the message. */
    long targetSeq();

    /** What users ask for. */
    sealed interface Asked extends MessageChange {}

    /** What the server does by itself, as {@link io.hongyan.im.core.message.SystemUser}. */
    sealed interface ByServer extends MessageChange {}

    /** Its content is erased, with all copies of it in the log. */
    record Recalled(long targetSeq) implements Asked {}

    /**
     * It has another content.
     *
     * @param content must not be changed
     * @param quotedSeq number of the message that this content answers with an excerpt, 0 = none
     */
    record Edited(long targetSeq, byte[] content, long quotedSeq) implements Asked {}

    /** The user reacts so, or does not any more. */
    record Reacted(long targetSeq, String emoji, boolean removed) implements Asked {}

    record Pinned(long targetSeq, boolean pinned) implements Asked {}

    /** How many react how, in a large group, where reactions have no entries. */
    record ReactionsCounted(long targetSeq, List<ReactionCount> counts) implements ByServer {
        public ReactionsCounted {
            counts = List.copyOf(counts);
        }
    }

    /** Copies of a recalled message's content, more than were erased with the recall, are erased. Has no entry. */
    record CopiesErased(long targetSeq) implements ByServer {}
}
