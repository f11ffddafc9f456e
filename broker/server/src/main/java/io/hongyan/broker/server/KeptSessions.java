package io.hongyan.broker.server;

import java.util.HashMap;
import java.util.Map;

/** For which client ids Moquette keeps a session beyond the connection, and how long; limited in number. Any thread. */
final class KeptSessions {
    private static final long CONNECTED = Long.MAX_VALUE;

    private final Map<String, Kept> byClientId = new HashMap<>();
    private final Map<String, Integer> byUser = new HashMap<>();
    private final GateCounters counters;
    private final GenericLimits limits;

    /** @param user null where there is none */
    private record Kept(String user, long endMillis) {}

    KeptSessions(GateCounters counters, GenericLimits limits) {
        this.counters = counters;
        this.limits = limits;
    }

    synchronized boolean has(String clientId, long nowMillis) {
        Kept kept = byClientId.get(clientId);
        return kept != null && kept.endMillis > nowMillis;
    }

    /** Whether there was one before {@link #keep} was asked. */
    boolean heldBefore(Connection connection) {
        return connection.moquetteSessionBefore;
    }

    /** Whether Moquette may keep a session for this client. */
    synchronized boolean keep(Connection connection, long nowMillis) {
        connection.moquetteSessionBefore = has(connection.clientId, nowMillis);
        if (!connection.moquetteSessionBefore && isFull(connection.user)) {
            forgetEnded(nowMillis);
            if (isFull(connection.user)) {
                counters.increment(GateCounter.GENERIC_SESSIONS_REFUSED);
                return false;
            }
        }
        put(connection.clientId, new Kept(connection.user, CONNECTED));
        return true;
    }

    /** The connection has left Moquette. */
    synchronized void ended(Connection connection, long nowMillis) {
        Kept kept = byClientId.get(connection.clientId);
        if (kept == null) {
            return;
        }
        remove(connection.clientId);
        if (connection.sessionExpirySeconds > 0) {
            put(connection.clientId, new Kept(kept.user, nowMillis + connection.sessionExpirySeconds * 1_000L));
        }
    }

    private boolean isFull(String user) {
        return byClientId.size() >= limits.keptSessionsMax()
                || user != null && byUser.getOrDefault(user, 0) >= limits.keptSessionsPerUserMax();
    }

    private void forgetEnded(long nowMillis) {
        byClientId.entrySet().removeIf(entry -> {
            boolean ended = entry.getValue().endMillis <= nowMillis;
            if (ended) {
                uncount(entry.getValue().user);
            }
            return ended;
        });
    }

    private void put(String clientId, Kept kept) {
        remove(clientId);
        byClientId.put(clientId, kept);
        if (kept.user != null) {
            byUser.merge(kept.user, 1, Integer::sum);
        }
    }

    private void remove(String clientId) {
        Kept before = byClientId.remove(clientId);
        if (before != null) {
            uncount(before.user);
        }
    }

    private void uncount(String user) {
        if (user != null) {
            byUser.computeIfPresent(user, (name, count) -> count == 1 ? null : count - 1);
        }
    }
}
