package io.hongyan.broker.server;

import io.hongyan.settings.Defaults;
import io.hongyan.settings.InSection;
import io.hongyan.settings.Setting;

/**
 * Limits on hostile or broken clients. Every check uses the newest ones, so they can be changed while the server runs;
 * see {@link BrokerServer#changeLimits}. Above a limit the socket is read more slowly or closed, which is counted
 * and summed up in the log.
 */
public record FloodLimits(
        @InSection(".") ConnectionLimits connections,

        HandshakeLimits handshakes,

        LoginLimits logins,

        TrafficLimits traffic,

        @InSection(".") NetworkRules networks) {
    public static final FloodLimits DEFAULT = Defaults.of(FloodLimits.class);

    public FloodLimits withConnections(int total, int perAddress, int perUser) {
        ConnectionLimits changed = new ConnectionLimits(
                total, perAddress, perUser, connections.perSecondMax, connections.perAddressSecondMax);
        return new FloodLimits(changed, handshakes, logins, traffic, networks);
    }

    public FloodLimits withConnects(int perSecond, int perAddressSecond) {
        ConnectionLimits changed = new ConnectionLimits(
                connections.max, connections.perAddressMax, connections.perUserMax, perSecond, perAddressSecond);
        return new FloodLimits(changed, handshakes, logins, traffic, networks);
    }

    public FloodLimits withHandshakes(HandshakeLimits value) {
        return new FloodLimits(connections, value, logins, traffic, networks);
    }

    public FloodLimits withLogins(LoginLimits value) {
        return new FloodLimits(connections, handshakes, value, traffic, networks);
    }

    public FloodLimits withTraffic(TrafficLimits value) {
        return new FloodLimits(connections, handshakes, logins, value, networks);
    }

    public FloodLimits withNetworks(NetworkRules value) {
        return new FloodLimits(connections, handshakes, logins, traffic, value);
    }

    /**
     * Connections, and how fast they may be opened; one address may open as many sockets at once as in
     * {@link TrafficLimits#burstSeconds}.
     */
    public record ConnectionLimits(
            @Setting(value = "Open connections.", defaultValue = "200_000", name = "connections_max", min = 1)
            int max,

            @Setting(
                    value = "Open connections from one address; of IPv6 the first 64 bits are one address.",
                    defaultValue = "100_000",
                    name = "connections_per_address_max",
                    min = 1)
            int perAddressMax,

            @Setting(
                    value = "Open connections of one user.",
                    defaultValue = "1_000",
                    name = "connections_per_user_max",
                    min = 1)
            int perUserMax,

            @Setting(
                    value = "CONNECTs accepted per second; more are refused with 0x9F.",
                    defaultValue = "10_000",
                    name = "connects_per_second_max",
                    min = 1)
            int perSecondMax,

            @Setting(
                    value = "New sockets of one address per second; 0 = no limit.",
                    defaultValue = "5_000",
                    name = "connects_per_address_second_max")
            int perAddressSecondMax) {}

    /**
     * Sockets that are not logged in. If there are too many or they hold too much, the oldest of the address with the
     * most is closed.
     */
    public record HandshakeLimits(
            @Setting(value = "Sockets that are not logged in.", defaultValue = "8_000", min = 1)
            int socketsMax,

            @Setting(
                    value = "Bytes received from all sockets that are not logged in; each socket counts for 4 KiB at"
                            + " least.",
                    defaultValue = "67_108_864",
                    unit = "bytes",
                    min = 65536)
            int bytesMax,

            @Setting(
                    value = "Bytes of one socket before its CONNECT is complete, HTTP headers and handshakes included.",
                    defaultValue = "16_384",
                    unit = "bytes",
                    min = 1024)
            int bytesPerSocketMax,

            @Setting(
                    value = "Time from accepting the socket until CONNECT is complete.",
                    defaultValue = "3_000",
                    unit = "ms",
                    min = 100,
                    max = 600_000)
            int millisMax) {}

    /** Failed logins, and devices that reconnect again and again, by (address, user, client id). */
    public record LoginLimits(
            @Setting(
                    value = "Failed logins without a wait; after the next one the client has to wait 1 s, doubled by"
                            + " each further failure.",
                    defaultValue = "3",
                    max = 1_000)
            int freeFailures,

            @Setting(value = "Longest such wait.", defaultValue = "60", unit = "s", min = 1, max = 3_600)
            int delaySecondsMax,

            @Setting(
                    value = "After so many failures in a row, a client has to wait with other credentials too.",
                    defaultValue = "20")
            int credentialsMax,

            @Setting(
                    value = "Failed logins of one address within a minute; above that its sockets are closed at once.",
                    defaultValue = "60_000",
                    min = 1)
            int failuresPerAddressMinuteMax,

            @Setting(value = "Logins of one device per minute; 0 = no limit.", defaultValue = "300")
            int reconnectsPerMinuteMax) {}

    /**
     * What clients may send per second; a socket above it is not read until the time for the bytes it sent has passed.
     * 0 = no limit.
     */
    public record TrafficLimits(
            @Setting(value = "Packets of one connection per second; 0 = no limit.", defaultValue = "10_000")
            int packetsPerConnection,

            @Setting(
                    value = "Bytes of one connection per second; 0 = no limit.",
                    defaultValue = "1_048_576",
                    unit = "bytes")
            int bytesPerConnection,

            @Setting(value = "Packets of one user per second; 0 = no limit.", defaultValue = "20_000")
            int packetsPerUser,

            @Setting(value = "Bytes of one user per second; 0 = no limit.", defaultValue = "2_097_152", unit = "bytes")
            int bytesPerUser,

            @Setting(value = "Packets of one address per second; 0 = no limit.", defaultValue = "0")
            int packetsPerAddress,

            @Setting(value = "Bytes of one address per second; 0 = no limit.", defaultValue = "0", unit = "bytes")
            int bytesPerAddress,

            @Setting(value = "Packets of all clients per second; 0 = no limit.", defaultValue = "0")
            int packetsTotal,

            @Setting(value = "Bytes of all clients per second; 0 = no limit.", defaultValue = "0", unit = "bytes")
            int bytesTotal,

            @Setting(
                    value = "A client may use the allowance of so many seconds at once.",
                    defaultValue = "4",
                    unit = "s",
                    min = 1,
                    max = 3_600)
            int burstSeconds,

            @Setting(
                    value = "A connection that exceeds these rates for so long is closed with 0x96.",
                    defaultValue = "120",
                    unit = "s",
                    min = 1,
                    max = 86_400)
            int throttledSecondsMax) {
        /** Nothing is limited. */
        public static final TrafficLimits NONE = new TrafficLimits(0, 0, 0, 0, 0, 0, 0, 0, 1, 60);
    }
}
