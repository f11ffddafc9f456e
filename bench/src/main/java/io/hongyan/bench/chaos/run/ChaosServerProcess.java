package io.hongyan.bench.chaos.run;

import io.hongyan.bench.server.ApiClient;
import io.hongyan.bench.time.BenchTime;
import io.hongyan.starters.FreePorts;
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

/** The server as a process, with the same ports and data at each start. Used by one thread. */
final class ChaosServerProcess implements AutoCloseable {
    /** It is killed before the second compiler would have come to anything. */
    private static final List<String> JAVA_OPTIONS = List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private static final String MAIN_CLASS = "io.hongyan.im.app.Main";
    /** It is in the application's test classes: faults are not part of the distribution. */
    private static final String BREAKING_MAIN_CLASS = "io.hongyan.im.app.BreakMain";

    private static final String READY_PATH = "/ready";
    private static final long READY_MILLIS_MAX = 120_000;
    private static final long STOP_MILLIS_MAX = 30_000;
    private static final long POLL_MILLIS = 10;
    private static final int HTTP_MILLIS_MAX = 1_000;
    private static final int HTTP_OK = 200;

    private final String name;
    private final RestartableProcess process;
    private final Path data;
    private final Path log;
    private final InetSocketAddress mqtt;
    private final URI http;
    private final BenchTime time;

    /**
     * The parameters of the process.
     *
     * @param home the project's directory, with the server built
     * @param directory for data, configuration and log; must exist
     * @param name of its log and configuration; if there are several, its data are in a directory of that name
     * @param fault a name that the server's test build knows, or null
     * @param javaOptions of its JVM
     * @param mqttPort 0 if it does not listen
     */
    record Shape(
            Path home,
            Path directory,
            String name,
            Path data,
            String fault,
            List<String> javaOptions,
            int mqttPort,
            int httpPort,
            List<String> settings) {}

    /**
     * A single server.
     *
     * @param home the project's directory, with the server built
     * @param directory for data, configuration and log; must exist
     * @param fault a name that the server's test build knows, or null
     * @param settings more lines for its configuration
     */
    static ChaosServerProcess alone(
            Path home, Path directory, String fault, List<String> settings, RandomGenerator ports, BenchTime time) {
        int mqtt = FreePorts.draw(ports);
        int http = FreePorts.draw(ports);
        List<String> all = new ArrayList<>(List.of(
                "listen:",
                "  mqtt: 127.0.0.1:" + mqtt,
                "  websocket: 127.0.0.1:" + FreePorts.draw(ports),
                "  http: 127.0.0.1:" + http));
        all.addAll(settings);
        Path data = directory.resolve("data");
        return new ChaosServerProcess(
                new Shape(home, directory, "hongyan", data, fault, JAVA_OPTIONS, mqtt, http, all), time);
    }

    ChaosServerProcess(Shape shape, BenchTime time) {
        this.time = time;
        name = shape.name();
        data = shape.data().toAbsolutePath();
        log = shape.directory().resolve((name.equals("hongyan") ? "server" : name) + ".log");
        mqtt = new InetSocketAddress(InetAddress.getLoopbackAddress(), shape.mqttPort());
        http = URI.create("http://127.0.0.1:" + shape.httpPort());
        Path configuration = shape.directory().resolve(name + ".yaml").toAbsolutePath();
        String yaml = String.join("\n", "data_directory: " + data, String.join("\n", shape.settings()), "");
        try {
            Files.createDirectories(data);
            Files.writeString(configuration, yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        process = RestartableProcess.logging(command(shape, configuration), log);
    }

    private static List<String> command(Shape shape, Path configuration) {
        Path target = shape.home().resolve("im-service/app/target");
        Path libraries = target.resolve("hongyan/lib");
        Path testClasses = target.resolve("test-classes");
        if (!Files.isDirectory(libraries)) {
            throw new IllegalStateException("the server is not built: there is no " + libraries);
        }
        List<String> command = new ArrayList<>(List.of(RestartableProcess.java()));
        command.addAll(shape.javaOptions());
        command.add("-cp");
        if (shape.fault() == null) {
            command.addAll(List.of(libraries + "/*", MAIN_CLASS));
        } else {
            if (!Files.isDirectory(testClasses)) {
                throw new IllegalStateException("the server's test build is missing: there is no " + testClasses);
            }
            command.addAll(
                    List.of(testClasses + ":" + libraries + "/*", BREAKING_MAIN_CLASS, "--break", shape.fault()));
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

    /** The file with the key for everything. */
    Path httpKey() {
        return data.resolve(ApiClient.KEY_FILE);
    }

    Path tokenSecret() {
        return data.resolve("token-secret");
    }

    String name() {
        return name;
    }

    void start() {
        process.start();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGSTOP. */
    void pause() {
        process.pause();
    }

    /** SIGCONT. */
    void resume() {
        process.resume();
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
                        "the server (" + name + ") is not ready after " + READY_MILLIS_MAX + " ms; see " + log);
            }
            time.pause(POLL_MILLIS);
        }
    }

    /** A server that ends by itself is a finding. */
    void failIfEnded() {
        if (!process.isAlive()) {
            throw new IllegalStateException(
                    "the server (" + name + ") ended by itself with code " + process.exitValue() + "; see " + log);
        }
    }

    /** SIGKILL; returns when it has ended. */
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
