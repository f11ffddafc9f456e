package io.hongyan.im.core.send;

import io.hongyan.im.core.cluster.FencingEpoch;
import io.hongyan.im.core.inbox.ConnectionStreams;
import io.hongyan.im.core.message.ConnectionKey;

/**
 * Where drafts come from. Once one of them could not be stored, nothing later of the same origin may be numbered: the
 * client will send all of it again, in order, on another connection.
 */
public final class SendOrigin {
    private static final ConnectionKey SERVER = new ConnectionKey("server", 0);

    private final ConnectionKey connection;
    private final FencingEpoch epoch;
    private volatile boolean broken;
    private volatile ConnectionStreams streams;

    /** @param epoch in which the connection came */
    public SendOrigin(ConnectionKey connection, FencingEpoch epoch) {
        this.connection = connection;
        this.epoch = epoch;
    }

    /** Of who waits for the answer, and has asked nobody else; for one draft. */
    public static SendOrigin server() {
        return new SendOrigin(SERVER, FencingEpoch.ENDLESS);
    }

    public ConnectionKey connection() {
        return connection;
    }

    /** The streams of the same connection, null while there are none. */
    public ConnectionStreams streams() {
        return streams;
    }

    public void streams(ConnectionStreams opened) {
        streams = opened;
    }

    boolean broken() {
        return broken;
    }

    /** Whether its gate has gone, or may have: the process has stood still since the connection came. */
    boolean isLeftToOthers(FencingEpoch now) {
        return broken || epoch.isOver(now);
    }

    /** Nothing of it that is not stored yet is to be stored. */
    public void breakOff() {
        broken = true;
    }
}
