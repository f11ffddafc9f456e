package io.hongyan.im.core.message;

/** The answer to a send. */
public sealed interface SendOutcome {
    /**
     * The message is durable. Of one that was sent before, the first answer.
     *
     * @param ordinal see {@link io.hongyan.im.core.message.StoredMessage}
     * @param inboxSeq its number in the sender's own inbox
     */
    record Stored(long seq, long ordinal, long sentAtMillis, long inboxSeq) implements SendOutcome {}

    /**
     * Of a change of a message: it is so, without an entry of its own. It was so before, or it is a reaction in a large
     * group, whose counts are told later.
     */
    record Noted() implements SendOutcome {}

    /** The message was not stored, and sending it again changes nothing. */
    record Refused(Refusal refusal) implements SendOutcome {}
}
