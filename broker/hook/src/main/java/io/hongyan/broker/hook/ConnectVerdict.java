package io.hongyan.broker.hook;

import java.util.List;

/** The answer to a CONNECT. */
public sealed interface ConnectVerdict {
    /**
     * The client is accepted.
     *
     * @param sessionPresent the node still has this client's session; its filters are given
     * @param filters granted filters of the continued session, empty for a new one; the broker restores them before it
     *     answers the client
     * @param genericPrefix the client may use topics that the node has not claimed and that start with this; the empty
     *     string allows all of them
     * @param messaging whether the client may use the node's claimed topics at all
     * @param resume a value that the node gets back for this client with {@link BrokerHook#resuming}, at most
     *     {@link #RESUME_CHARACTERS_MAX}; means nothing to the broker, and clients never see it
     * @param properties user properties for CONNACK of MQTT 5, left out where the client does not take so large a packet
     */
    record Accept(
            boolean sessionPresent,
            List<GrantedFilter> filters,
            String genericPrefix,
            boolean messaging,
            String resume,
            List<UserProperty> properties)
            implements ConnectVerdict {
        public static final int RESUME_CHARACTERS_MAX = 1_024;

        public Accept {
            filters = List.copyOf(filters);
            properties = List.copyOf(properties);
            if (resume.length() > RESUME_CHARACTERS_MAX) {
                throw new IllegalArgumentException("resume has " + resume.length() + " characters");
            }
        }

        /** A client about which a later node needs to know nothing more. */
        public Accept(boolean sessionPresent, List<GrantedFilter> filters, String genericPrefix, boolean messaging) {
            this(sessionPresent, filters, genericPrefix, messaging, "", List.of());
        }
    }

    /**
     * The client is refused.
     *
     * @param reason mapped to the return code of the client's protocol version
     * @param text one sentence for the reason string of MQTT 5; never holds a secret
     */
    record Refuse(ConnectRefusal reason, String text) implements ConnectVerdict {}
}
