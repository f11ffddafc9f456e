package io.hongyan.broker.server;

import java.util.concurrent.ConcurrentHashMap;

/** What is known of the sessions that Moquette keeps for absent clients. Any thread. */
final class SessionMemories {
    private final ConcurrentHashMap<String, SessionMemory> byClientId = new ConcurrentHashMap<>();
    private final KeptSessions sessions;
    private final int sessionsMax;

    SessionMemories(KeptSessions sessions, int sessionsMax) {
        this.sessions = sessions;
        this.sessionsMax = sessionsMax;
    }

    /** The client has left, and its session stays. */
    void keep(String clientId, SessionMemory memory, long nowMillis) {
        if (byClientId.size() >= sessionsMax) {
            byClientId.keySet().removeIf(known -> !sessions.has(known, nowMillis));
        }
        byClientId.put(clientId, memory);
    }

    /** What was kept of the client; something new where nothing was. */
    SessionMemory take(String clientId) {
        SessionMemory memory = byClientId.remove(clientId);
        return memory == null ? new SessionMemory() : memory;
    }

    /** The session has ended. */
    void forget(String clientId) {
        byClientId.remove(clientId);
    }
}
