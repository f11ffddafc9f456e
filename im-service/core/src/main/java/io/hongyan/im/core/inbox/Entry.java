package io.hongyan.im.core.inbox;

import io.hongyan.im.core.message.StoredMessage;

/** One step of a user's inbox; seq is gapless from 1 within it. */
public sealed interface Entry {
    long seq();

    record OfMessage(long seq, StoredMessage message) implements Entry {}

    record OfEvent(long seq, Event event) implements Entry {}
}
