package io.hongyan.bench.chaos.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.hongyan.bench.chaos.history.HistoryEvent;
import io.hongyan.bench.server.ApiClient;
import io.hongyan.bench.time.BenchTime;
import io.hongyan.starters.FreePorts;
import io.hongyan.starters.LocalServer;
import io.hongyan.starters.MariaDb;
import io.hongyan.starters.Redis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * Gates, nodes, a MariaDB and a Redis as processes, with a link of {@link Links} between any two that talk to each
 * other. Any thread may disturb a part, each part by one thread at a time.
 */
final class Cluster implements AutoCloseable {
    private static final List<String> JAVA_OPTIONS = List.of("-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
    private static final long READY_MILLIS_MAX = 120_000;
    private static final long START_AGAIN_MILLIS = 500;
    private static final long POLL_MILLIS = 50;
    private static final long DRAIN_MILLIS_MAX = 30_000;
    private static final int DRAINED_PER_SECOND = 20;
    private static final String DATABASE = "hongyan";
    private static final List<String> SHARED_FILES = List.of("token-secret", ApiClient.KEY_FILE);

    private final Path home;
    private final Path directory;
    private final ClusterSize size;
    private final String fault;
    private final List<String> settings;
    private final RandomGenerator ports;
    private final BenchTime time;
    private final Links links;
    private final Map<String, ChaosServerProcess> gates = new LinkedHashMap<>();
    private final Map<String, ChaosServerProcess> nodes = new LinkedHashMap<>();
    private final Map<String, LocalServer> servers = new LinkedHashMap<>();
    private final Map<String, Boolean> down = new ConcurrentHashMap<>();

    private Cluster(
            Path home,
            Path directory,
            ClusterSize size,
            String fault,
            List<String> settings,
            RandomGenerator ports,
            Consumer<Links.Move> observer,
            BenchTime time) {
        this.home = home;
        this.directory = directory;
        this.size = size;
        this.fault = fault;
        this.settings = settings;
        this.ports = ports;
        this.time = time;
        this.links = new Links(ports, observer);
    }

    /**
     * Returns when everything is ready.
     *
     * @param fault a name that the test build of the nodes knows, or null
     * @param settings more lines for the nodes' configuration
     * @param observer told of each connection over a link
     */
    static Cluster started(
            Path home,
            Path directory,
            ClusterSize size,
            String fault,
            List<String> settings,
            RandomGenerator ports,
            Consumer<Links.Move> observer,
            BenchTime time) {
        Cluster cluster = new Cluster(home, directory, size, fault, settings, ports, observer, time);
        try {
            cluster.start();
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private void start() {
        MariaDb mariaDb = MariaDb.started(directory.resolve(FaultPlan.MARIADB));
        servers.put(FaultPlan.MARIADB, mariaDb);
        Redis redis = Redis.started(directory.resolve(FaultPlan.REDIS));
        servers.put(FaultPlan.REDIS, redis);
        Map<String, Integer> linkPorts = new LinkedHashMap<>();
        for (int i = 1; i <= size.nodes(); i++) {
            String name = "node-" + i;
            linkPorts.put(name, FreePorts.draw(ports));
            nodes.put(name, node(name, linkPorts.get(name), mariaDb, redis));
            if (i > 1) {
                share(name);
            }
            // The first one creates the tables and the secrets.
            nodes.get(name).start();
            if (i == 1) {
                nodes.get(name).awaitReady();
            }
        }
        nodes.values().forEach(ChaosServerProcess::awaitReady);
        for (int i = 1; i <= size.gates(); i++) {
            String name = "gate-" + i;
            gates.put(name, gate(name, i, linkPorts));
            gates.get(name).start();
        }
        gates.values().forEach(ChaosServerProcess::awaitReady);
    }

    private ChaosServerProcess node(String name, int linkPort, MariaDb mariaDb, Redis redis) {
        int http = FreePorts.draw(ports);
        links.add(link(FaultPlan.CLIENT, name), http);
        int mariaDbPort =
                links.add(link(name, FaultPlan.MARIADB), mariaDb.port()).port();
        int redisPort = links.add(link(name, FaultPlan.REDIS), redis.port()).port();
        List<String> yaml = List.of(
                "role: im-service",
                "listen:",
                "  http: 127.0.0.1:" + http,
                "link:",
                "  listen: 127.0.0.1:" + linkPort,
                // Otherwise gates would learn the port behind their link, and bypass it.
                "  advertised: off",
                "redis:",
                "  servers: 127.0.0.1:" + redisPort,
                "storage:",
                "  engine: mysql",
                "  mysql:",
                "    user: " + mariaDb.user());
        UnaryOperator<String> urls =
                database -> mariaDb.jdbcUrl(database).replace(":" + mariaDb.port() + "/", ":" + mariaDbPort + "/");
        List<String> only = List.of("    url: " + urls.apply(DATABASE));
        if (size.databases() == 1) {
            return node(name, http, yaml, only);
        }
        if (nodes.isEmpty()) {
            startOnce(node(name, http, yaml, only));
        }
        List<String> both = List.of(
                "    databases:",
                "      " + SlotMove.MAIN + ":",
                "        url: " + urls.apply(DATABASE),
                "      " + SlotMove.SECOND + ":",
                "        url: " + urls.apply(DATABASE + "_" + SlotMove.SECOND));
        return node(name, http, yaml, both);
    }

    private ChaosServerProcess node(String name, int http, List<String> yaml, List<String> databases) {
        List<String> all = new ArrayList<>(yaml);
        all.addAll(databases);
        all.addAll(settings);
        return process(name, fault, 0, http, all);
    }

    /** A database that has begun as the only one has all slots when others come. */
    private static void startOnce(ChaosServerProcess node) {
        try (node) {
            node.start();
            node.awaitReady();
            if (!node.stop()) {
                throw new IllegalStateException(node.name() + " did not end when it was asked to");
            }
        }
    }

    private ChaosServerProcess gate(String name, int number, Map<String, Integer> linkPorts) {
        int mqtt = FreePorts.draw(ports);
        int http = FreePorts.draw(ports);
        int seen = links.add(link(FaultPlan.CLIENT, name), mqtt).port();
        List<String> ways = new ArrayList<>();
        linkPorts.forEach((node, port) ->
                ways.add("127.0.0.1:" + links.add(link(name, node), port).port()));
        // Each gate starts with another node.
        Collections.rotate(ways, 1 - number);
        return process(
                name,
                null,
                mqtt,
                http,
                List.of(
                        "role: broker",
                        "listen:",
                        "  mqtt: 127.0.0.1:" + mqtt,
                        "  websocket: off",
                        "  http: 127.0.0.1:" + http,
                        "link:",
                        "  nodes: " + String.join(",", ways),
                        "discovery:",
                        "  mqtt: mqtt://127.0.0.1:" + seen));
    }

    private ChaosServerProcess process(String name, String broken, int mqtt, int http, List<String> yaml) {
        return new ChaosServerProcess(
                new ChaosServerProcess.Shape(
                        home, directory, name, directory.resolve(name), broken, JAVA_OPTIONS, mqtt, http, yaml),
                time);
    }

    private static String link(String one, String other) {
        return one + HistoryEvent.LINK + other;
    }

    /** Tokens and keys are valid at all nodes. */
    private void share(String node) {
        try {
            Path to = Files.createDirectories(directory.resolve(node));
            for (String file : SHARED_FILES) {
                Files.copy(directory.resolve("node-1").resolve(file), to.resolve(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- for clients ----

    Path tokenSecret() {
        return directory.resolve("node-1").resolve("token-secret");
    }

    /** The HTTP interfaces of the nodes, as clients reach them. */
    List<URI> nodeUris() {
        return nodes.keySet().stream()
                .map(name -> URI.create("http://127.0.0.1:"
                        + links.named(link(FaultPlan.CLIENT, name)).port()))
                .toList();
    }

    /** One node's HTTP interface, with the key for everything. */
    ApiClient api(int node) {
        return ApiClient.withKeyFile(nodeUris().get(node), directory.resolve("node-1/" + ApiClient.KEY_FILE));
    }

    /** A gate, without a link between. */
    InetSocketAddress mqtt() {
        return gates.get("gate-1").mqtt();
    }

    /** The gates by the ports that clients use. */
    Map<Integer, String> gatesByPort() {
        Map<Integer, String> names = new TreeMap<>();
        gates.keySet()
                .forEach(name ->
                        names.put(links.named(link(FaultPlan.CLIENT, name)).port(), name));
        return names;
    }

    // ---- for disturbing ----

    void kill(String part) {
        down.put(part, true);
        if (servers.containsKey(part)) {
            servers.get(part).kill();
        } else {
            process(part).kill();
        }
    }

    /** Starts a killed or stopped part, and returns when it is ready. */
    void start(String part) {
        if (servers.containsKey(part)) {
            servers.get(part).start();
        } else {
            startAndAwait(process(part));
        }
        down.remove(part);
    }

    /** Repeatedly, as an operator would: a node does not start while the database is away. */
    private void startAndAwait(ChaosServerProcess process) {
        long giveUp = giveUpNanos();
        process.start();
        while (!process.isReady()) {
            if (!process.isAlive()) {
                time.pause(START_AGAIN_MILLIS);
                process.start();
            }
            failIfLate(giveUp, process.name() + " is not ready after its start");
        }
    }

    void pause(String part) {
        if (servers.containsKey(part)) {
            servers.get(part).pause();
        } else {
            process(part).pause();
        }
    }

    void resume(String part) {
        if (servers.containsKey(part)) {
            servers.get(part).resume();
        } else {
            process(part).resume();
        }
    }

    /** Shuts down and starts again; a gate is drained before. */
    void restart(String part) {
        down.put(part, true);
        if (servers.containsKey(part)) {
            servers.get(part).restart();
        } else {
            ChaosServerProcess process = process(part);
            drain(process);
            if (!process.stop()) {
                throw new IllegalStateException(part + " did not end when it was asked to");
            }
            startAndAwait(process);
        }
        down.remove(part);
    }

    private void drain(ChaosServerProcess gate) {
        ApiClient api = ApiClient.withKeyFile(gate.http(), gate.httpKey());
        long giveUp = time.nanos() + TimeUnit.MILLISECONDS.toNanos(DRAIN_MILLIS_MAX);
        try {
            api.ask(ApiClient.Request.post(
                    "/v1/node/drain",
                    JsonNodeFactory.instance.objectNode().put("clientsPerSecond", DRAINED_PER_SECOND)));
            // A client that cannot be told, behind a stalled link, stays connected.
            while (time.nanos() < giveUp
                    && api.ask(ApiClient.Request.get("/v1/node"))
                                    .body()
                                    .path("clients")
                                    .asInt()
                            > 0) {
                time.pause(POLL_MILLIS);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Moves slots with the configuration of the first node, over its link. */
    MoveSlotsScript moveSlots() {
        return new MoveSlotsScript(home, directory.resolve("node-1.yaml"), directory.resolve("move-slots.log"), time);
    }

    void set(String link, Links.State state) {
        links.set(link, state);
    }

    /** Returns when the part that a fault has hit serves again, if it is a gate or a node. */
    void awaitReady(List<String> parts) {
        long giveUp = giveUpNanos();
        for (String part : parts) {
            ChaosServerProcess process = gates.getOrDefault(part, nodes.get(part));
            while (process != null && !down.containsKey(part) && !process.isReady()) {
                failIfLate(giveUp, part + " is not ready again");
            }
        }
    }

    /** A process that ends by itself is a finding. */
    void failIfEnded() {
        gates.values().forEach(this::failIfEnded);
        nodes.values().forEach(this::failIfEnded);
    }

    private void failIfEnded(ChaosServerProcess process) {
        if (!down.containsKey(process.name()) && !process.isAlive() && !down.containsKey(process.name())) {
            process.failIfEnded();
        }
    }

    private ChaosServerProcess process(String part) {
        return gates.containsKey(part) ? gates.get(part) : nodes.get(part);
    }

    private long giveUpNanos() {
        return time.nanos() + TimeUnit.MILLISECONDS.toNanos(READY_MILLIS_MAX);
    }

    private void failIfLate(long giveUpNanos, String what) {
        if (time.nanos() > giveUpNanos) {
            throw new IllegalStateException(what + " (" + READY_MILLIS_MAX + " ms); see its log in " + directory);
        }
        time.pause(POLL_MILLIS);
    }

    /** Asks gates and nodes to end; false if one had to be killed. */
    boolean stop() {
        boolean all = true;
        for (ChaosServerProcess gate : gates.values()) {
            all &= gate.stop();
        }
        for (ChaosServerProcess node : nodes.values()) {
            all &= node.stop();
        }
        return all;
    }

    @Override
    public void close() {
        gates.values().forEach(ChaosServerProcess::close);
        nodes.values().forEach(ChaosServerProcess::close);
        servers.values().forEach(LocalServer::close);
        links.close();
    }
}
