package io.hongyan.broker.server.listen;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * TLS handshakes under way. Each costs memory and a signature before anybody knows who asks, so an address may have only so many
 * at once. Safe for use by all event loops.
 */
public final class Handshakes {
    private final int perAddressMax;
    private final ConcurrentHashMap<InetAddress, Integer> open = new ConcurrentHashMap<>();
    private final AtomicInteger total = new AtomicInteger();
    private final LongAdder done = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder refused = new LongAdder();

    /** Networks whose addresses may have any number. */
    private volatile List<Network> exempt = List.of();

    /** @param perAddressMax further ones are refused by closing the socket */
    public Handshakes(int perAddressMax) {
        this.perAddressMax = perAddressMax;
    }

    /** From now on these are exempt. */
    public void exempt(List<Network> networks) {
        exempt = List.copyOf(networks);
    }

    boolean exempts(InetAddress address) {
        return Network.holds(exempt, address);
    }

    /** @param client by which the limit holds; see {@link ClientAddress#network} */
    boolean begin(InetAddress client, boolean unlimited) {
        if (open.merge(client, 1, Integer::sum) > perAddressMax && !unlimited) {
            leave(client);
            refused.increment();
            return false;
        }
        total.incrementAndGet();
        return true;
    }

    void end(InetAddress address, boolean success) {
        leave(address);
        total.decrementAndGet();
        (success ? done : failed).increment();
    }

    private void leave(InetAddress address) {
        open.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
    }

    /** Under way now. */
    public int open() {
        return total.get();
    }

    /** Ended well. */
    public long done() {
        return done.sum();
    }

    /** Ended by the client, the deadline, or because the two sides do not agree. */
    public long failed() {
        return failed.sum();
    }

    /** Not begun: too many from one address. */
    public long refused() {
        return refused.sum();
    }
}
