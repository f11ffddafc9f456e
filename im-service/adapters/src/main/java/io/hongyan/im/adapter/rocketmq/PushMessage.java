package io.hongyan.im.adapter.rocketmq;

import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.push.Push;

/** The result of reading a message of the push topic. */
sealed interface PushMessage {
    /** The core decides whether its fields are allowed. */
    record Readable(Push push) implements PushMessage {}

    /**
     * Not a push.
     *
     * @param pushId empty if it could not be read
     * @param detail one sentence for its author
     */
    record Unreadable(String pushId, Refusal refusal, String detail) implements PushMessage {}
}
