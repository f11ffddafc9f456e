package io.hongyan.bench;

import io.hongyan.bench.server.HongyanLauncher;
import io.hongyan.bench.server.HongyanServer;
import io.hongyan.bench.server.MosquittoServer;
import io.hongyan.bench.server.PlainMoquetteServer;
import io.hongyan.bench.server.ServerUnderTest;
import io.hongyan.bench.server.TlsServer;
import io.hongyan.bench.time.BenchTime;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Options that say which Hongyan to use: a running one, or (without --mqtt) one started for the command. */
final class ServerOptions {
    private static final List<String> CLUSTER_JVM = List.of("-Xmx512m");
    /** A few clients of a benchmark stand for many users. */
    private static final Map<String, String> NO_RATES = Map.of(
            "flood.traffic.packets_per_connection", "0",
            "flood.traffic.bytes_per_connection", "0",
            "flood.traffic.packets_per_user", "0",
            "flood.traffic.bytes_per_user", "0");

    @Option(names = "--mqtt", paramLabel = "HOST:PORT", description = "MQTT address of a running Hongyan.")
    private String mqtt;

    @Option(names = "--http", paramLabel = "HOST:PORT", description = "Its HTTP address.")
    private String http;

    @Option(names = "--pid", description = "Its process id, to measure what it uses.")
    private long pid;

    @Option(
            names = "--secret-file",
            paramLabel = "FILE",
            description = "Its token secret: {data_directory}/token-secret.")
    private Path secretFile;

    @Option(
            names = "--home",
            paramLabel = "DIR",
            defaultValue = "${sys:hongyan.home:-.}",
            description = "The project's directory, with the built server (${DEFAULT-VALUE}).")
    private Path home;

    @Option(
            names = "--jvm",
            paramLabel = "ARG",
            description = "An argument for the JVM of the started server; may be repeated; after those of"
                    + " scripts/java.options.")
    private List<String> jvmArguments = List.of();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Data directory of the started server, which is kept; without this option: a temporary one.")
    private Path data;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "A setting of the started server, by its name in the configuration; may be repeated.")
    private Map<String, String> settings = Map.of();

    @Option(
            names = "--through",
            paramLabel = "KIND",
            description =
                    "tls: clients use a tunnel of this process that connects to the started server over TLS; plain:"
                            + " one without TLS, for comparison.")
    private Through through;

    /** What is between the clients and the server. */
    enum Through {
        PLAIN,
        TLS
    }

    /** The project's directory. */
    Path home() {
        return home;
    }

    /** The running server, or a new one with its data in the directory. */
    HongyanServer hongyan(Path workDirectory, BenchTime time) {
        if (through != null) {
            return throughTunnel(workDirectory, time);
        }
        if (mqtt == null) {
            return launcher(Map.of(), time).start(workDirectory, data == null ? workDirectory.resolve("data") : data);
        }
        if (pid == 0 || secretFile == null) {
            throw new IllegalArgumentException("--mqtt needs --pid and --secret-file too");
        }
        return HongyanServer.given(address(mqtt), http == null ? null : address(http), pid, secretFile, time);
    }

    private HongyanServer throughTunnel(Path workDirectory, BenchTime time) {
        if (given()) {
            throw new IllegalArgumentException("--through starts the server itself; --mqtt cannot be used");
        }
        TlsServer tls = TlsServer.prepare(home, workDirectory.resolve("certificate"));
        HongyanServer started = launcher(tls.unlimitedSettings(), time)
                .start(workDirectory, data == null ? workDirectory.resolve("data") : data);
        return through == Through.TLS
                ? started.through(tls.address(), tls.authority())
                : started.through(started.mqtt(), null);
    }

    /**
     * A new server with its data in the directory.
     *
     * @param command the command, for the refusal of a running server
     * @param needed settings that the command needs; they override those of --set
     */
    HongyanServer started(String command, Map<String, String> needed, Path workDirectory, BenchTime time) {
        refuseGiven(command);
        return launcher(needed, time).start(workDirectory, workDirectory.resolve("data"));
    }

    /**
     * The same with the default limits on what clients send.
     *
     * @param before program that starts it; may be empty
     */
    HongyanServer startedWithLimits(
            String command, Map<String, String> needed, List<String> before, Path workDirectory, BenchTime time) {
        refuseGiven(command);
        return launcher(Map.of(), needed, time).startedBy(before).start(workDirectory, workDirectory.resolve("data"));
    }

    private void refuseGiven(String command) {
        if (given()) {
            throw new IllegalArgumentException(command + " starts the server itself; --mqtt cannot be used");
        }
    }

    /** Starts the processes of a cluster, each with the heap limit of scripts/cluster. */
    HongyanLauncher ofCluster(BenchTime time) {
        if (given() || data != null) {
            throw new IllegalArgumentException(
                    "a cluster is started for the command; --mqtt and --data cannot be used");
        }
        Map<String, String> all = new HashMap<>(NO_RATES);
        all.putAll(settings);
        return new HongyanLauncher(home, jvmArguments.isEmpty() ? CLUSTER_JVM : jvmArguments, all, time);
    }

    private HongyanLauncher launcher(Map<String, String> needed, BenchTime time) {
        return launcher(NO_RATES, needed, time);
    }

    private HongyanLauncher launcher(Map<String, String> defaults, Map<String, String> needed, BenchTime time) {
        Map<String, String> all = new HashMap<>(defaults);
        all.putAll(settings);
        all.putAll(needed);
        return new HongyanLauncher(home, jvmArguments, all, time);
    }

    boolean given() {
        return mqtt != null;
    }

    /** Starts the named server, or uses the running Hongyan. */
    ServerUnderTest server(String name, Path workDirectory, BenchTime time) {
        return switch (name) {
            case "hongyan" -> hongyan(workDirectory, time);
            case "mosquitto" -> MosquittoServer.start(workDirectory, time);
            case "moquette" -> PlainMoquetteServer.start(workDirectory, time);
            default ->
                throw new IllegalArgumentException(
                        "unknown server " + name + "; the servers are hongyan, moquette and mosquitto");
        };
    }

    private static InetSocketAddress address(String hostAndPort) {
        int colon = hostAndPort.lastIndexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("not HOST:PORT: " + hostAndPort);
        }
        return new InetSocketAddress(
                hostAndPort.substring(0, colon), Integer.parseInt(hostAndPort.substring(colon + 1)));
    }
}
