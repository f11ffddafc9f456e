package io.hongyan.im.adapter.http;

/**
 * A good answer; its status is that of the {@link Operation}.
 *
 * @param body a record or a JSON tree, or a text where the operation answers in text
 */
public record Reply(Object body) {}
