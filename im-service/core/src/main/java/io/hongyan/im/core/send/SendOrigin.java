package io.hongyan.im.core.send;

import io.hongyan.im.core.cluster.FencingEpoch;
import io.hongyan.im.core.inbox.SendStreams;
import io.hongyan.im.core.message.ConnectionKey;

/**
 * Where drafts come from. Once one of them could not be stored, nothing later of the same origin may be numbered: the
 * client will send all of it again, in order, on another connection.
 */
public interface SendOrigin {
    /** @param epoch in which the connection came */
    static SendOrigin of(ConnectionKey connection, FencingEpoch epoch) {
        return new ConnectionOrigin(connection, epoch);
    }

    /** Of who waits for the answer, and has asked nobody else; for one draft. */
    static SendOrigin server() {
        return new ConnectionOrigin(ConnectionOrigin.SERVER, FencingEpoch.ENDLESS);
    }

    /**
     * Of a client's call, which its gate asks another node for when this one stalls; for one draft. The entry comes
     * to the client's connection like to any other.
     */
    static SendOrigin call(FencingEpoch epoch) {
        return new ConnectionOrigin(ConnectionOrigin.SERVER, epoch);
    }

    ConnectionKey connection();

    /** The streams of the same connection, null while there are none. */
    SendStreams streams();

    void streams(SendStreams opened);

    boolean broken();

    /** Nothing of it that is not stored yet is to be stored. */
    void breakOff();

    boolean full();

    /** Nothing more of it is taken; what waits is stored. */
    void fill();

    /** Whether its gate has gone, or may have: the process has stalled since the connection came. */
    boolean isLeftToOthers(FencingEpoch now);
}
