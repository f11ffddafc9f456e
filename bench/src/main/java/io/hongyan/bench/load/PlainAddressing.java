package io.hongyan.bench.load;

import io.hongyan.bench.mqtt.ConnectionSettings;
import java.net.InetSocketAddress;

/** A broker that relays: pair N talks on topic {@code pair/N}. */
public final class PlainAddressing implements Addressing {
    private static final int KEEP_ALIVE_SECONDS = 300;

    private final InetSocketAddress server;
    private final String run;

    /** @param run part of every client id, so that runs do not meet */
    public PlainAddressing(InetSocketAddress server, String run) {
        this.server = server;
        this.run = run;
    }

    @Override
    public ConnectionSettings sender(int pair) {
        return client("s", pair);
    }

    @Override
    public ConnectionSettings receiver(int pair) {
        return client("r", pair);
    }

    @Override
    public String receiverUid(int pair) {
        return run + "-r" + pair;
    }

    @Override
    public String sendTopic(int pair) {
        return "pair/" + pair;
    }

    @Override
    public String receiveFilter(int pair) {
        return sendTopic(pair);
    }

    @Override
    public String receiveTopic(int pair) {
        return sendTopic(pair);
    }

    @Override
    public boolean deliversInboxEntries() {
        return false;
    }

    private ConnectionSettings client(String role, int pair) {
        return new ConnectionSettings(server, null, run + "-" + role + pair, "", "", KEEP_ALIVE_SECONDS, true);
    }
}
