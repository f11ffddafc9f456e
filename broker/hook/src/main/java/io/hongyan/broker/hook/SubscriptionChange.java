package io.hongyan.broker.hook;

import java.util.List;

/** The change of filters that a client asks for: one MQTT packet, in the packet's order. */
public sealed interface SubscriptionChange {
    /** @param filters with the quality of service asked for */
    record Subscribe(List<GrantedFilter> filters) implements SubscriptionChange {
        public Subscribe {
            filters = List.copyOf(filters);
        }
    }

    record Unsubscribe(List<String> filters) implements SubscriptionChange {
        public Unsubscribe {
            filters = List.copyOf(filters);
        }
    }
}
