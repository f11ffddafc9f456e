package io.hongyan.broker.server;

import io.hongyan.broker.server.listen.ClientAddress;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts connections and logins by address; any event loop may call it. Only this class knows a client's address. */
final class AddressCounts {
    private final Shares<InetAddress> shares = new Shares<>();
    private final AtomicInteger total = new AtomicInteger();
    private final TokenBucket connects = new TokenBucket();
    private final Gate gate;
    private volatile boolean takesNone;

    AddressCounts(Gate gate) {
        this.gate = gate;
    }

    /** Numeric address of the client. */
    static String of(Channel channel) {
        InetAddress address = address(channel);
        return address == null ? "" : address.getHostAddress();
    }

    /** Counts a new socket; null if it must be closed, and then it is not counted. */
    Share open(Channel channel) {
        InetAddress address = address(channel);
        InetAddress key = ClientAddress.network(channel);
        if (address == null || key == null) {
            return null;
        }
        FloodLimits limits = gate.flood();
        if (takesNone) {
            return refused(channel, GateCounter.CONNECTIONS_REFUSED_MEMORY, "socket closed: memory is short");
        }
        if (limits.networks().denies(address)) {
            return denied(channel);
        }
        if (total.incrementAndGet() > limits.connections().max()) {
            total.decrementAndGet();
            return refused(channel, GateCounter.CONNECTIONS_REFUSED_LIMIT, "socket closed: too many connections");
        }
        boolean exempt = limits.networks().exempts(address);
        GateCounter[] refusal = {null};
        Share share = shares.open(key, it -> {
            refusal[0] = exempt ? null : refusal(it, limits);
            return exempt ? it.open(Integer.MAX_VALUE) : refusal[0] == null;
        });
        if (share == null) {
            total.decrementAndGet();
            return refused(channel, refusal[0], words(refusal[0]));
        }
        return share;
    }

    /** Whether a new socket must be closed for its network, and then it is counted as such. */
    boolean denies(Channel channel) {
        InetAddress address = address(channel);
        if (address == null || !gate.flood().networks().denies(address)) {
            return false;
        }
        denied(channel);
        return true;
    }

    private Share denied(Channel channel) {
        return refused(channel, GateCounter.CONNECTIONS_REFUSED_DENIED, "socket closed: its address is denied");
    }

    /** The limit that one more socket of the address exceeds; null if there is none, and then the socket is counted. */
    private GateCounter refusal(Share share, FloodLimits limits) {
        long now = gate.nowMillis();
        int perSecond = limits.connections().perAddressSecondMax();
        if (perSecond != 0
                && !share.connects.tryTake(now, perSecond, limits.traffic().burstSeconds())) {
            return GateCounter.CONNECTIONS_REFUSED_ADDRESS_RATE;
        }
        if (share.failures(now) >= limits.logins().failuresPerAddressMinuteMax()) {
            return GateCounter.CONNECTIONS_REFUSED_ADDRESS_LOGINS;
        }
        return share.open(limits.connections().perAddressMax()) ? null : GateCounter.CONNECTIONS_REFUSED_ADDRESS;
    }

    private static String words(GateCounter refusal) {
        return switch (refusal) {
            case CONNECTIONS_REFUSED_ADDRESS_RATE -> "socket closed: its address opens them too fast";
            case CONNECTIONS_REFUSED_ADDRESS_LOGINS -> "socket closed: too many failed logins of its address";
            default -> "socket closed: too many connections of its address";
        };
    }

    private Share refused(Channel channel, GateCounter counter, String reason) {
        gate.counters.increment(counter);
        gate.log.count(reason, () -> of(channel));
        return null;
    }

    /** Whether limits by address hold for this client. */
    boolean limits(Channel channel) {
        InetAddress address = address(channel);
        return address != null && !gate.flood().networks().exempts(address);
    }

    /** Counts a failed login; the connection may be closed. */
    void loginFailed(Connection connection) {
        if (limits(connection.channel)) {
            shares.change(connection.address, share -> share.failed(gate.nowMillis()));
        }
    }

    void closed(InetAddress key) {
        total.decrementAndGet();
        shares.close(key);
    }

    /** Whether new sockets are closed because memory is short. */
    void takeNone(boolean none) {
        takesNone = none;
    }

    /** Connections open now. */
    int total() {
        return total.get();
    }

    /** Takes one CONNECT from the allowance of this second. */
    boolean mayConnect() {
        return connects.tryTake(gate.nowMillis(), gate.flood().connections().perSecondMax(), 1);
    }

    void forgetIdle() {
        shares.forgetIdle(gate.nowMillis());
    }

    private static InetAddress address(Channel channel) {
        InetSocketAddress client = ClientAddress.of(channel);
        return client == null ? null : client.getAddress();
    }
}
