package io.hongyan.bench.chaos.check;

import io.hongyan.bench.chaos.history.HistoryEvent;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What identifies one message, however often it is sent. */
record MessageKey(String conversation, String sender, String id) {
    static MessageKey of(String sender, String to, String id) {
        return new MessageKey(conversation(sender, to), sender, id);
    }

    /** The conversation of two users, the same for both; for a group, that of its address. */
    static String conversation(String one, String other) {
        if (other.startsWith(HistoryEvent.GROUP)) {
            return other;
        }
        return one.compareTo(other) <= 0 ? one + '|' + other : other + '|' + one;
    }

    boolean ofGroup() {
        return conversation.startsWith(HistoryEvent.GROUP);
    }

    /** Both users of a direct conversation; one if someone writes to themselves. */
    Set<String> users() {
        int separator = conversation.indexOf('|');
        return new HashSet<>(List.of(conversation.substring(0, separator), conversation.substring(separator + 1)));
    }

    @Override
    public String toString() {
        return "message '" + id + "' of " + sender + " in " + conversation;
    }
}
