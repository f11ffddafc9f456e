package io.hongyan.broker.server.listen;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Unfinished TLS handshakes. Each costs memory and a signature before the client is known, so one address may have only
 * so many at once. All event loops may use it.
 */
public final class Handshakes {
    private volatile int perAddressMax;
    private final ConcurrentHashMap<InetAddress, Integer> open = new ConcurrentHashMap<>();
    private final AtomicInteger total = new AtomicInteger();
    private final LongAdder done = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder refused = new LongAdder();

    /** Networks whose addresses have no limit. */
    private volatile List<Network> exempt = List.of();

    /** @param perAddressMax further ones are refused by closing the socket */
    public Handshakes(int perAddressMax) {
        this.perAddressMax = perAddressMax;
    }

    /** From now on one address may have so many. */
    public void limit(int perAddress) {
        perAddressMax = perAddress;
    }

    /** From now on these are exempt. */
    public void exempt(List<Network> networks) {
        exempt = List.copyOf(networks);
    }

    boolean exempts(InetAddress address) {
        return Network.holds(exempt, address);
    }

    /** @param client the address for the limit; see {@link ClientAddress#network} */
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

    /** Unfinished handshakes now. */
    public int open() {
        return total.get();
    }

    /** Successful handshakes. */
    public long done() {
        return done.sum();
    }

    /** Failed handshakes: ended by the client or the deadline, or the two sides do not agree. */
    public long failed() {
        return failed.sum();
    }

    /** Refused handshakes: too many from one address. */
    public long refused() {
        return refused.sum();
    }
}
