package io.hongyan.im.adapter.http;

import java.util.Locale;

/** A subject of the API that a business key may be valid for. */
public enum HttpScope {
    GROUPS,
    USERS,
    /** Throwing users out, and who is connected from where. */
    USERS_WRITE,
    PUSH,
    FEED,
    MESSAGES,
    /** Of operators: the server itself. */
    NODE;

    /** As it stands in the configuration. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
