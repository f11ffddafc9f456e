package io.hongyan.im.core.send;

import io.hongyan.im.core.cluster.FencingEpoch;
import io.hongyan.im.core.inbox.SendStreams;
import io.hongyan.im.core.message.ConnectionKey;

/** One connection, since it came. */
final class ConnectionOrigin implements SendOrigin {
    static final ConnectionKey SERVER = new ConnectionKey("server", 0);

    private final ConnectionKey connection;
    private final FencingEpoch epoch;
    private volatile boolean broken;
    private volatile boolean full;
    private volatile SendStreams streams;

    ConnectionOrigin(ConnectionKey connection, FencingEpoch epoch) {
        this.connection = connection;
        this.epoch = epoch;
    }

    @Override
    public ConnectionKey connection() {
        return connection;
    }

    @Override
    public SendStreams streams() {
        return streams;
    }

    @Override
    public void streams(SendStreams opened) {
        streams = opened;
    }

    @Override
    public boolean broken() {
        return broken;
    }

    @Override
    public void breakOff() {
        broken = true;
    }

    @Override
    public boolean full() {
        return full;
    }

    @Override
    public void fill() {
        full = true;
    }

    @Override
    public boolean isLeftToOthers(FencingEpoch now) {
        return broken || epoch.isOver(now);
    }
}
