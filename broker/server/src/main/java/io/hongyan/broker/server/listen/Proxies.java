package io.hongyan.broker.server.listen;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * Proxies in front of this server that say whom they speak for, by the PROXY protocol (version 1 or 2). Only who connects from
 * one of their networks is believed, and must say it.
 */
public final class Proxies {
    private final List<Network> networks;
    private final boolean only;
    private final int headerMillis;
    private final LongAdder headers = new LongAdder();
    private final LongAdder refused = new LongAdder();

    /**
     * @param networks such as {@code 10.0.0.0/8}, {@code fd00::/8} or one address
     * @param only whether other machines may not connect past the proxies
     * @param headerMillis from accepting a connection of a proxy to the end of its header
     * @throws IllegalArgumentException one is no network; the message says which
     */
    public Proxies(List<String> networks, boolean only, int headerMillis) {
        this.networks = networks.stream().map(Network::parse).toList();
        this.only = only;
        this.headerMillis = headerMillis;
    }

    boolean believes(InetSocketAddress peer) {
        return Network.holds(networks, peer.getAddress());
    }

    /** Whether somebody who is no proxy may come in. */
    boolean letsIn(InetSocketAddress peer) {
        boolean in = !only || peer.getAddress().isLoopbackAddress();
        if (!in) {
            refused.increment();
        }
        return in;
    }

    int headerMillis() {
        return headerMillis;
    }

    void headerRead() {
        headers.increment();
    }

    void headerRefused() {
        refused.increment();
    }

    /** Connections whose proxy said whom it speaks for. */
    public long headers() {
        return headers.sum();
    }

    /** Connections closed: no header, a bad one, one that took too long, or past the proxies. */
    public long refused() {
        return refused.sum();
    }
}
