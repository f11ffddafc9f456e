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
    /** The limits, in the order of the constants below. */
    private static final GateCounter[] LIMITS = {
        GateCounter.RATE_PAUSES_CONNECTION_PACKETS,
        GateCounter.RATE_PAUSES_CONNECTION_BYTES,
        GateCounter.RATE_PAUSES_USER_PACKETS,
        GateCounter.RATE_PAUSES_USER_BYTES,
        GateCounter.RATE_PAUSES_ADDRESS_PACKETS,
        GateCounter.RATE_PAUSES_ADDRESS_BYTES,
        GateCounter.RATE_PAUSES_TOTAL_PACKETS,
        GateCounter.RATE_PAUSES_TOTAL_BYTES
    };

    private static final int CONNECTION = 0;
    private static final int USER = 2;
    private static final int ADDRESS = 4;
    private static final int TOTAL = 6;
    private static final int LIMIT_BITS = 3;

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
        int burst = limits.burstSeconds();
        Share user = connection.userShare;
        long own = Math.max(
                take(packets, packetCount, limits.packetsPerConnection(), burst, now, CONNECTION),
                take(bytes, byteCount, limits.bytesPerConnection(), burst, now, CONNECTION + 1));
        if (user != null) {
            own = Math.max(own, take(user.packets, packetCount, limits.packetsPerUser(), burst, now, USER));
            own = Math.max(own, take(user.bytes, byteCount, limits.bytesPerUser(), burst, now, USER + 1));
        }
        long others = Math.max(
                take(gate.traffic.packets, packetCount, limits.packetsTotal(), burst, now, TOTAL),
                take(gate.traffic.bytes, byteCount, limits.bytesTotal(), burst, now, TOTAL + 1));
        if ((limits.packetsPerAddress() | limits.bytesPerAddress()) != 0 && gate.addresses.limits(connection.channel)) {
            Share address = connection.addressShare;
            others = Math.max(
                    others, take(address.packets, packetCount, limits.packetsPerAddress(), burst, now, ADDRESS));
            others =
                    Math.max(others, take(address.bytes, byteCount, limits.bytesPerAddress(), burst, now, ADDRESS + 1));
        }
        if (own != 0 || others != 0) {
            throttle(own, others, (int) now);
        }
    }

    /** @return 0, or milliseconds to wait and, in the lowest bits, which of {@link #LIMITS} is exceeded */
    private static long take(TokenBucket bucket, int amount, int perSecond, int burstSeconds, long now, int limit) {
        int millis = perSecond == 0 || amount == 0 ? 0 : bucket.take(now, amount, perSecond, burstSeconds);
        return millis == 0 ? 0 : (long) millis << LIMIT_BITS | limit;
    }

    /** @param own what {@link #take} gave for the client's own limits, {@code others} for shared limits */
    private void throttle(long own, long others, int now) {
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
        long longest = Math.max(own, others);
        int limit = (int) longest & (1 << LIMIT_BITS) - 1;
        connection.count(LIMITS[limit]);
        gate.log.count("connection slowed: it sends faster than allowed", connection::toString);
        connection.reader.hold(PacketReader.RATE);
        connection
                .channel
                .eventLoop()
                .schedule(
                        () -> connection.attempt(() -> connection.reader.release(PacketReader.RATE)),
                        Math.min(PAUSE_MILLIS_MAX, longest >>> LIMIT_BITS),
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
