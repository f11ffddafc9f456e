package io.hongyan.bench.chaos.run;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.random.RandomGenerator;

/**
 * Ports of 127.0.0.1 that nobody listens on. They are below the range that outgoing connections take theirs from: while
 * a server is down, a client that connects again and again could be given the server's own port and so connect to
 * itself.
 */
final class FreePorts {
    private static final int TRIES_MAX = 100;
    private static final int PORT_MIN = 20_000;
    private static final int PORT_MAX = 32_000;

    private FreePorts() {}

    static int draw(RandomGenerator random) {
        for (int i = 0; i < TRIES_MAX; i++) {
            int port = random.nextInt(PORT_MIN, PORT_MAX);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("found no free port from " + PORT_MIN + " to " + PORT_MAX);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
