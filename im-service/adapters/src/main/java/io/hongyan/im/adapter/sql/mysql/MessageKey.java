package io.hongyan.im.adapter.sql.mysql;

/** Names one message by what its sender has called it. */
record MessageKey(long conversationId, long senderId, String clientMessageId) {}
