package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.Conversation.Kind;

/** Conversations from the two columns that name them. */
public final class Kinds {
    private static final Kind[] KINDS = Kind.values();

    private Kinds() {}

    public static Conversation conversation(int kind, String name) {
        for (Kind known : KINDS) {
            if (known.number() == kind) {
                return new Conversation(known, name);
            }
        }
        throw new IllegalStateException("conversation of kind " + kind);
    }
}
