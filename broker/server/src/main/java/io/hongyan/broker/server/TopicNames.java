package io.hongyan.broker.server;

import io.netty.buffer.ByteBuf;
import java.util.List;

/** The grammar of topics and filters, MQTT 5.0 section 4.7. */
final class TopicNames {
    private static final String SHARE = "$share/";

    static boolean claimed(String topicOrFilter, List<String> claimedPrefixes) {
        for (String prefix : claimedPrefixes) {
            if (topicOrFilter.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    static boolean wellFormedTopic(String topic) {
        return !topic.isEmpty() && topic.indexOf('+') < 0 && topic.indexOf('#') < 0 && topic.indexOf('\0') < 0;
    }

    static boolean wellFormedFilter(String filter) {
        if (filter.isEmpty() || filter.indexOf('\0') >= 0) {
            return false;
        }
        for (int i = 0; i < filter.length(); i++) {
            char c = filter.charAt(i);
            boolean last = i == filter.length() - 1;
            boolean startsLevel = i == 0 || filter.charAt(i - 1) == '/';
            if (c == '#' && !(last && startsLevel)) {
                return false;
            }
            if (c == '+' && !(startsLevel && (last || filter.charAt(i + 1) == '/'))) {
                return false;
            }
        }
        return true;
    }

    static boolean shared(String filter) {
        return filter.startsWith(SHARE);
    }

    /** The same for a filter's bytes. */
    static boolean sharedAt(ByteBuf in, int at, int length) {
        if (length < SHARE.length()) {
            return false;
        }
        for (int i = 0; i < SHARE.length(); i++) {
            if (in.getByte(at + i) != SHARE.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the filter can only match topics that start with the prefix. */
    static boolean within(String filter, String prefix) {
        // A prefix has no wildcards, so a filter that has one before the prefix ends does not start with it.
        return filter.startsWith(prefix);
    }

    /** Whether the filter matches the topic. Topics that start with $ are matched by no filter that starts otherwise. */
    static boolean matches(String filter, String topic) {
        if (!topic.isEmpty() && topic.charAt(0) == '$' && filter.charAt(0) != '$') {
            return false;
        }
        int f = 0;
        int t = 0;
        while (f < filter.length()) {
            char c = filter.charAt(f);
            if (c == '#') {
                return true;
            }
            if (c == '+') {
                while (t < topic.length() && topic.charAt(t) != '/') {
                    t++;
                }
                f++;
            } else if (t < topic.length() && topic.charAt(t) == c) {
                f++;
                t++;
            } else {
                // "a/#" matches "a" too.
                return t == topic.length() && c == '/' && filter.startsWith("/#", f) && filter.length() == f + 2;
            }
        }
        return t == topic.length();
    }

    static int levels(String name) {
        int levels = 1;
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) == '/') {
                levels++;
            }
        }
        return levels;
    }

    private TopicNames() {}
}
