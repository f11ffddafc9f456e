package io.hongyan.bench.load;

import java.net.InetSocketAddress;

/**
 * How clients reach the server.
 *
 * @param sourceNet 1 to 255: clients have source addresses 127.{sourceNet}.x.y, because one address has ports for
 *     28,000 of them only, and the ports of an earlier run stay in use for a minute; 0 leaves it to the system
 * @param keepAliveSeconds of each client
 */
public record Endpoint(InetSocketAddress server, int sourceNet, int keepAliveSeconds) {
    private static final int KEEP_ALIVE_SECONDS = 300;

    /** With half of an address's ports in use, finding a free one begins to take Linux milliseconds. */
    private static final int CLIENTS_PER_SOURCE = 8_000;

    /** For clients that are always active. */
    public static Endpoint busy(InetSocketAddress server) {
        return new Endpoint(server, 0, KEEP_ALIVE_SECONDS);
    }

    /** The source address of the client with that number; null leaves it to the system. */
    InetSocketAddress source(int client) {
        int number = client / CLIENTS_PER_SOURCE;
        return sourceNet == 0
                ? null
                : new InetSocketAddress("127." + sourceNet + "." + (number >> 8) + "." + (number & 0xFF), 0);
    }
}
