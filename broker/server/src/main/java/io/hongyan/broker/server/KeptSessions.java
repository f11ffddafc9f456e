package io.hongyan.broker.server;

import java.util.concurrent.ConcurrentHashMap;

/** For which client ids Moquette keeps a session beyond the connection, and how long; limited in number. */
final class KeptSessions {
    private static final long CONNECTED = Long.MAX_VALUE;

    private final ConcurrentHashMap<String, Long> endMillisByClientId = new ConcurrentHashMap<>();
    private final GateCounters counters;
    private final int sessionsMax;

    KeptSessions(GateCounters counters, int sessionsMax) {
        this.counters = counters;
        this.sessionsMax = sessionsMax;
    }

    boolean has(String clientId, long nowMillis) {
        Long end = endMillisByClientId.get(clientId);
        return end != null && end > nowMillis;
    }

    /** Whether there was one before {@link #keep} was asked. */
    boolean heldBefore(Connection connection) {
        return connection.moquetteSessionBefore;
    }

    /** Whether Moquette may keep a session for this client. */
    boolean keep(Connection connection, long nowMillis) {
        connection.moquetteSessionBefore = has(connection.clientId, nowMillis);
        if (!connection.moquetteSessionBefore && endMillisByClientId.size() >= sessionsMax) {
            endMillisByClientId.values().removeIf(end -> end <= nowMillis);
            if (endMillisByClientId.size() >= sessionsMax) {
                counters.increment(GateCounter.GENERIC_SESSIONS_REFUSED);
                return false;
            }
        }
        endMillisByClientId.put(connection.clientId, CONNECTED);
        return true;
    }

    /** The connection has left Moquette. */
    void ended(Connection connection, long nowMillis) {
        if (connection.sessionExpirySeconds == 0) {
            endMillisByClientId.remove(connection.clientId);
        } else {
            endMillisByClientId.computeIfPresent(
                    connection.clientId, (clientId, end) -> nowMillis + connection.sessionExpirySeconds * 1_000L);
        }
    }
}
