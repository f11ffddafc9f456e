package io.hongyan.im.adapter.rocketmq;

import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.push.Push;

/** What a message of the push topic turned out to be. */
sealed interface PushMessage {
    /** Whether its fields are allowed is for the core to say. */
    record Readable(Push push) implements PushMessage {}

    /**
     * No push.
     *
     * @param pushId empty where it could not be read
     * @param detail one sentence for its author
     */
    record Unreadable(String pushId, Refusal refusal, String detail) implements PushMessage {}
}
