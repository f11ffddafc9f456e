package io.hongyan.bench.server;

import io.hongyan.bench.time.BenchTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Nodes and gates as processes, with shared stores; gate i uses node i, counted round-robin. */
public final class HongyanCluster implements AutoCloseable {
    private static final long MEET_MILLIS_MAX = 60_000;
    private static final long POLL_MILLIS = 100;
    private static final long NANOS_PER_MILLI = 1_000_000L;

    private final HongyanLauncher launcher;
    private final ClusterStores stores;
    private final Path directory;
    private final BenchTime time;
    private final List<HongyanServer> nodes = new ArrayList<>();
    private final List<HongyanServer> gates = new ArrayList<>();
    private final List<String> links = new ArrayList<>();

    /** @param directory for data, configurations and output of all */
    public HongyanCluster(HongyanLauncher launcher, ClusterStores stores, Path directory, BenchTime time) {
        this.launcher = launcher;
        this.stores = stores;
        this.directory = directory;
        this.time = time;
    }

    /**
     * Returns when all are ready and the nodes know each other; once.
     *
     * @param name clusters of different names share nothing in the stores
     */
    public void start(String name, int nodeCount, int gateCount) {
        for (int i = 0; i < nodeCount; i++) {
            startNode(name, directory.resolve("node-" + i));
        }
        for (int i = 0; i < gateCount; i++) {
            startGate(i, directory.resolve("gate-" + i));
        }
        long giveUp = time.nanos() + MEET_MILLIS_MAX * NANOS_PER_MILLI;
        while (!nodes.stream().allMatch(node -> node.api().metric("cluster_nodes") == nodeCount)) {
            if (time.nanos() > giveUp) {
                throw new IllegalStateException("the nodes do not find each other in Redis");
            }
            time.pause(POLL_MILLIS);
        }
    }

    private void startNode(String name, Path own) {
        Path data = own.resolve("data");
        if (!nodes.isEmpty()) {
            copySecret(nodes.get(0).secretFile(), data);
        }
        String link = "127.0.0.1:" + ChildProcess.freePort();
        Map<String, String> settings = new HashMap<>(stores.settings(name));
        settings.putAll(Map.of("role", "im-service", "link.listen", link));
        nodes.add(launcher.with(settings).start(own, data));
        links.add(link);
    }

    private void startGate(int number, Path own) {
        Map<String, String> settings = Map.of("role", "broker", "link.nodes", links.get(number % links.size()));
        gates.add(launcher.with(settings)
                .start(own, own.resolve("data"), nodes.get(0).secretFile()));
    }

    /** Tokens are valid at all nodes. */
    private static void copySecret(Path secret, Path data) {
        try {
            Files.copy(secret, Files.createDirectories(data).resolve(TokenSigner.SECRET_FILE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public List<HongyanServer> nodes() {
        return List.copyOf(nodes);
    }

    /** The gates, to which clients connect. */
    public List<HongyanServer> gates() {
        return List.copyOf(gates);
    }

    public String token(String uid) {
        return nodes.get(0).token(uid);
    }

    /** Reads what all processes have used. */
    public ClusterProbe probe() {
        return new ClusterProbe(this, stores, time);
    }

    @Override
    public void close() {
        gates.forEach(HongyanServer::close);
        nodes.forEach(HongyanServer::close);
    }
}
