package io.hongyan.broker.server;

import java.util.concurrent.TimeUnit;

/** Slows a client that sends more packets or bytes in a second than it may: its socket is not read for the rest of it. */
final class PacketRate {
    private static final int SECOND_MILLIS = 1_000;

    private final Connection connection;
    private final BrokerConfig.FloodLimits limits;
    private int secondStartMillis;
    private int packets;
    private long bytes;

    PacketRate(Connection connection) {
        this.connection = connection;
        this.limits = connection.gate.config.flood();
        this.secondStartMillis = connection.gate.now();
    }

    void packets(int count) {
        packets += count;
        check();
    }

    void bytes(int count) {
        bytes += count;
        check();
    }

    private void check() {
        int elapsed = connection.gate.now() - secondStartMillis;
        if (elapsed >= SECOND_MILLIS) {
            secondStartMillis += elapsed;
            packets = 0;
            bytes = 0;
            return;
        }
        boolean tooMany = limits.packetsPerSecondMax() > 0 && packets > limits.packetsPerSecondMax()
                || limits.bytesPerSecondMax() > 0 && bytes > limits.bytesPerSecondMax();
        if (tooMany && !connection.reader.heldFor(PacketReader.RATE)) {
            connection.count(GateCounter.RATE_PAUSES);
            connection.reader.hold(PacketReader.RATE);
            connection
                    .channel
                    .eventLoop()
                    .schedule(
                            () -> connection.attempt(() -> connection.reader.release(PacketReader.RATE)),
                            SECOND_MILLIS - elapsed,
                            TimeUnit.MILLISECONDS);
        }
    }
}
