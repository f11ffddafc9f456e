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

    /** The message was not stored, and sending it again changes nothing. */
    record Refused(Refusal refusal) implements SendOutcome {}
}
