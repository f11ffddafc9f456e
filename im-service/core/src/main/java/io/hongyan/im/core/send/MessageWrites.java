package io.hongyan.im.core.send;

import io.hongyan.im.core.message.MessageState;
import java.util.List;

/**
 * What is written about earlier messages of the conversation, in the transaction of the draft: in this order, all of it.
 *
 * @param targetSeq the message whose state this is, 0 where no state changes
 * @param state written whole in the place of the one before, null where it does not change
 * @param reaction a user's reaction to that message that comes or goes, else null
 * @param replaced entries of the log that have another content from now on
 * @param copies which entries have copies of contents from now on; may be known already
 * @param erased of these it is no longer noted
 */
public record MessageWrites(
        long targetSeq,
        MessageState state,
        Reaction reaction,
        List<Replaced> replaced,
        List<Copy> copies,
        List<Copy> erased) {
    /** @param present whether it comes */
    public record Reaction(String emoji, String uid, boolean present) {}

    public record Replaced(long seq, byte[] content) {}

    /** The entry {@code inSeq} has a copy of the content of message {@code ofSeq}, or of a part of it. */
    public record Copy(long ofSeq, long inSeq) {}

    static MessageWrites ofState(long targetSeq, MessageState state) {
        return new MessageWrites(targetSeq, state, null, List.of(), List.of(), List.of());
    }
}
