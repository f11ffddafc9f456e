package io.hongyan.im.core.simulation;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StoredMessage;

/** Names a message, or a change of a group, before it has a number. */
record MessageKey(Conversation conversation, String sender, String clientMessageId) {
    static MessageKey of(StoredMessage message) {
        return new MessageKey(message.conversation(), message.sender(), message.clientMessageId());
    }

    static MessageKey of(Recorded.Published message) {
        return new MessageKey(message.conversation(), message.device().uid(), message.clientMessageId());
    }

    static MessageKey of(Recorded.Answered answer) {
        return new MessageKey(answer.conversation(), answer.device().uid(), answer.clientMessageId());
    }
}
