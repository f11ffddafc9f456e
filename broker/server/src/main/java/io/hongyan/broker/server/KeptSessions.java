package io.hongyan.broker.server;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The sessions that Moquette keeps beyond the connection, for how long, and what the gate knows of them; limited in
 * number. Any thread.
 */
final class KeptSessions {
    private static final long CONNECTED = Long.MAX_VALUE;

    private final Map<String, Kept> byClientId = new HashMap<>();
    private final Map<Owner, Integer> byOwner = new HashMap<>();
    private final GateCounters counters;
    private final GenericLimits limits;

    /** @param owner of who began the session; null if there is none */
    private record Kept(Owner owner, long endMillis, SessionMemory memory) {}

    KeptSessions(GateCounters counters, GenericLimits limits) {
        this.counters = counters;
        this.limits = limits;
    }

    synchronized boolean has(String clientId, long nowMillis) {
        Kept kept = byClientId.get(clientId);
        return kept != null && kept.endMillis > nowMillis;
    }

    /**
     * Whether Moquette may keep a session for this client.
     *
     * @param fresh the client begins a new session, whatever existed before
     */
    synchronized boolean keep(Connection connection, boolean fresh, long nowMillis) {
        String clientId = connection.client().clientId();
        boolean goesOn = !fresh && has(clientId, nowMillis);
        Kept before = remove(clientId);
        GateCounter full = goesOn ? null : full(connection.owner);
        if (full != null) {
            counters.increment(full);
            return false;
        }
        put(
                clientId,
                goesOn
                        ? new Kept(before.owner, CONNECTED, before.memory)
                        : new Kept(connection.owner, CONNECTED, new SessionMemory()));
        return true;
    }

    /** The memory of the session; a new one if there is none. */
    synchronized SessionMemory memory(String clientId) {
        Kept kept = byClientId.get(clientId);
        return kept == null ? new SessionMemory() : kept.memory;
    }

    /** The connection has left Moquette; false if its session ends with it. */
    synchronized boolean ended(Connection connection, SessionMemory memory, long nowMillis) {
        String clientId = connection.client().clientId();
        Kept kept = remove(clientId);
        if (kept == null || connection.sessionExpirySeconds == 0) {
            return false;
        }
        put(clientId, new Kept(kept.owner, nowMillis + connection.sessionExpirySeconds * 1_000L, memory));
        return true;
    }

    /** Moquette has no session for this client. */
    synchronized void forget(String clientId) {
        remove(clientId);
    }

    /** Forgets expired sessions and returns their client ids. */
    synchronized List<String> takeEnded(long nowMillis) {
        List<String> ended = new ArrayList<>(0);
        byClientId.forEach((clientId, kept) -> {
            if (kept.endMillis <= nowMillis) {
                ended.add(clientId);
            }
        });
        ended.forEach(this::remove);
        return ended;
    }

    synchronized int size() {
        return byClientId.size();
    }

    /** The counter for the limit that one more would exceed, null if there is none. */
    private GateCounter full(Owner owner) {
        if (owner != null && byOwner.getOrDefault(owner, 0) >= limits.keptSessionsPerUserMax()) {
            return GateCounter.GENERIC_SESSIONS_REFUSED_USER;
        }
        return byClientId.size() >= limits.keptSessionsMax() ? GateCounter.GENERIC_SESSIONS_REFUSED_TOTAL : null;
    }

    private void put(String clientId, Kept kept) {
        remove(clientId);
        byClientId.put(clientId, kept);
        if (kept.owner != null) {
            byOwner.merge(kept.owner, 1, Integer::sum);
        }
    }

    private Kept remove(String clientId) {
        Kept before = byClientId.remove(clientId);
        if (before != null && before.owner != null) {
            byOwner.computeIfPresent(before.owner, (owner, count) -> count == 1 ? null : count - 1);
        }
        return before;
    }
}
