package io.hongyan.im.core.inbox;

import io.hongyan.im.core.message.Conversation;

/** Something in an inbox other than a message. */
public sealed interface Event {
    /**
     * The user has read a conversation up to seq on one of the own devices.
     *
     * @param ordinal of that entry
     */
    record ReadUpTo(Conversation conversation, long seq, long ordinal) implements Event {}

    /** Entries below {@code from} are no longer kept. Made when reading, never stored. */
    record Trimmed(long from) implements Event {}
}
