package io.hongyan.im.core.feed;

import io.hongyan.im.core.message.Conversation;
import java.util.Locale;

/** The keys of events: what they are ordered by. Their first word tells sorts of keys apart. */
public final class FeedKeys {
    private FeedKeys() {}

    /** {@code direct:alice|bob}, {@code group:42}, {@code room:lobby}, {@code system:orders|alice}. */
    public static String conversation(Conversation conversation) {
        return conversation.kind().name().toLowerCase(Locale.ROOT) + ':' + conversation.id();
    }

    /** {@code user:alice}. */
    public static String user(String uid) {
        return "user:" + uid;
    }

    /** {@code push:spring-sale}. */
    public static String push(String pushId) {
        return "push:" + pushId;
    }

    /** {@code node:one}. */
    public static String node(String node) {
        return "node:" + node;
    }
}
