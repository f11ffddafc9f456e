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
    private final Map<String, Integer> byUser = new HashMap<>();
    private final GateCounters counters;
    private final GenericLimits limits;

    /** @param user null if there is none */
    private record Kept(String user, long endMillis, SessionMemory memory) {}

    KeptSessions(GateCounters counters, GenericLimits limits) {
        this.counters = counters;
        this.limits = limits;
    }

    synchronized boolean has(String clientId, long nowMillis) {
        Kept kept = byClientId.get(clientId);
        return kept != null && kept.endMillis > nowMillis;
    }

    /** Whether Moquette may keep a session for this client. */
    synchronized boolean keep(Connection connection, long nowMillis) {
        ClientProfile client = connection.client();
        Kept before = byClientId.get(client.clientId());
        boolean had = has(client.clientId(), nowMillis);
        if (!had && isFull(client.user())) {
            counters.increment(GateCounter.GENERIC_SESSIONS_REFUSED);
            return false;
        }
        SessionMemory memory = had ? before.memory : new SessionMemory();
        put(client.clientId(), new Kept(client.user(), CONNECTED, memory));
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
        put(clientId, new Kept(kept.user, nowMillis + connection.sessionExpirySeconds * 1_000L, memory));
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

    private boolean isFull(String user) {
        return byClientId.size() >= limits.keptSessionsMax()
                || user != null && byUser.getOrDefault(user, 0) >= limits.keptSessionsPerUserMax();
    }

    private void put(String clientId, Kept kept) {
        remove(clientId);
        byClientId.put(clientId, kept);
        if (kept.user != null) {
            byUser.merge(kept.user, 1, Integer::sum);
        }
    }

    private Kept remove(String clientId) {
        Kept before = byClientId.remove(clientId);
        if (before != null && before.user != null) {
            byUser.computeIfPresent(before.user, (name, count) -> count == 1 ? null : count - 1);
        }
        return before;
    }
}
