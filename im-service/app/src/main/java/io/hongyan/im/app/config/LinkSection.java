package io.hongyan.im.app.config;

import io.hongyan.broker.hook.grpc.LinkSettings;
import io.hongyan.runtime.pem.KeyFiles;
import io.hongyan.settings.InSection;
import io.hongyan.settings.Setting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The links between gates and nodes. */
public record LinkSection(
        @Setting(
                value = "Where gates connect to this node, in the roles `all` and `im-service`; `HOST:PORT`, or `off`.",
                defaultValue = "off")
        ListenAddress listen,

        @Setting(
                value = "Address of this node that gates get from other nodes of the same Redis: `HOST:PORT`;"
                        + " `listen` = `link.listen`, unless that is all interfaces; or `off`.",
                defaultValue = "listen")
        String advertised,

        @Setting(
                value = "Nodes that a gate tries when it starts, `HOST:PORT` with commas between, or `off`. It uses"
                        + " one node at a time and learns the others from it.",
                defaultValue = "off")
        String nodes,

        @Setting(
                value = "Name of the gate in the feed: 1-32 letters, digits, `_` and `.`, different for each gate."
                        + " `off` = it makes a name and keeps it in its data directory.",
                defaultValue = "off")
        String name,

        @Setting(
                value = "Certificate of this end for mutual TLS, and the intermediate ones, PEM; or `off`."
                        + " Certificate, key and authorities are read again when they change, and on SIGHUP.",
                defaultValue = "off")
        String certificate,

        @Setting(
                value = "Private key of `link.certificate`, PEM without a password (PKCS 8, PKCS 1 or SEC 1); or"
                        + " `off`.",
                defaultValue = "off")
        String key,

        @Setting(
                value = "Authorities that may have signed the certificate of the other end, PEM; or `off`.",
                defaultValue = "off")
        String authorities,

        @Setting(value = "Allow links to and from other machines without TLS.", defaultValue = "false")
        boolean allowPlain,

        @InSection(".") LinkSettings limits) {

    /** Larger packets do not fit into a message between gate and node with its other fields. */
    static final int PACKET_BYTES_MAX = 32 << 20;

    static final String OFF = "off";
    private static final String LISTEN = "listen";

    /** Whether the gate has a configured name. */
    public boolean hasName() {
        return !name.equals(OFF);
    }

    /** Whether links are encrypted. */
    public boolean isTls() {
        return !certificate.equals(OFF);
    }

    /** Only if links use TLS. */
    public KeyFiles files() {
        return new KeyFiles(Path.of(certificate), Path.of(key), Path.of(authorities));
    }

    /** Null if it is off or cannot be read. */
    public List<ListenAddress> nodeList() {
        return nodes.equals(OFF)
                ? List.of()
                : Arrays.stream(nodes.split(","))
                        .map(node -> ListenAddress.find(node.strip()))
                        .flatMap(Optional::stream)
                        .toList();
    }

    /**
     * The address at which gates find this node, if other nodes are to tell them.
     *
     * @param port that it listens on
     */
    public Optional<ListenAddress> told(int port) {
        if (!advertised.equals(LISTEN)) {
            return ListenAddress.find(advertised).filter(address -> !address.isOff());
        }
        // A gate cannot connect to "all interfaces".
        boolean wildcard = listen.host().equals("0.0.0.0") || listen.host().equals("::");
        return listen.isOff() || wildcard ? Optional.empty() : Optional.of(new ListenAddress(listen.host(), port));
    }

    List<String> contradictions(Role role, int packetBytesMax) {
        List<String> found = new ArrayList<>();
        List<ListenAddress> all = nodeList();
        if (!nodes.equals(OFF) && (all.size() != nodes.split(",").length || all.contains(ListenAddress.OFF))) {
            found.add("link.nodes takes HOST:PORT, more of them with commas between, or off");
        }
        if (!advertised.equals(LISTEN) && ListenAddress.find(advertised).isEmpty()) {
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
        if (limits.silenceMillis() < 2L * limits.pingMillis()) {
            found.add("link.silence_millis is less than twice link.ping_millis");
        }
        return found;
    }
}
