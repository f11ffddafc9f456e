package io.hongyan.broker.server;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The commands that wait or run in Moquette's session threads because of packets of one connection. While there are too many,
 * the connection is not read: the threads are shared with others, and commands that find no room are lost.
 */
final class MoquetteCommands {
    /** A connection may have such a part of the commands that may wait for a session thread. */
    private static final int PART = 64;

    private final Connection connection;
    private final int max;
    private final AtomicInteger count = new AtomicInteger();

    MoquetteCommands(Connection connection) {
        this.connection = connection;
        this.max = Math.max(1, connection.gate.config.generic().commandsMax() / PART);
    }

    /** One waits. On any thread. */
    void begins() {
        count.incrementAndGet();
    }

    /** One has run, or will not run. On any thread. */
    void ends() {
        if (count.decrementAndGet() == max / 2) {
            connection.loop.post(
                    new ConnectionMail(connection, it -> it.moquette().commands.readAgain()));
        }
    }

    /** The connection has passed on a packet. */
    void passed() {
        if (count.get() > max) {
            connection.reader.hold(PacketReader.COMMANDS);
            // They may have ended meanwhile.
            readAgain();
        }
    }

    private void readAgain() {
        if (count.get() <= max / 2 && !connection.ended()) {
            connection.reader.release(PacketReader.COMMANDS);
        }
    }
}
