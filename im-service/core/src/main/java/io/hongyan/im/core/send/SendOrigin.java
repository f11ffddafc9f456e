package io.hongyan.im.core.send;

import io.hongyan.im.core.inbox.InboxStream;
import io.hongyan.im.core.message.ConnectionKey;

/**
 * Where drafts come from. Once one of them could not be stored, nothing later of the same origin may be numbered: the
 * client will send all of it again, in order, on another connection.
 */
public final class SendOrigin {
    private static final ConnectionKey SERVER = new ConnectionKey("server", 0);

    private final ConnectionKey connection;
    private volatile boolean broken;
    private volatile InboxStream stream;

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

    /** The inbox stream of the same connection, null while there is none. */
    public InboxStream stream() {
        return stream;
    }

    public void stream(InboxStream newStream) {
        stream = newStream;
    }

    boolean broken() {
        return broken;
    }

    void breakOff() {
        broken = true;
    }
}
