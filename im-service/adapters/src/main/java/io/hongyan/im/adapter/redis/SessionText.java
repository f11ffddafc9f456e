package io.hongyan.im.adapter.redis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.session.OnlineSession;
import io.hongyan.im.core.session.Platform;

/** How a session is written in Redis; the scripts read some of it. */
final class SessionText {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final char NUMBER = '/';

    private SessionText() {}

    /** @param node that holds it */
    record Held(OnlineSession session, String node) {}

    static String connection(ConnectionKey key) {
        return key.gate() + NUMBER + key.number();
    }

    static ConnectionKey connection(String text) {
        int slash = text.lastIndexOf(NUMBER);
        return new ConnectionKey(text.substring(0, slash), Long.parseLong(text.substring(slash + 1)));
    }

    static String json(OnlineSession session, String node) {
        return JSON.createObjectNode()
                .put("n", node)
                .put("c", session.platform().platformClass().name())
                .put("p", session.platform().wireName())
                .put("d", session.device().device())
                .put("t", session.loginAtMillis())
                .put("i", session.tokenIssuedAt())
                .toString();
    }

    /**
     * @param lastSeenAtMillis 0 = no packet was noted since the login
     * @throws IllegalArgumentException it was not written by {@link #json}
     */
    static Held read(String uid, String connection, String json, long lastSeenAtMillis) {
        try {
            JsonNode read = JSON.readTree(json);
            long loginAt = read.path("t").asLong();
            OnlineSession session = new OnlineSession(
                    connection(connection),
                    new DeviceKey(uid, read.path("d").asText()),
                    Platform.ofWireName(read.path("p").asText()).orElseThrow(IllegalArgumentException::new),
                    loginAt,
                    Math.max(loginAt, lastSeenAtMillis),
                    read.path("i").asLong());
            return new Held(session, read.path("n").asText());
        } catch (JsonProcessingException unreadable) {
            throw new IllegalArgumentException("not a session: " + json, unreadable);
        }
    }
}
