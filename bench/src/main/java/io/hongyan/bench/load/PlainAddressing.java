package io.hongyan.bench.load;

import io.hongyan.bench.mqtt.ConnectionSettings;

/** A broker that relays: pair N uses the topic {@code pair/N}. */
public final class PlainAddressing implements Addressing {
    private final Endpoint endpoint;
    private final String run;
    private final boolean receiversStay;

    /**
     * @param run part of every client id, so that runs do not share clients
     * @param receiversStay whether the broker keeps messages for receivers that are away (clean session 0)
     */
    public PlainAddressing(Endpoint endpoint, String run, boolean receiversStay) {
        this.endpoint = endpoint;
        this.run = run;
        this.receiversStay = receiversStay;
    }

    @Override
    public ConnectionSettings sender(int pair) {
        return client("s", pair, true);
    }

    @Override
    public ConnectionSettings receiver(int pair) {
        return client("r", pair, !receiversStay);
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
    public String replyTopic(int pair) {
        return "";
    }

    @Override
    public boolean deliversInboxEntries() {
        return false;
    }

    private ConnectionSettings client(String role, int pair, boolean clean) {
        return new ConnectionSettings(
                endpoint.server(),
                endpoint.source(pair),
                run + "-" + role + pair,
                "",
                "",
                endpoint.keepAliveSeconds(),
                clean);
    }
}
