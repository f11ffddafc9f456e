package io.hongyan.im.adapter.sql.mysql;

/** Names one message by what its sender has called it. */
record DedupKey(long conversationId, long senderId, String clientMessageId) {}
