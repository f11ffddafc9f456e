package io.hongyan.im.core.send;

import io.hongyan.im.core.inbox.ConnectionStreams;
import io.hongyan.im.core.message.ConnectionKey;

/**
 * Where drafts come from. Once one of them could not be stored, nothing later of the same origin may be numbered: the
 * client will send all of it again, in order, on another connection.
 */
public final class SendOrigin {
    private static final ConnectionKey SERVER = new ConnectionKey("server", 0);

    private final ConnectionKey connection;
    private volatile boolean broken;
    private volatile ConnectionStreams streams;

    public SendOrigin(ConnectionKey connection) {
        this.connection = connection;
    }

    /** Of what no client has sent; for one draft. */
    public static SendOrigin server() {
        return new SendOrigin(SERVER);
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

    void breakOff() {
        broken = true;
    }
}
