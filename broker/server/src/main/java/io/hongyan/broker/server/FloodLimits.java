package io.hongyan.broker.server;

/**
 * Limits on hostile or broken clients. Each look at them takes the newest, so they can be changed while the server runs; see
 * {@link BrokerServer#changeFloodLimits}. Where a limit is passed, the socket is read more slowly or closed, which is counted and
 * summed up in the log.
 *
 * @param connectionsMax open connections of this server
 * @param connectionsPerAddressMax open connections from one address; of IPv6 the first 64 bits are one address
 * @param connectionsPerUserMax open connections of one user
 * @param connectsPerSecondMax CONNECTs taken per second; more are refused with "connection rate exceeded"
 * @param connectsPerAddressSecondMax sockets of one address per second, 0 = any number; {@link TrafficLimits#burstSeconds} worth
 *     of them may come at once
 * @param networks who is never let in, and who is exempt from limits by address
 */
public record FloodLimits(
        int connectionsMax,
        int connectionsPerAddressMax,
        int connectionsPerUserMax,
        int connectsPerSecondMax,
        int connectsPerAddressSecondMax,
        HandshakeLimits handshakes,
        LoginLimits logins,
        TrafficLimits traffic,
        NetworkRules networks) {
    public static final FloodLimits DEFAULT = new FloodLimits(
            200_000,
            100_000,
            1_000,
            10_000,
            5_000,
            new HandshakeLimits(8_000, 64 << 20, 16 << 10, 3_000),
            new LoginLimits(3, 60, 20, 60_000, 300),
            new TrafficLimits(20_000, 32 << 20, 40_000, 64 << 20, 0, 0, 0, 0, 4, 120),
            NetworkRules.NONE);

    public FloodLimits withConnections(int total, int perAddress, int perUser) {
        return new FloodLimits(
                total,
                perAddress,
                perUser,
                connectsPerSecondMax,
                connectsPerAddressSecondMax,
                handshakes,
                logins,
                traffic,
                networks);
    }

    public FloodLimits withConnects(int perSecond, int perAddressSecond) {
        return new FloodLimits(
                connectionsMax,
                connectionsPerAddressMax,
                connectionsPerUserMax,
                perSecond,
                perAddressSecond,
                handshakes,
                logins,
                traffic,
                networks);
    }

    public FloodLimits withHandshakes(HandshakeLimits value) {
        return new FloodLimits(
                connectionsMax,
                connectionsPerAddressMax,
                connectionsPerUserMax,
                connectsPerSecondMax,
                connectsPerAddressSecondMax,
                value,
                logins,
                traffic,
                networks);
    }

    public FloodLimits withLogins(LoginLimits value) {
        return new FloodLimits(
                connectionsMax,
                connectionsPerAddressMax,
                connectionsPerUserMax,
                connectsPerSecondMax,
                connectsPerAddressSecondMax,
                handshakes,
                value,
                traffic,
                networks);
    }

    public FloodLimits withTraffic(TrafficLimits value) {
        return new FloodLimits(
                connectionsMax,
                connectionsPerAddressMax,
                connectionsPerUserMax,
                connectsPerSecondMax,
                connectsPerAddressSecondMax,
                handshakes,
                logins,
                value,
                networks);
    }

    public FloodLimits withNetworks(NetworkRules value) {
        return new FloodLimits(
                connectionsMax,
                connectionsPerAddressMax,
                connectionsPerUserMax,
                connectsPerSecondMax,
                connectsPerAddressSecondMax,
                handshakes,
                logins,
                traffic,
                value);
    }

    /**
     * Sockets that are not logged in. Where they are too many or hold too much, the oldest of the address that has most of them
     * is closed.
     *
     * @param socketsMax all of them
     * @param bytesMax what they have sent, together
     * @param bytesPerSocketMax what one may send before its CONNECT is there: headers of HTTP and frames included
     * @param millisMax from accepting the socket until CONNECT is there
     */
    public record HandshakeLimits(int socketsMax, int bytesMax, int bytesPerSocketMax, int millisMax) {}

    /**
     * Logins that fail, and devices that come again and again, by (address, user, client id).
     *
     * @param freeFailures so many may fail before the next one has to wait: one second, doubled with each further failure
     * @param delaySecondsMax longest wait
     * @param credentialsMax while one waits, other credentials than those that failed are let through until so many have failed
     * @param failuresPerAddressMinuteMax of one address alone; then its sockets are closed at once for the rest of the minute
     * @param reconnectsPerMinuteMax successful logins of one device; a minute's worth may come at once. 0 = any number
     */
    public record LoginLimits(
            int freeFailures,
            int delaySecondsMax,
            int credentialsMax,
            int failuresPerAddressMinuteMax,
            int reconnectsPerMinuteMax) {}

    /**
     * What clients may send per second; a socket above it is not read until the time for what it sent has passed. 0 = any number.
     *
     * @param burstSeconds so many seconds' worth may come at once
     * @param throttledSecondsMax a connection that is above the limit for so long is ended with "message rate too high"
     */
    public record TrafficLimits(
            int packetsPerConnection,
            int bytesPerConnection,
            int packetsPerUser,
            int bytesPerUser,
            int packetsPerAddress,
            int bytesPerAddress,
            int packetsTotal,
            int bytesTotal,
            int burstSeconds,
            int throttledSecondsMax) {
        /** Nothing is limited. */
        public static final TrafficLimits NONE = new TrafficLimits(0, 0, 0, 0, 0, 0, 0, 0, 1, 60);
    }
}
