package io.hongyan.im.core.send;

import io.hongyan.im.core.message.Refusal;

/** What becomes of a change of a message, or of a message that answers another. */
sealed interface MessageDecision {
    /** Nothing changes and the entry takes no number. */
    record Refused(Refusal refusal) implements MessageDecision {}

    /**
     * There is no entry.
     *
     * @param writes null where nothing changes
     */
    record Noted(MessageWrites writes) implements MessageDecision {}

    /**
     * The entry is stored.
     *
     * @param content of the entry
     * @param writes what is written with it, null for nothing
     */
    record Accepted(byte[] content, MessageWrites writes) implements MessageDecision {}
}
