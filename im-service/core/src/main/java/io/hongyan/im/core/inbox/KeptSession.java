package io.hongyan.im.core.inbox;

import java.util.List;

/**
 * What is kept of a session between two connections.
 *
 * @param expiresAtMillis when it is over, milliseconds since 1970-01-01 UTC
 */
public record KeptSession(List<Filter> filters, long expiresAtMillis) {
    public KeptSession {
        filters = List.copyOf(filters);
    }

    /** One that is over so long after now; null for 0, where nothing is kept. */
    public static KeptSession lasting(List<Filter> filters, long seconds, long nowMillis) {
        return seconds == 0 ? null : new KeptSession(filters, nowMillis + seconds * 1_000);
    }

    /**
     * A granted topic filter.
     *
     * @param subscriptionId MQTT 5 Subscription Identifier, 0 = none
     */
    public record Filter(String filter, int qos, int subscriptionId) {}
}
