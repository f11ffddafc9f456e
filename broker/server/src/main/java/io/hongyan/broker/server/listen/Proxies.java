package io.hongyan.broker.server.listen;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * Proxies in front of this server that give the client's address by the PROXY protocol (version 1 or 2). Only
 * connections from their networks may do this, and they must.
 */
public final class Proxies {
    private final List<Network> networks;
    private final boolean only;
    private final int headerMillis;
    private final LongAdder headers = new LongAdder();
    private final LongAdder refused = new LongAdder();

    /**
     * @param networks such as {@code 10.0.0.0/8}, {@code fd00::/8} or one address
     * @param only whether other machines must not connect directly
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

    /** Whether a client may connect without a proxy. */
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

    /** Connections whose proxy gave the client's address. */
    public long headers() {
        return headers.sum();
    }

    /** Connections closed: no header, a bad one, one that took too long, or not from a proxy. */
    public long refused() {
        return refused.sum();
    }
}
