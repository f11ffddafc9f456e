package io.hongyan.im.core.feed;

import io.hongyan.im.core.message.StoredMessage;

/**
 * One event of the feed. It may come more than once; whoever drops, per key, what has a number not above the last one
 * sees each event once and in order.
 *
 * @param key see {@link FeedKeys}
 * @param keySeq rises within the key; of a message its number in the conversation, which is gapless
 * @param atMillis when it happened, milliseconds since 1970-01-01 UTC
 */
public record FeedEvent(String key, long keySeq, long atMillis, FeedBody body) {
    public static FeedEvent of(StoredMessage message) {
        return new FeedEvent(
                FeedKeys.conversation(message.conversation()),
                message.seq(),
                message.sentAtMillis(),
                new FeedBody.MessageStored(message));
    }

    /** @param number of the event among all that are no messages */
    public static FeedEvent of(long number, EventDraft eventDraft) {
        return new FeedEvent(eventDraft.key(), number, eventDraft.atMillis(), eventDraft.body());
    }
}
