package io.hongyan.im.app.config;

import io.hongyan.runtime.pem.KeyFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Between gates and logic nodes. */
public record LinkSettings(
        @Setting("Where gates reach this process in the roles `all` and `im-service`; `HOST:PORT`, or `off`.")
        Endpoint listen,

        @Setting(
                "What gates are told of this node by others that meet it in Redis: `HOST:PORT`; `listen` = `link.listen`,"
                        + " unless that is all interfaces; or `off`.")
        String advertised,

        @Setting("The logic nodes of a gate to begin with, `HOST:PORT` with commas between, or `off`: it uses one at a"
                + " time, and learns from it which others there are.")
        String nodes,

        @Setting(
                "What a gate is called in the feed: 1-32 letters, digits, `_` and `.`, never two of one name. Or `off`: it"
                        + " makes a name and keeps it in its data directory.")
        String name,

        @Setting(
                "Mutual TLS: the own certificate and those between it and its authority, PEM; or `off`. It, the key and the"
                        + " authorities are read again when they change, and on SIGHUP.")
        String certificate,

        @Setting("Its private key, PEM without a password (PKCS 8, PKCS 1 or SEC 1); or `off`.")
        String key,

        @Setting("The authorities whose certificates the other end may have, PEM; or `off`.")
        String authorities,

        @Setting("Allow links without TLS to and from other machines.")
        boolean allowPlain,

        @Setting(
                value = "Calls that wait are sent together up to this; one is always sent.",
                unit = "bytes",
                min = 1024)
        int frameBytesMax,

        @Setting(
                value = "What may wait for one link: above it a gate reads no more from its clients, a node closes the"
                        + " connections whose pushes it cannot hold.",
                unit = "bytes",
                min = 1024)
        int queueBytesMax,

        @Setting(
                value = "Payloads of one gate that a node works on; above it the node reads no more from that gate.",
                unit = "bytes",
                min = 1024)
        int unansweredBytesMax,

        @Setting(value = "Gates at one node.", min = 1, max = 10_000)
        int gatesMax,

        @Setting(value = "Each end says something at least so often.", unit = "ms", min = 10, max = 60_000)
        int pingMillis,

        @Setting(value = "A link on which nothing came for so long is broken.", unit = "ms", min = 100, max = 600_000)
        int silenceMillis,

        @Setting(value = "How long a node may take to let a gate in.", unit = "ms", min = 100, max = 60_000)
        int openMillisMax,

        @Setting(
                value = "Pause of a gate after the first attempt that failed, doubled with each further one.",
                unit = "ms",
                min = 10,
                max = 60_000)
        int retryMillisMin,

        @Setting(value = "Longest such pause.", unit = "ms", min = 10, max = 60_000)
        int retryMillisMax,

        @Setting(
                value = "A gate that has had no logic node for so long closes its clients.",
                unit = "ms",
                min = 100,
                max = 3_600_000)
        int leaseMillis) {

    /** Larger packets do not fit into a message between gate and node, beside what else is in it. */
    static final int PACKET_BYTES_MAX = 32 << 20;

    static final String OFF = "off";
    private static final String LISTEN = "listen";

    static final LinkSettings DEFAULT = new LinkSettings(
            Endpoint.OFF,
            LISTEN,
            OFF,
            OFF,
            OFF,
            OFF,
            OFF,
            false,
            256 << 10,
            16 << 20,
            32 << 20,
            256,
            1_000,
            5_000,
            3_000,
            100,
            1_000,
            30_000);

    /** Whether the gate is given a name. */
    public boolean hasName() {
        return !name.equals(OFF);
    }

    /** Whether links are encrypted. */
    public boolean isTls() {
        return !certificate.equals(OFF);
    }

    /** Only where links speak TLS. */
    public KeyFiles files() {
        return new KeyFiles(Path.of(certificate), Path.of(key), Path.of(authorities));
    }

    /** None where it is off or cannot be read. */
    public List<Endpoint> nodeList() {
        return nodes.equals(OFF)
                ? List.of()
                : Arrays.stream(nodes.split(","))
                        .map(node -> Endpoint.parse(node.strip()))
                        .flatMap(Optional::stream)
                        .toList();
    }

    /**
     * Where gates find this node, if others are to tell them.
     *
     * @param port that it listens on
     */
    public Optional<Endpoint> told(int port) {
        if (!advertised.equals(LISTEN)) {
            return Endpoint.parse(advertised).filter(address -> !address.isOff());
        }
        // A gate cannot go to "all interfaces".
        boolean wildcard = listen.host().equals("0.0.0.0") || listen.host().equals("::");
        return listen.isOff() || wildcard ? Optional.empty() : Optional.of(new Endpoint(listen.host(), port));
    }

    List<String> contradictions(Role role, int packetBytesMax) {
        List<String> found = new ArrayList<>();
        List<Endpoint> all = nodeList();
        if (!nodes.equals(OFF) && (all.size() != nodes.split(",").length || all.contains(Endpoint.OFF))) {
            found.add("link.nodes takes HOST:PORT, more of them with commas between, or off");
        }
        if (!advertised.equals(LISTEN) && Endpoint.parse(advertised).isEmpty()) {
            found.add("link.advertised takes HOST:PORT, listen or off");
        }
        if (role == Role.BROKER && nodes.equals(OFF)) {
            found.add("role: broker needs link.nodes");
        }
        if (role != Role.BROKER && !nodes.equals(OFF)) {
            found.add("link.nodes is for role: broker");
        }
        if (hasName() && role != Role.BROKER) {
            found.add("link.name is for role: broker");
        }
        if (!name.matches("[A-Za-z0-9_.]{1,32}")) {
            found.add("link.name takes 1-32 letters, digits, _ and ., or off");
        }
        if (role == Role.IM_SERVICE && listen.isOff()) {
            found.add("role: im-service needs link.listen");
        }
        if (role == Role.BROKER && !listen.isOff()) {
            found.add("link.listen is for the roles all and im-service");
        }
        long files = List.of(certificate, key, authorities).stream()
                .filter(file -> !file.equals(OFF))
                .count();
        if (files != 0 && files != 3) {
            found.add("link.certificate, link.key and link.authorities go together");
        }
        boolean remote = !listen.isLoopback() || all.stream().anyMatch(node -> !node.isLoopback());
        if (remote && files == 0 && !allowPlain) {
            found.add("links to or from other machines need link.certificate, link.key and link.authorities (or"
                    + " link.allow_plain: true if the network is trusted)");
        }
        boolean linked = role != Role.ALL || !listen.isOff();
        if (linked && packetBytesMax > PACKET_BYTES_MAX) {
            found.add("mqtt.packet_bytes_max is at most " + PACKET_BYTES_MAX + " where gates are linked");
        }
        if (silenceMillis < 2L * pingMillis) {
            found.add("link.silence_millis is less than twice link.ping_millis");
        }
        return found;
    }
}
