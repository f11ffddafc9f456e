package io.hongyan.broker.server;

import io.hongyan.broker.hook.DisconnectCause;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Sums up in the log which connections the server ended and why; clients that disconnect by themselves are not
 * included.
 */
final class EndLog {
    private static final Set<DisconnectCause> ORDINARY = Set.of(
            DisconnectCause.CLIENT_DISCONNECTED,
            DisconnectCause.CONNECTION_LOST,
            DisconnectCause.NORMAL,
            DisconnectCause.SERVER_SHUTTING_DOWN,
            DisconnectCause.USE_ANOTHER_SERVER);

    static final String SENT_TOO_MUCH = "connection ended: it sent too much before its login";
    static final String TOO_MANY_HANDSHAKES = "connection ended: too many are not logged in";
    static final String MEMORY_IS_SHORT = "connection ended: memory for buffers is short";
    static final String TASK_FAILED = "connection ended: a task of it failed";

    /** Reasons that get one summary line each, unless a more precise one is given. */
    private static final Map<DisconnectCause, String> REASONS = reasons();

    private EndLog() {}

    /**
     * The one line of an end.
     *
     * @param reason one of the constants of this class, null = the reason of the cause
     * @param detail null = none
     */
    static void ended(Connection connection, DisconnectCause cause, String reason, Object detail) {
        if (reason != null) {
            count(connection, reason, detail);
        } else if (REASONS.containsKey(cause) && connection.admission == null) {
            // A refused CONNECT is logged elsewhere.
            count(connection, REASONS.get(cause), null);
        }
    }

    /** A second cause for a connection whose end is in the log already: only failures get a line. */
    static void again(Connection connection, Object detail) {
        if (detail instanceof Throwable) {
            count(connection, "a task of an ended connection failed", detail);
        }
    }

    private static void count(Connection connection, String reason, Object detail) {
        connection.gate.log.count(
                reason,
                () -> "address=" + AddressCounts.of(connection.channel) + " client_id="
                        + connection.client().clientId()
                        + (detail == null ? "" : ' ' + words(detail)));
    }

    static String words(Object detail) {
        if (!(detail instanceof Throwable failure)) {
            return detail.toString();
        }
        StackTraceElement[] stack = failure.getStackTrace();
        return failure + (stack.length == 0 ? "" : " at " + stack[0]);
    }

    private static Map<DisconnectCause, String> reasons() {
        Map<DisconnectCause, String> reasons = new EnumMap<>(DisconnectCause.class);
        for (DisconnectCause cause : DisconnectCause.values()) {
            if (!ORDINARY.contains(cause)) {
                reasons.put(cause, "connection ended: " + cause.name().toLowerCase(Locale.ROOT));
            }
        }
        return reasons;
    }
}
