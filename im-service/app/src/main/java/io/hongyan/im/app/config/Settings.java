package io.hongyan.im.app.config;

import io.hongyan.im.adapter.mqtt.TopicAccess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Every setting of the system. A component is a key of the file in snake case; nested records are sections,
 * maps hold sections whose names are the operator's own.
 *
 * @param dataDirectory relative to the working directory
 */
public record Settings(
        @Setting(
                "What this process does: `all`; `broker`, a gate that holds clients and asks a logic node; `im-service`, a"
                        + " logic node that serves gates and HTTP.")
        Role role,

        Listen listen,

        @Setting("Where everything is kept: the database, the token key, in development an API key.")
        Path dataDirectory,

        @Setting("Give out login tokens to whoever asks at POST /v1/dev/token. Refused together with a listener that"
                + " other machines reach.")
        boolean development,

        @Setting("Allow that all the same.") boolean developmentAllowRemote,

        LinkSettings link,
        DiscoverySettings discovery,
        MqttSettings mqtt,
        FloodSettings flood,
        GenericSettings generic,
        SessionSettings sessions,
        DeliverySettings delivery,
        MessageSettings messages,
        InboxSettings inbox,
        GroupSettings groups,
        CallSettings calls,
        LaneSettings lane,
        StorageSettings storage,
        HintSettings hints,
        PushSettings push,
        FeedSettings feed,
        ReportSettings reports,
        RocketMqSettings rocketmq,
        RedisSection redis,
        TokenSettings tokens,
        HttpLimits http,
        WorkSettings work,
        StopSettings stop) {

    private static final int KIB = 1 << 10;
    private static final int MIB = 1 << 20;

    /** What holds where nothing else is said. */
    public static final Settings DEFAULT = new Settings(
            Role.ALL,
            new Listen(
                    new Endpoint("127.0.0.1", 1883),
                    new Endpoint("127.0.0.1", 8083),
                    "/mqtt",
                    new Endpoint("127.0.0.1", 8080)),
            Path.of("data"),
            true,
            false,
            LinkSettings.DEFAULT,
            DiscoverySettings.DEFAULT,
            new MqttSettings(
                    TopicAccess.OWN,
                    MIB,
                    16,
                    64,
                    32,
                    64,
                    1_024,
                    4_096,
                    32 * KIB,
                    128 * KIB,
                    4 * MIB,
                    5_000,
                    10_000,
                    20_000,
                    20_000,
                    2_000,
                    0,
                    3_600),
            new FloodSettings(200_000, 100_000, 10_000, 600, 0, 0),
            new GenericSettings(65_536, 256, 100_000),
            new SessionSettings(new PerClass(1, 1, 1, 0), 32, 86_400),
            new DeliverySettings(64, MIB, 256, 256 * KIB, 3),
            new MessageSettings(64 * KIB),
            new InboxSettings(90, 100_000),
            new GroupSettings(100_000, 500, 200, 100, 2_000, 500, 64, 2_000, 200, 1_000),
            new CallSettings(500, 100, 256 * KIB, 200_000),
            new LaneSettings(100_000, 64L * MIB, 2_000, 4L * MIB, 5, 100),
            StorageSettings.DEFAULT,
            HintSettings.DEFAULT,
            PushSettings.DEFAULT,
            FeedSettings.DEFAULT,
            ReportSettings.DEFAULT,
            RocketMqSettings.DEFAULT,
            RedisSection.DEFAULT,
            new TokenSettings(30),
            new HttpLimits(8, 30_000, 256, MIB, 10_000, Map.of()),
            new WorkSettings(8, 50_000),
            new StopSettings(200, StopSettings.NO_REFERENCE, 1_000, 4_000));

    /** Where clients and operators connect. */
    public record Listen(
            @Setting("MQTT over TCP; `HOST:PORT`, port 0 = any free one, or `off`.")
            Endpoint mqtt,

            @Setting("MQTT over WebSocket; on the same host as `listen.mqtt`.")
            Endpoint websocket,

            @Setting("Path of the WebSocket upgrade.") String websocketPath,

            @Setting("Health, readiness, metrics, the API.") Endpoint http) {}

    /** Limits on hostile or broken clients. */
    public record FloodSettings(
            @Setting(value = "Open connections.", min = 1) int connectionsMax,

            @Setting(value = "Open connections from one address.", min = 1)
            int connectionsPerAddressMax,

            @Setting(value = "CONNECTs taken per second.", min = 1)
            int connectsPerSecondMax,

            @Setting(
                    value = "Refused CONNECTs of one address within a minute; then its sockets are closed at once.",
                    min = 1)
            int refusedPerAddressMinuteMax,

            @Setting(
                    "Packets of one connection per second; then its socket is not read for the rest of it. 0 = no limit.")
            int packetsPerSecondMax,

            @Setting(value = "Bytes of one connection per second, likewise.", unit = "bytes")
            int bytesPerSecondMax) {}

    /** MQTT outside messaging. */
    public record GenericSettings(
            @Setting(value = "Commands that wait for a session thread.", min = 16)
            int commandsMax,

            @Setting(value = "CONNECTs under way per event loop.", min = 1)
            int connectsMax,

            @Setting("Sessions kept for absent clients.") int keptSessionsMax) {}

    /** Who may be online, and for how long sessions are kept. */
    public record SessionSettings(
            PerClass perClass,

            @Setting(
                    value = "Devices kept per user; above that the one unused for longest is forgotten.",
                    min = 1,
                    max = 10_000)
            int devicesMax,

            @Setting(value = "Longest life of a session without connection.", unit = "s")
            int expirySecondsMax) {}

    /** Sessions a user may have at once. */
    public record PerClass(
            @Setting("Sessions of a user on android and ios; 0 = any number.")
            int mobile,

            @Setting("The same on windows, mac and linux.") int desktop,
            @Setting("The same on web.") int web,
            @Setting("The same on iot.") int iot) {}

    /** What is on its way to one device. */
    public record DeliverySettings(
            @Setting(
                    value = "Unacknowledged inbox entries; the client's Receive Maximum may lower it.",
                    min = 1,
                    max = 8192)
            int window,

            @Setting(
                    value = "Content of unacknowledged entries; one is always let through.",
                    unit = "bytes",
                    min = 1024)
            int windowBytesMax,

            @Setting(value = "Entries read from the storage at once.", min = 1, max = 10_000)
            int pageEntriesMax,

            @Setting(value = "Content of the same.", unit = "bytes", min = 1024)
            int pageBytesMax,

            @Setting(value = "Reads of one page that may fail before the connection is closed.", min = 1, max = 100)
            int readAttemptsMax) {}

    /** What may be sent. */
    public record MessageSettings(
            @Setting(value = "Content of one message.", unit = "bytes", min = 1, max = 16 << 20)
            int contentBytesMax) {}

    /** What is kept of inboxes; the log of a conversation is kept whole. */
    public record InboxSettings(
            @Setting(value = "Older entries are forgotten.", unit = "days", min = 1, max = 36_500)
            int ageDaysMax,

            @Setting(value = "Entries kept per inbox.", min = 1)
            int entriesMax) {}

    /** Groups. */
    public record GroupSettings(
            @Setting(value = "Members of a group; a group may have a lower limit of its own.", min = 2, max = 1_000_000)
            int membersMax,

            @Setting(value = "Users added or removed by one change.", min = 1, max = 5_000)
            int membersPerChangeMax,

            @Setting(
                    value =
                            "A group with more members becomes large, for good: its messages stand in no inbox, members read"
                                    + " its own stream.",
                    min = 2)
            int largeAbove,

            @Setting(
                    value = "Inbox rows written together with a message; where there are more, all follow.",
                    min = 1,
                    max = 10_000)
            int fanOutInlineMax,

            @Setting(value = "Inbox rows written by one transaction that follows.", min = 1, max = 100_000)
            int fanOutStepMax,

            @Setting(
                    value = "Messages to groups that wait for such transactions before senders have to: from there on a"
                            + " message is acknowledged when it has come to all inboxes. At five times as many,"
                            + " messages to these groups are refused with `RATE_LIMITED`.",
                    min = 1,
                    max = 100_000)
            int fanOutWaitingMax,

            @Setting(value = "Characters of a group's name.", min = 1, max = 1_000)
            int nameCharactersMax,

            @Setting(value = "Characters of a group's announcement.", min = 1, max = 10_000)
            int announcementCharactersMax,

            @Setting(value = "Large groups that are pushed to one device.", min = 0, max = 1_000)
            int streamsMax,

            @Setting(
                    value =
                            "Newest entries of a large group that are pushed to a device that comes back; older ones are"
                                    + " read by `history`.",
                    min = 1,
                    max = 100_000)
            int backlogMax) {}

    /** Answers to {@code im/call}, and read marks. */
    public record CallSettings(
            @Setting(value = "Largest `limit` of a call.", min = 1, max = 10_000)
            int pageMax,

            @Setting(value = "`limit` where the client gives none.", min = 1, max = 10_000)
            int pageDefault,

            @Setting(value = "Content in one answer; one item is always given.", unit = "bytes", min = 1024)
            int pageBytesMax,

            @Setting(value = "Delivered and read marks that may wait in memory to be written.", min = 1)
            int marksMax) {}

    /** The writer of messages. */
    public record LaneSettings(
            @Setting(value = "Messages that wait to be stored.", min = 1)
            int waitingMax,

            @Setting(value = "Content of waiting messages.", unit = "bytes", min = 1024, max = Long.MAX_VALUE)
            long waitingBytesMax,

            @Setting(value = "Inbox rows of one transaction.", min = 2, max = 1_000_000)
            int batchRowsMax,

            @Setting(
                    value = "Content of one transaction; one message is always let in.",
                    unit = "bytes",
                    min = 1024,
                    max = Long.MAX_VALUE)
            long batchBytesMax,

            @Setting(value = "How often a transaction is tried before its messages are given up.", min = 1, max = 100)
            int attemptsMax,

            @Setting(
                    value = "Pause before the second attempt, doubled before each further one.",
                    unit = "ms",
                    max = 60_000)
            long retryPauseMillis) {}

    /** Login tokens. */
    public record TokenSettings(
            @Setting(value = "By how much the clocks of issuer and server may differ.", unit = "s", max = 3600)
            int clockSkewSeconds) {}

    /** The HTTP listener, and who may call its API. */
    public record HttpLimits(
            @Setting(value = "Requests answered at the same time.", min = 2, max = 1000)
            int threadsMax,

            @Setting(
                    value = "A connection that is silent for so long is closed.",
                    unit = "ms",
                    min = 100,
                    max = 3_600_000)
            long idleMillisMax,

            @Setting(value = "API requests under way; further ones are refused.", min = 1, max = 100_000)
            int requestsMax,

            @Setting(value = "Body of one API request.", unit = "bytes", min = 1024, max = 64 << 20)
            int bodyBytesMax,

            @Setting(
                    value = "An API request that has no answer by then gets 503.",
                    unit = "ms",
                    min = 100,
                    max = 600_000)
            long requestMillisMax,

            Map<String, HttpKey> keys) {}

    /** Work that waits for the storage: logins, reading pages. */
    public record WorkSettings(
            @Setting(value = "Threads.", min = 1, max = 1000)
            int threadsMax,

            @Setting(value = "Pieces of work that wait; further ones are refused.", min = 1)
            int waitingMax) {}

    /** How clients find the gate of this process. */
    public record DiscoverySettings(
            @Setting("Where clients reach the gate over MQTT, a URL as clients are to see it: `mqtt://HOST:PORT` or"
                    + " `mqtts://HOST:PORT`; `listen` = where it listens, `off` = it is not told.")
            String mqtt,

            @Setting("The same over WebSocket: `ws://HOST:PORT/PATH` or `wss://HOST/PATH`; `listen`, or `off`.")
            String websocket,

            @Setting(
                    value = "Its share of clients beside those of other gates; 0 = clients are not told of it.",
                    max = 1_000_000)
            int weight) {
        public static final String LISTEN = "listen";
        public static final String OFF = "off";
        static final DiscoverySettings DEFAULT = new DiscoverySettings(LISTEN, LISTEN, 100);

        private static boolean isPlain(String value) {
            return value.equals(LISTEN) || value.equals(OFF);
        }

        List<String> contradictions() {
            List<String> found = new ArrayList<>();
            if (!isPlain(mqtt) && !mqtt.matches("mqtts?://[^/?#\\s]+:[0-9]{1,5}")) {
                found.add("discovery.mqtt takes mqtt://HOST:PORT, mqtts://HOST:PORT, listen or off");
            }
            if (!isPlain(websocket) && !websocket.matches("wss?://[^/?#\\s]+(/[^?#\\s]*)?")) {
                found.add("discovery.websocket takes a ws:// or wss:// URL, listen or off");
            }
            return found;
        }
    }

    /** How the server stops, and is drained before. */
    public record StopSettings(
            @Setting(
                    value = "Clients that are moved away per second while the server is drained.",
                    min = 1,
                    max = 100_000)
            int clientsPerSecond,

            @Setting("Where clients of MQTT 5 are told to go then, such as `mqtt2.example.com:1883`, or `off`.")
            String serverReference,

            @Setting(value = "After what time clients are told to come back.", unit = "ms", max = 3_600_000)
            int reconnectAfterMillis,

            @Setting(value = "How long messages in hand may take to be stored.", unit = "ms", max = 600_000)
            int drainMillisMax) {
        static final String NO_REFERENCE = "off";

        public boolean hasServerReference() {
            return !serverReference.equals(NO_REFERENCE);
        }
    }

    /** What cannot go together, one sentence each. */
    List<String> contradictions() {
        List<String> found = new ArrayList<>();
        if (development && !developmentAllowRemote && !allLoopback()) {
            found.add("development: true gives login tokens to whoever asks, and a listener can be reached from other"
                    + " machines; set development: false (or development_allow_remote: true if you mean it)");
        }
        if (!listen.mqtt.isOff()
                && !listen.websocket.isOff()
                && !listen.mqtt.host().equals(listen.websocket.host())) {
            found.add("listen.mqtt and listen.websocket must be on the same host");
        }
        if (role != Role.IM_SERVICE && listen.mqtt.isOff() && listen.websocket.isOff()) {
            found.add("listen.mqtt and listen.websocket are both off");
        }
        if (listen.http.isOff()) {
            found.add("listen.http cannot be off");
        }
        if (!listen.websocketPath.startsWith("/")) {
            found.add("listen.websocket_path begins with /");
        }
        if (mqtt.writeBufferLowBytes() > mqtt.writeBufferHighBytes()) {
            found.add("mqtt.write_buffer_low_bytes is above mqtt.write_buffer_high_bytes");
        }
        if (!hints.isOff() && !hints.webhook().matches("https?://[^/?#\\s]+([/?][^\\s#]*)?")) {
            found.add("hints.webhook takes an http:// or https:// URL, or off");
        }
        found.addAll(link.contradictions(role, mqtt.packetBytesMax()));
        found.addAll(discovery.contradictions());
        found.addAll(storage.contradictions());
        found.addAll(rocketmq.contradictions());
        if (!stop.serverReference.matches("[\\x20-\\x7e]{1,255}")) {
            found.add("stop.server_reference takes 1-255 printable ASCII characters, or off");
        }
        found.addAll(redis.contradictions());
        if (messages.contentBytesMax > mqtt.packetBytesMax()) {
            found.add("messages.content_bytes_max is above mqtt.packet_bytes_max");
        }
        found.addAll(reports.faults(feed.enabled()));
        http.keys.forEach((name, key) -> {
            if (key.fault(name) != null) {
                found.add(key.fault(name));
            }
        });
        return found;
    }

    private boolean allLoopback() {
        return listen.mqtt.isLoopback() && listen.websocket.isLoopback() && listen.http.isLoopback();
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
