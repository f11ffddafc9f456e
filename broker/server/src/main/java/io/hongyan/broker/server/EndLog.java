package io.hongyan.broker.server;

import io.hongyan.broker.hook.DisconnectCause;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Sums up in the log which connections the server ended and why; clients that leave by themselves are not in it. */
final class EndLog {
    private static final Set<DisconnectCause> ORDINARY = Set.of(
            DisconnectCause.CLIENT_DISCONNECTED,
            DisconnectCause.CONNECTION_LOST,
            DisconnectCause.NORMAL,
            DisconnectCause.SERVER_SHUTTING_DOWN,
            DisconnectCause.USE_ANOTHER_SERVER);

    /** What is summed up under one line. */
    private static final Map<DisconnectCause, String> REASONS = reasons();

    private EndLog() {}

    /** @return the cause */
    static DisconnectCause noted(Connection connection, DisconnectCause cause) {
        String reason = REASONS.get(cause);
        // A CONNECT that is turned away is in the log as such.
        if (reason != null && connection.admission == null) {
            connection.gate.log.count(reason, () -> who(connection));
        }
        return cause;
    }

    private static String who(Connection connection) {
        return "address=" + Addresses.of(connection.channel) + " client_id=" + connection.clientId;
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
