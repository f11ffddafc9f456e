package io.hongyan.broker.server.listen;

import io.hongyan.broker.server.tls.TlsContexts;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Proxies, TLS and handshake limits in front of all ports, and the threads that serve connections.
 *
 * @param tls null if no port has TLS
 * @param nanoTime a clock that never jumps
 */
public record Edge(EventLoops loops, TlsContexts tls, Handshakes handshakes, Proxies proxies, LongSupplier nanoTime)
        implements AutoCloseable {
    private static final int HANDSHAKES_PER_ADDRESS_MAX = 256;

    /** None of them: every client is accepted as it is. */
    public static Edge open(LongSupplier nanoTime) {
        return new Edge(
                new EventLoops(),
                null,
                new Handshakes(HANDSHAKES_PER_ADDRESS_MAX),
                new Proxies(List.of(), false, 1_000),
                nanoTime);
    }

    @Override
    public void close() {
        loops.close();
        if (tls != null) {
            tls.close();
        }
    }
}
