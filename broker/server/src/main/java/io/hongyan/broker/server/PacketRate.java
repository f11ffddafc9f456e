package io.hongyan.broker.server;

import io.hongyan.broker.hook.DisconnectCause;
import java.util.concurrent.TimeUnit;

/**
 * Slows a client that sends more packets or bytes than it, its user, its address or all clients together may: its
 * socket is not read until the time for them has passed. A client that goes on so for long is closed.
 */
final class PacketRate {
    private static final int SECOND_MILLIS = 1_000;
    /**
     * Longest single pause; the rest follows with the next read. Well below the limit for sockets that are not read.
     */
    private static final int PAUSE_MILLIS_MAX = 5_000;
    /** After so long within its limit a client starts anew. */
    private static final int CALM_MILLIS = 10_000;

    private final Connection connection;
    private final Gate gate;
    private final TokenBucket packets = new TokenBucket();
    private final TokenBucket bytes = new TokenBucket();
    private int throttledSinceMillis;
    private int throttledMillis;

    PacketRate(Connection connection) {
        this.connection = connection;
        this.gate = connection.gate;
        this.throttledMillis = gate.now() - CALM_MILLIS;
    }

    /** Counts the bytes of one read of the socket; whole packets may have come with earlier reads. */
    void received(int packetCount, int byteCount, long now) {
        FloodLimits.TrafficLimits limits = gate.flood().traffic();
        Share user = connection.userShare;
        int own = Math.max(
                take(packets, packetCount, limits.packetsPerConnection(), limits, now),
                take(bytes, byteCount, limits.bytesPerConnection(), limits, now));
        if (user != null) {
            own = Math.max(own, take(user.packets, packetCount, limits.packetsPerUser(), limits, now));
            own = Math.max(own, take(user.bytes, byteCount, limits.bytesPerUser(), limits, now));
        }
        int others = Math.max(
                take(gate.traffic.packets, packetCount, limits.packetsTotal(), limits, now),
                take(gate.traffic.bytes, byteCount, limits.bytesTotal(), limits, now));
        if ((limits.packetsPerAddress() | limits.bytesPerAddress()) != 0 && gate.addresses.limits(connection.channel)) {
            Share address = connection.addressShare;
            others = Math.max(others, take(address.packets, packetCount, limits.packetsPerAddress(), limits, now));
            others = Math.max(others, take(address.bytes, byteCount, limits.bytesPerAddress(), limits, now));
        }
        if (own != 0 || others != 0) {
            throttle(own, others, (int) now);
        }
    }

    private static int take(TokenBucket bucket, int amount, int perSecond, FloodLimits.TrafficLimits limits, long now) {
        return perSecond == 0 || amount == 0 ? 0 : bucket.take(now, amount, perSecond, limits.burstSeconds());
    }

    /** @param own milliseconds for the client's own limit, {@code others} for shared limits */
    private void throttle(int own, int others, int now) {
        if (connection.ended()) {
            return;
        }
        if (own > 0 && isTooLong(now)) {
            connection.count(GateCounter.RATE_ENDED);
            connection.end(DisconnectCause.MESSAGE_RATE_TOO_HIGH);
            return;
        }
        if (connection.reader.heldFor(PacketReader.RATE)) {
            return;
        }
        connection.count(GateCounter.RATE_PAUSES);
        gate.log.count("connection slowed: it sends faster than allowed", connection::toString);
        connection.reader.hold(PacketReader.RATE);
        connection
                .channel
                .eventLoop()
                .schedule(
                        () -> connection.attempt(() -> connection.reader.release(PacketReader.RATE)),
                        Math.min(PAUSE_MILLIS_MAX, Math.max(own, others)),
                        TimeUnit.MILLISECONDS);
    }

    private boolean isTooLong(int now) {
        if (now - throttledMillis >= CALM_MILLIS) {
            throttledSinceMillis = now;
        }
        throttledMillis = now;
        int max = gate.flood().traffic().throttledSecondsMax();
        return (now - throttledSinceMillis) / SECOND_MILLIS >= max;
    }
}
