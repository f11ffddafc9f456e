package io.hongyan.im.core.simulation;

import io.hongyan.im.core.message.ConnectionKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** A connection is not pushed what it has sent itself, where the answer to it says what it needs. */
final class OwnSends {
    private final Map<MessageKey, Object> onlySentDuring = new HashMap<>();
    private final Map<Sent, String> pushed = new LinkedHashMap<>();
    private final Set<Sent> answered = new HashSet<>();

    private record Sent(ConnectionKey connection, MessageKey message) {}

    /** @param push the one that was going on on the same connection, null where there was none */
    void published(MessageKey message, Object push) {
        onlySentDuring.put(message, onlySentDuring.containsKey(message) ? null : push);
    }

    void answered(ConnectionKey connection, MessageKey message) {
        answered.add(new Sent(connection, message));
    }

    void pushed(ConnectionKey connection, MessageKey message, Object push, String where) {
        if (onlySentDuring.get(message) == push) {
            pushed.put(new Sent(connection, message), where);
        }
    }

    /** One that was not answered may be pushed: it was not known to be stored, and the connection was ended for it. */
    void check(EndState end) {
        pushed.keySet().retainAll(answered);
        pushed.values().forEach(where -> end.violated("P4", 0, where + ": was sent on this very connection"));
    }
}
