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

    /**
     * A granted topic filter.
     *
     * @param subscriptionId MQTT 5 Subscription Identifier, 0 = none
     */
    public record Filter(String filter, int qos, int subscriptionId) {}
}
