package io.hongyan.bench.server;

import java.net.InetSocketAddress;

/** A server that the load runs against; closing it stops it if this program started it. */
public interface ServerUnderTest extends AutoCloseable {
    /** As results name it. */
    String name();

    InetSocketAddress mqtt();

    long pid();

    @Override
    void close();
}
