package io.hongyan.im.core.message;

/** Names a message. */
public record MessageId(Conversation conversation, long seq) {}
