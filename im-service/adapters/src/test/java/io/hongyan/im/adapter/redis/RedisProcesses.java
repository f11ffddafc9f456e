package io.hongyan.im.adapter.redis;

import io.hongyan.im.adapter.redis.RedisOptions.Address;
import io.hongyan.im.adapter.redis.RedisOptions.Mode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisException;

/** Real Redis servers with data of their own, on free ports of this machine. They end with the test. */
final class RedisProcesses implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final int SLOTS = 16_384;

    private final Path directory;
    private final Map<Integer, Process> running = new HashMap<>();
    private final Map<Integer, List<String>> options = new HashMap<>();
    private final List<Integer> ports = new ArrayList<>();
    private final Mode mode;
    private final String master;

    private RedisProcesses(Path directory, Mode mode, String master) {
        this.directory = directory;
        this.mode = mode;
        this.master = master;
    }

    static RedisProcesses single(Path directory) {
        RedisProcesses servers = new RedisProcesses(directory, Mode.SINGLE, null);
        servers.start(servers.freePort(), List.of());
        return servers;
    }

    /** Three masters. */
    static RedisProcesses cluster(Path directory) {
        RedisProcesses servers = new RedisProcesses(directory, Mode.CLUSTER, null);
        int nodes = 3;
        for (int i = 0; i < nodes; i++) {
            int port = servers.freePort();
            int bus = servers.freePort();
            servers.start(
                    port,
                    List.of("--cluster-enabled", "yes", "--cluster-port", "" + bus, "--cluster-node-timeout", "2000"));
            servers.command(
                    port, "CLUSTER", "ADDSLOTSRANGE", "" + i * SLOTS / nodes, "" + ((i + 1) * SLOTS / nodes - 1));
            if (i > 0) {
                int first = servers.ports.get(0);
                servers.command(port, "CLUSTER", "MEET", HOST, "" + first, servers.busOf(first));
            }
        }
        servers.ports.forEach(
                port -> await(() -> servers.info(port, "CLUSTER", "INFO").contains("cluster_state:ok")
                        && servers.info(port, "CLUSTER", "INFO").contains("cluster_known_nodes:" + nodes)));
        return servers;
    }

    /** A master, a replica and one sentinel. */
    static RedisProcesses sentinel(Path directory) {
        RedisProcesses servers = new RedisProcesses(directory, Mode.SENTINEL, "main");
        int first = servers.freePort();
        servers.start(first, List.of());
        servers.start(servers.freePort(), List.of("--replicaof", HOST + " " + first));
        servers.startSentinel(servers.freePort(), first);
        return servers;
    }

    private void startSentinel(int port, int watched) {
        try {
            Path file = Files.createDirectories(directory.resolve("" + port)).resolve("sentinel.conf");
            Files.writeString(
                    file,
                    "sentinel monitor main 127.0.0.1 " + watched + " 1\n"
                            + "sentinel down-after-milliseconds main 1000\n"
                            + "sentinel failover-timeout main 4000\n");
            start(port, List.of("CONFIG", file.toString()));
            await(() -> info(port, "INFO").contains("slaves=1"));
        } catch (IOException unable) {
            throw new UncheckedIOException(unable);
        }
    }

    private String busOf(int port) {
        List<String> all = options.get(port);
        return all.get(all.indexOf("--cluster-port") + 1);
    }

    private void start(int port, List<String> more) {
        options.put(port, more);
        ports.add(port);
        start(port);
    }

    private void start(int port) {
        List<String> more = options.get(port);
        List<String> command = new ArrayList<>(List.of("redis-server"));
        boolean sentinel = !more.isEmpty() && more.get(0).equals("CONFIG");
        if (sentinel) {
            command.add(more.get(1));
        }
        command.addAll(List.of("--port", "" + port, "--bind", HOST, "--dir", dir(port), "--protected-mode", "no"));
        if (sentinel) {
            command.add("--sentinel");
        } else {
            command.addAll(List.of("--save", "", "--appendonly", "no"));
            command.addAll(more);
        }
        try {
            running.put(
                    port,
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(Path.of(dir(port), "log").toFile())
                            .start());
        } catch (IOException unable) {
            throw new UncheckedIOException("redis-server is not installed?", unable);
        }
        await(() -> "PONG".equals(command(port, "PING")));
    }

    private String dir(int port) {
        try {
            return Files.createDirectories(directory.resolve("" + port)).toString();
        } catch (IOException unable) {
            throw new UncheckedIOException(unable);
        }
    }

    private int freePort() {
        while (true) {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
                if (socket.getLocalPort() < 55_000) {
                    return socket.getLocalPort();
                }
            } catch (IOException unable) {
                throw new UncheckedIOException(unable);
            }
        }
    }

    /** How to reach them. */
    RedisOptions settings(String prefix) {
        List<Integer> asked = mode == Mode.SENTINEL ? ports.subList(2, 3) : ports;
        return new RedisOptions(
                mode,
                asked.stream().map(port -> new Address(HOST, port)).toList(),
                master,
                null,
                null,
                false,
                0,
                prefix,
                500,
                500,
                8);
    }

    List<Integer> ports() {
        return List.copyOf(ports);
    }

    /** SIGKILL; what was not on a disk is gone, and nothing is. */
    void kill(int port) {
        Process process = running.remove(port);
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /** Starts one again that was killed, on the same port. */
    void again(int port) {
        start(port);
    }

    /** The answer as text. */
    String command(int port, String command, String... arguments) {
        try (Connection connection = new Connection(
                new HostAndPort(HOST, port),
                DefaultJedisClientConfig.builder().timeoutMillis(2_000).build())) {
            connection.sendCommand(Command.valueOf(command), arguments);
            Object answer = connection.getOne();
            return answer instanceof byte[] bytes ? new String(bytes) : String.valueOf(answer);
        }
    }

    private String info(int port, String command, String... arguments) {
        return command(port, command, arguments);
    }

    /** How often commands of that name were carried out, by all servers. */
    long calls(String name) {
        long calls = 0;
        for (int port : ports) {
            for (String line : command(port, "INFO", "commandstats").split("\r\n")) {
                if (line.startsWith("cmdstat_" + name + ":calls=")) {
                    calls += Long.parseLong(line.substring(line.indexOf('=') + 1, line.indexOf(',')));
                }
            }
        }
        return calls;
    }

    static void await(Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptionsMatching(trouble -> trouble instanceof JedisException)
                .until(condition);
    }

    @Override
    public void close() {
        List.copyOf(running.keySet()).forEach(this::kill);
    }
}
