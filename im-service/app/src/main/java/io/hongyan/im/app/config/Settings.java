package io.hongyan.im.app.config;

import io.hongyan.broker.server.ClientLimits;
import io.hongyan.im.core.MessagingLimits;
import io.hongyan.settings.Defaults;
import io.hongyan.settings.InSection;
import io.hongyan.settings.Setting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Every setting of the system. A component is a key of the file in snake case; nested records are sections, maps have
 * sections whose names the operator chooses.
 *
 * @param dataDirectory relative to the working directory
 */
public record Settings(
        @Setting(
                value = "What this process is: `all` = gate and node; `broker` = a gate, which holds clients and uses"
                        + " a node; `im-service` = a node, which serves gates and HTTP.",
                defaultValue = "all")
        Role role,

        Listen listen,

        @Setting(
                value = "Directory for everything that is stored: the database, the token key, in development an API"
                        + " key.",
                defaultValue = "data")
        Path dataDirectory,

        @InSection("") GateSettings gate,

        @InSection("") AccessSettings access,

        @InSection("") ClusterSettings cluster,

        @InSection("") MessagingLimits messaging,

        StorageSettings storage,

        @InSection("") OutletSettings outlets,

        @InSection("") ProcessSettings process) {

    /** The values without configuration. */
    public static final Settings DEFAULT = Defaults.of(Settings.class);

    /** Settings that contradict each other, one sentence each. */
    List<String> contradictions() {
        List<String> found = new ArrayList<>();
        if (access.development()
                && !access.developmentAllowRemote()
                && !listen.remote().isEmpty()) {
            found.add("development: true gives login tokens to anybody who asks, and "
                    + String.join(", ", listen.remote())
                    + " can be reached from other machines; set development: false (or"
                    + " development_allow_remote: true if this is intended)");
        }
        if (role != Role.IM_SERVICE && !listen.takesMqtt()) {
            found.add("listen.mqtt, listen.websocket, listen.mqtts and listen.wss are all off; set one of them");
        }
        if (listen.http().isOff()) {
            found.add("listen.http cannot be off");
        }
        if (!listen.websocketPath().startsWith("/")) {
            found.add("listen.websocket_path must begin with /");
        }
        if (gate.mqtt().flow().writeBufferLowBytes() > gate.mqtt().flow().writeBufferHighBytes()) {
            found.add("mqtt.write_buffer_low_bytes is above mqtt.write_buffer_high_bytes");
        }
        if (!outlets.hints().isOff() && !WebUrl.fits(outlets.hints().webhook().text(), "http", "https")) {
            found.add("hints.webhook takes an http:// or https:// URL, or off");
        }
        found.addAll(gate.tls().contradictions(listen, gate.proxy()));
        found.addAll(gate.proxy().contradictions());
        found.addAll(access.http().contradictions());
        found.addAll(cluster.link().contradictions(role, gate.mqtt().packets().packetBytesMax()));
        found.addAll(gate.discovery().contradictions());
        if (gate.versions().versionRecommended() < gate.versions().versionMin()) {
            found.add("clients.version_recommended is below clients.version_min");
        }
        found.addAll(storage.contradictions());
        found.addAll(outlets.rocketmq().contradictions());
        if (!process.stop().serverReference().matches("[\\x20-\\x7e]{1,255}")) {
            found.add("stop.server_reference takes 1-255 printable ASCII characters, or off");
        }
        found.addAll(cluster.redis().contradictions());
        found.addAll(access.tokens().contradictions(access.development()));
        found.addAll(process.log().contradictions());
        if (messaging.messages().contentBytesMax() > gate.mqtt().packets().packetBytesMax()) {
            found.add("messages.content_bytes_max is above mqtt.packet_bytes_max");
        }
        found.addAll(outlets.reports().faults(messaging.feed().enabled()));
        access.http().keys().forEach((name, key) -> {
            if (key.fault(name) != null) {
                found.add(key.fault(name));
            }
        });
        return found;
    }

    /**
     * Whether other limits on clients may hold instead, while everything else stays as the process was started with it.
     *
     * @throws ConfigException says what they contradict
     */
    public void require(ClientLimits changed) throws ConfigException {
        Settings settings = new Settings(
                role, listen, dataDirectory, gate.with(changed), access, cluster, messaging, storage, outlets, process);
        List<String> found = settings.contradictions();
        if (!found.isEmpty()) {
            throw new ConfigException(found);
        }
    }

    /**
     * All settings as {@code key=value}, one per line; secrets are left out. A configured directory is shown as an
     * absolute path.
     */
    public List<String> describeEach() {
        boolean directorySet = dataDirectory != DEFAULT.dataDirectory;
        return Keys.flatten(this).stream()
                .map(entry -> entry.key()
                        + '='
                        + (directorySet && entry.value() == dataDirectory
                                ? dataDirectory.toAbsolutePath().normalize()
                                : entry.value()))
                .toList();
    }

    /** All settings as {@code key = value}, one section per line; secrets are left out. */
    public List<String> describe() {
        return Keys.flatten(this).stream()
                .collect(Collectors.groupingBy(
                        entry -> entry.key().contains(".")
                                ? entry.key().substring(0, entry.key().indexOf('.'))
                                : "",
                        LinkedHashMap::new,
                        Collectors.mapping(
                                entry -> entry.key().substring(entry.key().indexOf('.') + 1) + '=' + entry.value(),
                                Collectors.joining(" "))))
                .entrySet()
                .stream()
                .map(group -> group.getKey().isEmpty() ? group.getValue() : group.getKey() + ": " + group.getValue())
                .toList();
    }
}
