package io.hongyan.broker.hook;

import java.util.List;

/** The answer to a CONNECT. */
public sealed interface ConnectVerdict {
    /**
     * The client may come in.
     *
     * @param sessionPresent the host still has this client's session; its filters are given
     * @param filters granted filters of the session that goes on, empty for a new one; the broker restores them before
     *     it answers the client
     * @param genericPrefix the client may use topics that the host has not claimed and that start with this; the empty
     *     string allows all of them
     * @param messaging whether the client may use the host's claimed topics at all
     */
    record Accept(boolean sessionPresent, List<GrantedFilter> filters, String genericPrefix, boolean messaging)
            implements ConnectVerdict {
        public Accept {
            filters = List.copyOf(filters);
        }
    }

    /**
     * The client is turned away.
     *
     * @param reason mapped to the return code of the client's protocol version
     * @param text one sentence for the reason string of MQTT 5; never holds a secret
     */
    record Refuse(ConnectRefusal reason, String text) implements ConnectVerdict {}
}
