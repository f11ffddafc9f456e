package io.hongyan.im.adapter.mqtt;

import io.hongyan.protocol.Topics;
import java.util.Locale;

/** Which topics outside messaging a client may use. */
public enum TopicAccess {
    /** Each user those below {@code t/{uid}/}, and only messaging clients may connect. */
    OWN,
    /** Everybody all of them; clients whose id is not that of a messaging client may connect without a token. */
    OPEN;

    private static final String SHARED = "$share/";

    /** What the generic topics of this user start with. */
    String genericPrefix(String uid) {
        return this == OPEN ? "" : Topics.genericPrefix(uid);
    }

    /** Whether a filter or topic lies in a tree that belongs to messaging. */
    static boolean isMessaging(String filter) {
        String bare = filter;
        if (filter.startsWith(SHARED)) {
            bare = filter.substring(filter.indexOf('/', SHARED.length()) + 1);
        }
        for (String prefix : Topics.MESSAGING_PREFIXES) {
            if (bare.startsWith(prefix) || bare.length() == prefix.length() - 1 && prefix.startsWith(bare)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
