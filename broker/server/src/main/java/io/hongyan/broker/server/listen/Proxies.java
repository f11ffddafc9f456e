package io.hongyan.broker.server.listen;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * Proxies in front of this server that say whom they speak for, by the PROXY protocol (version 1 or 2). Only who connects from
 * one of their networks is believed, and must say it.
 */
public final class Proxies {
    private static final int BITS_V4 = 32;
    private static final int BITS_V6 = 128;

    private final List<IpSubnetFilterRule> networks = new ArrayList<>();
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
        networks.forEach(network -> this.networks.add(rule(network)));
        this.only = only;
        this.headerMillis = headerMillis;
    }

    private static IpSubnetFilterRule rule(String network) {
        int slash = network.indexOf('/');
        String address = slash < 0 ? network : network.substring(0, slash);
        int bits = NetUtil.isValidIpV4Address(address) ? BITS_V4 : NetUtil.isValidIpV6Address(address) ? BITS_V6 : -1;
        String prefix = slash < 0 ? Integer.toString(bits) : network.substring(slash + 1);
        if (bits < 0 || !prefix.matches("[0-9]{1,3}") || Integer.parseInt(prefix) > bits) {
            throw new IllegalArgumentException(
                    "'" + network + "' is no network such as 10.0.0.0/8 or fd00::/8, and no address");
        }
        return new IpSubnetFilterRule(address, Integer.parseInt(prefix), IpFilterRuleType.ACCEPT);
    }

    boolean believes(InetSocketAddress peer) {
        for (IpSubnetFilterRule network : networks) {
            if (network.matches(peer)) {
                return true;
            }
        }
        return false;
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
