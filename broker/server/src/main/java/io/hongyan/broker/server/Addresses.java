package io.hongyan.broker.server;

import io.hongyan.broker.server.listen.ClientAddress;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Who connects from where and how often; any event loop may ask. */
final class Addresses {
    private static final int REFUSALS_KEPT_MAX = 100_000;
    private static final long MINUTE_MILLIS = 60_000;

    private final ConcurrentHashMap<InetAddress, Integer> open = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<InetAddress, Refusals> refusals = new ConcurrentHashMap<>();
    private final AtomicInteger total = new AtomicInteger();
    /** The second, times 2^32, plus the CONNECTs in it. */
    private final AtomicLong connects = new AtomicLong();

    private final BrokerConfig.FloodLimits limits;
    private final GateCounters counters;

    Addresses(BrokerConfig.FloodLimits limits, GateCounters counters) {
        this.limits = limits;
        this.counters = counters;
    }

    /** Numeric address of the client. */
    static String of(Channel channel) {
        InetAddress address = address(channel);
        return address == null ? "" : address.getHostAddress();
    }

    /** Counts a new socket; false where it must be closed, and then it is not counted. */
    boolean open(Channel channel, long nowMillis) {
        InetAddress address = address(channel);
        if (address == null) {
            return false;
        }
        Refusals refused = refusals.get(address);
        if (total.incrementAndGet() > limits.connectionsMax()) {
            total.decrementAndGet();
            counters.increment(GateCounter.CONNECTIONS_REFUSED_LIMIT);
            return false;
        }
        boolean flapping = refused != null && refused.within(nowMillis) >= limits.refusedPerAddressMinuteMax();
        if (flapping || open.merge(address, 1, Integer::sum) > limits.connectionsPerAddressMax()) {
            if (!flapping) {
                release(address);
            }
            total.decrementAndGet();
            counters.increment(GateCounter.CONNECTIONS_REFUSED_ADDRESS);
            return false;
        }
        return true;
    }

    void closed(Channel channel) {
        InetAddress address = address(channel);
        total.decrementAndGet();
        if (address != null) {
            release(address);
        }
    }

    /** Connections open now. */
    int total() {
        return total.get();
    }

    /** Takes one CONNECT of this second's share. */
    boolean mayConnect(long nowMillis) {
        long second = nowMillis / 1_000 & 0x7FFFFFFF;
        long updated = connects.updateAndGet(previous -> previous >>> 32 == second ? previous + 1 : second << 32 | 1);
        return (int) updated <= limits.connectsPerSecondMax();
    }

    void refused(Channel channel, long nowMillis) {
        InetAddress address = address(channel);
        if (address == null) {
            return;
        }
        if (refusals.size() >= REFUSALS_KEPT_MAX) {
            refusals.values().removeIf(old -> old.within(nowMillis) == 0);
        }
        if (refusals.size() < REFUSALS_KEPT_MAX || refusals.containsKey(address)) {
            refusals.compute(
                    address,
                    (key, old) -> old == null || old.within(nowMillis) == 0
                            ? new Refusals(nowMillis, 1)
                            : new Refusals(old.sinceMillis, old.count + 1));
        }
    }

    private void release(InetAddress address) {
        open.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
    }

    private static InetAddress address(Channel channel) {
        InetSocketAddress client = ClientAddress.of(channel);
        return client == null ? null : client.getAddress();
    }

    private record Refusals(long sinceMillis, int count) {
        int within(long nowMillis) {
            return nowMillis - sinceMillis < MINUTE_MILLIS ? count : 0;
        }
    }
}
