package io.hongyan.im.core.feed;

import io.hongyan.im.core.message.StorageException;
import java.util.concurrent.CompletionStage;

/** Takes what happens into the feed, of each key in the order it is handed in. Any thread; does not block. */
public interface FeedEvents {
    /**
     * Hands in an event whose author can be told that it was not stored.
     *
     * @return completes on the event writer's thread when it is durable; exceptionally with a {@link StorageException} if
     *     that is not certain, or if too much waits, of its key or of all
     */
    CompletionStage<Void> hand(EventDraft eventDraft);

    /**
     * Hands in an event that nobody can hand in again. It is taken even if too much waits, and tried until it is stored;
     * whoever calls this sees to it that such events are bounded, with {@link #requireRoom} before what leads to them.
     */
    void handSurely(EventDraft eventDraft);

    /**
     * @param uid whose events they would be
     * @throws StorageException so much waits, of this user or of all, that what can be refused is refused
     */
    void requireRoom(String uid);
}
