package io.hongyan.bench.chaos.run;

import io.hongyan.bench.server.ApiClient;
import io.hongyan.bench.time.BenchTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * The server as a process of its own, on the same ports and data however often it is killed and started. Used by one
 * thread.
 */
final class ServerProcess implements AutoCloseable {
    private static final String MAIN_CLASS = "io.hongyan.im.app.Main";
    /** Lives in the application's test classes: faults are not part of what is shipped. */
    private static final String BREAKING_MAIN_CLASS = "io.hongyan.im.app.BreakMain";

    private static final String READY_PATH = "/ready";
    private static final long READY_MILLIS_MAX = 120_000;
    private static final long STOP_MILLIS_MAX = 30_000;
    private static final long POLL_MILLIS = 10;
    private static final int HTTP_MILLIS_MAX = 1_000;
    private static final int HTTP_OK = 200;

    private final ChildProcess process;
    private final Path data;
    private final Path log;
    private final InetSocketAddress mqtt;
    private final URI http;
    private final BenchTime time;

    /**
     * @param home the project's directory, with the server built
     * @param directory for data, configuration and log; must exist
     * @param fault a name that the server's test build knows, or null
     * @param settings more lines for its configuration
     */
    ServerProcess(
            Path home, Path directory, String fault, List<String> settings, RandomGenerator ports, BenchTime time) {
        this.time = time;
        data = directory.resolve("data").toAbsolutePath();
        log = directory.resolve("server.log");
        InetAddress loopback = InetAddress.getLoopbackAddress();
        mqtt = new InetSocketAddress(loopback, FreePorts.draw(ports));
        http = URI.create("http://127.0.0.1:" + FreePorts.draw(ports));
        Path configuration = directory.resolve("hongyan.yaml").toAbsolutePath();
        String yaml = String.join(
                "\n",
                "data_directory: " + data,
                "listen:",
                "  mqtt: 127.0.0.1:" + mqtt.getPort(),
                "  websocket: 127.0.0.1:" + FreePorts.draw(ports),
                "  http: 127.0.0.1:" + http.getPort(),
                String.join("\n", settings),
                "");
        try {
            Files.createDirectories(data);
            Files.writeString(configuration, yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        process = ChildProcess.logging(command(home, configuration, fault), log);
    }

    private static List<String> command(Path home, Path configuration, String fault) {
        Path target = home.resolve("im-service/app/target");
        Path libraries = target.resolve("hongyan/lib");
        Path testClasses = target.resolve("test-classes");
        if (!Files.isDirectory(libraries)) {
            throw new IllegalStateException("the server is not built: there is no " + libraries);
        }
        List<String> command = new ArrayList<>(List.of(ChildProcess.java(), "-Xmx512m", "-cp"));
        if (fault == null) {
            command.addAll(List.of(libraries + "/*", MAIN_CLASS));
        } else {
            if (!Files.isDirectory(testClasses)) {
                throw new IllegalStateException("the server's test build is missing: there is no " + testClasses);
            }
            command.addAll(List.of(testClasses + ":" + libraries + "/*", BREAKING_MAIN_CLASS, "--break", fault));
        }
        command.addAll(List.of("--config", configuration.toString()));
        return List.copyOf(command);
    }

    InetSocketAddress mqtt() {
        return mqtt;
    }

    URI http() {
        return http;
    }

    /** The file with the key that may do everything. */
    Path httpKey() {
        return data.resolve(ApiClient.KEY_FILE);
    }

    Path tokenSecret() {
        return data.resolve("token-secret");
    }

    void start() {
        process.start();
    }

    boolean isReady() {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) http.resolve(READY_PATH).toURL().openConnection();
            connection.setConnectTimeout(HTTP_MILLIS_MAX);
            connection.setReadTimeout(HTTP_MILLIS_MAX);
            try {
                return connection.getResponseCode() == HTTP_OK;
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            return false;
        }
    }

    void awaitReady() {
        long giveUp = time.nanos() + TimeUnit.MILLISECONDS.toNanos(READY_MILLIS_MAX);
        while (!isReady()) {
            failIfEnded();
            if (time.nanos() > giveUp) {
                throw new IllegalStateException(
                        "the server is not ready after " + READY_MILLIS_MAX + " ms; see " + log);
            }
            time.pause(POLL_MILLIS);
        }
    }

    /** A server that ends by itself is a finding of its own. */
    void failIfEnded() {
        if (!process.isAlive()) {
            throw new IllegalStateException(
                    "the server ended by itself with code " + process.exitValue() + "; see " + log);
        }
    }

    /** SIGKILL; returns when it is gone. */
    void kill() {
        process.kill();
    }

    /** SIGTERM; false if it had to be killed after all. */
    boolean stop() {
        return process.stop(STOP_MILLIS_MAX);
    }

    @Override
    public void close() {
        process.close();
    }
}
