package io.hongyan.broker.hook;

import java.util.List;

/**
 * What the node may ask of the broker. Methods may be called from any thread and never block; calls for one connection
 * are carried out in their order. Calls for a connection that has ended are ignored.
 */
public interface BrokerControl {
    /**
     * Sends one body to some connections: each gets a PUBLISH on its own topic whose payload is its head followed by
     * the shared bytes. A target whose connection holds no filter for its topic gets nothing and counts as delivered. A
     * connection holds a filter from the completion of the {@link BrokerHook#subscribing} answer that grants it, so a
     * push for a new filter must come after that.
     *
     * @param shared must not change afterwards
     */
    void push(byte[] shared, List<Target> targets);

    /** Several such pushes, in list order; those to one connection are sent together, in as few writes as possible. */
    void pushAll(List<Multicast> pushes);

    /** Ends a connection; earlier pushes are written first. */
    void disconnect(ConnectionId connection, DisconnectCause cause);

    /**
     * One body and its receivers.
     *
     * @param shared must not change afterwards
     */
    record Multicast(byte[] shared, List<Target> targets) {}

    /**
     * One receiver of a push.
     *
     * @param topic the topic of its PUBLISH
     * @param head bytes before the shared ones, may be empty; must not change afterwards
     * @param qos at most this; the filter's granted QoS bounds it too
     * @param token comes back through {@link BrokerHook#delivered}; rises on each connection; {@link #NO_TOKEN} asks for
     *     no report
     */
    record Target(ConnectionId connection, String topic, byte[] head, int qos, long token) {
        public static final long NO_TOKEN = -1;
    }
}
