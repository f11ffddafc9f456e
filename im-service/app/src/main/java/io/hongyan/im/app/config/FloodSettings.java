package io.hongyan.im.app.config;

import io.hongyan.broker.server.FloodLimits;
import io.hongyan.broker.server.FloodLimits.HandshakeLimits;
import io.hongyan.broker.server.FloodLimits.LoginLimits;
import io.hongyan.broker.server.FloodLimits.TrafficLimits;
import io.hongyan.broker.server.NetworkRules;
import io.hongyan.broker.server.listen.Network;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Limits on hostile or broken clients; they can be changed while the server runs. */
public record FloodSettings(
        @Setting(value = "Open connections.", min = 1) int connectionsMax,

        @Setting(value = "Open connections from one address; of IPv6 the first 64 bits are one address.", min = 1)
        int connectionsPerAddressMax,

        @Setting(value = "Open connections of one user.", min = 1)
        int connectionsPerUserMax,

        @Setting(value = "CONNECTs taken per second; more are refused with 0x9F.", min = 1)
        int connectsPerSecondMax,

        @Setting("Sockets of one address per second; 0 = no limit.")
        int connectsPerAddressSecondMax,

        @Setting("Networks whose sockets are closed at once, such as `203.0.113.0/24`; a list.")
        List<String> deny,

        @Setting("Networks for which limits by address do not hold, such as those of an office; a list.")
        List<String> exempt,

        Handshakes handshakes,
        Logins logins,
        Traffic traffic) {

    /** Its key in the file. */
    static final String SECTION = "flood";

    static final FloodSettings DEFAULT = of(FloodLimits.DEFAULT);

    /** Sockets that are not logged in. Above these the oldest of the address that holds most is closed. */
    public record Handshakes(
            @Setting(value = "Sockets that are not logged in.", min = 1)
            int socketsMax,

            @Setting(
                    value = "What they have sent, together; each counts for 4 KiB at least.",
                    unit = "bytes",
                    min = 65536)
            int bytesMax,

            @Setting(
                    value = "What one may send before its CONNECT is there, headers of HTTP and handshakes included.",
                    unit = "bytes",
                    min = 1024)
            int bytesPerSocketMax,

            @Setting(value = "From accepting the socket until CONNECT is there.", unit = "ms", min = 100, max = 600_000)
            int millisMax) {}

    /** Logins that fail, and devices that come again and again: each by (address, user, client id). */
    public record Logins(
            @Setting(
                    value = "So many may fail before the next has to wait: 1 s, doubled with each further failure.",
                    max = 1_000)
            int freeFailures,

            @Setting(value = "Longest wait.", unit = "s", min = 1, max = 3_600)
            int delaySecondsMax,

            @Setting("After so many failures other credentials than the last wrong ones have to wait too.")
            int credentialsMax,

            @Setting(
                    value = "Failed logins of one address alone within a minute; then its sockets are closed at once.",
                    min = 1)
            int failuresPerAddressMinuteMax,

            @Setting("Logins of one device per minute; 0 = no limit.")
            int reconnectsPerMinuteMax) {}

    /** What clients may send; above it their sockets are read more slowly. 0 = no limit. */
    public record Traffic(
            @Setting("Packets of one connection per second.")
            int packetsPerConnection,

            @Setting(value = "Bytes of one connection per second.", unit = "bytes")
            int bytesPerConnection,

            @Setting("Packets of one user per second.") int packetsPerUser,

            @Setting(value = "Bytes of one user per second.", unit = "bytes")
            int bytesPerUser,

            @Setting("Packets of one address per second.") int packetsPerAddress,

            @Setting(value = "Bytes of one address per second.", unit = "bytes")
            int bytesPerAddress,

            @Setting("Packets of all clients per second.") int packetsTotal,

            @Setting(value = "Bytes of all clients per second.", unit = "bytes")
            int bytesTotal,

            @Setting(value = "So many seconds' worth may come at once.", unit = "s", min = 1, max = 3_600)
            int burstSeconds,

            @Setting(
                    value = "A connection that sends faster than it or its user may for so long is ended with 0x96.",
                    unit = "s",
                    min = 1,
                    max = 86_400)
            int throttledSecondsMax) {}

    /** The same in the words of the broker. */
    public static FloodSettings of(FloodLimits limits) {
        HandshakeLimits handshakes = limits.handshakes();
        LoginLimits logins = limits.logins();
        TrafficLimits traffic = limits.traffic();
        return new FloodSettings(
                limits.connectionsMax(),
                limits.connectionsPerAddressMax(),
                limits.connectionsPerUserMax(),
                limits.connectsPerSecondMax(),
                limits.connectsPerAddressSecondMax(),
                texts(limits.networks().denied()),
                texts(limits.networks().exempt()),
                new Handshakes(
                        handshakes.socketsMax(),
                        handshakes.bytesMax(),
                        handshakes.bytesPerSocketMax(),
                        handshakes.millisMax()),
                new Logins(
                        logins.freeFailures(),
                        logins.delaySecondsMax(),
                        logins.credentialsMax(),
                        logins.failuresPerAddressMinuteMax(),
                        logins.reconnectsPerMinuteMax()),
                new Traffic(
                        traffic.packetsPerConnection(),
                        traffic.bytesPerConnection(),
                        traffic.packetsPerUser(),
                        traffic.bytesPerUser(),
                        traffic.packetsPerAddress(),
                        traffic.bytesPerAddress(),
                        traffic.packetsTotal(),
                        traffic.bytesTotal(),
                        traffic.burstSeconds(),
                        traffic.throttledSecondsMax()));
    }

    /** @throws IllegalArgumentException where {@link #contradictions} are not empty */
    public FloodLimits limits() {
        return new FloodLimits(
                connectionsMax,
                connectionsPerAddressMax,
                connectionsPerUserMax,
                connectsPerSecondMax,
                connectsPerAddressSecondMax,
                new HandshakeLimits(
                        handshakes.socketsMax, handshakes.bytesMax, handshakes.bytesPerSocketMax, handshakes.millisMax),
                new LoginLimits(
                        logins.freeFailures,
                        logins.delaySecondsMax,
                        logins.credentialsMax,
                        logins.failuresPerAddressMinuteMax,
                        logins.reconnectsPerMinuteMax),
                new TrafficLimits(
                        traffic.packetsPerConnection,
                        traffic.bytesPerConnection,
                        traffic.packetsPerUser,
                        traffic.bytesPerUser,
                        traffic.packetsPerAddress,
                        traffic.bytesPerAddress,
                        traffic.packetsTotal,
                        traffic.bytesTotal,
                        traffic.burstSeconds,
                        traffic.throttledSecondsMax),
                new NetworkRules(
                        deny.stream().map(Network::parse).toList(),
                        exempt.stream().map(Network::parse).toList()));
    }

    /** The values as texts, by the keys of the file. */
    public Map<String, String> byKey() {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Keys.Entry entry : Keys.flatten(this)) {
            String text = entry.value() instanceof List<?> list
                    ? list.stream().map(Object::toString).collect(Collectors.joining(","))
                    : entry.value().toString();
            texts.put(SECTION + '.' + entry.key(), text);
        }
        return texts;
    }

    /**
     * With other values.
     *
     * @param values texts by the keys of the file; what is not named stays
     * @throws ConfigException with everything that is wrong, and which key it is
     */
    public FloodSettings with(Map<String, String> values) throws ConfigException {
        return SettingsReader.change(this, values);
    }

    List<String> contradictions() {
        List<String> found = new ArrayList<>();
        check("flood.deny", deny, found);
        check("flood.exempt", exempt, found);
        return found;
    }

    private static void check(String key, List<String> networks, List<String> found) {
        for (String network : networks) {
            try {
                Network.parse(network);
            } catch (IllegalArgumentException wrong) {
                found.add(key + ": " + wrong.getMessage());
            }
        }
    }

    private static List<String> texts(List<Network> networks) {
        return networks.stream().map(Network::toString).toList();
    }
}
