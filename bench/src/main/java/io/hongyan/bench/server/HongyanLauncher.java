package io.hongyan.bench.server;

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
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Starts the built Hongyan as a process; only this class knows how that is done. */
public final class HongyanLauncher {
    private static final String MAIN_CLASS = "io.hongyan.im.app.Main";
    private static final long READY_MILLIS_MAX = 180_000;
    private static final long POLL_MILLIS = 5;
    private static final int HTTP_MILLIS_MAX = 1_000;
    private static final int HTTP_OK = 200;

    private final Path libraries;
    private final List<String> jvmArguments;
    private final Map<String, String> settings;
    private final List<String> before;
    private final BenchTime time;

    /**
     * @param home the project's directory
     * @param jvmArguments for the server's JVM, after those of {@code scripts/java.options}
     */
    public HongyanLauncher(Path home, List<String> jvmArguments, BenchTime time) {
        this(home, jvmArguments, Map.of(), time);
    }

    /** @param settings that differ from the server's defaults, by their names in its configuration */
    public HongyanLauncher(Path home, List<String> jvmArguments, Map<String, String> settings, BenchTime time) {
        this(
                built(home).resolve("lib"),
                settings,
                Stream.concat(ofScripts(home).stream(), jvmArguments.stream()).toList(),
                List.of(),
                time);
    }

    private static Path built(Path home) {
        return home.resolve("im-service/app/target/hongyan").toAbsolutePath().normalize();
    }

    /** What {@code scripts/hongyan} gives to the server's JVM. */
    private static List<String> ofScripts(Path home) {
        List<String> arguments = new ArrayList<>();
        arguments.add(
                "@" + home.resolve("scripts/java.options").toAbsolutePath().normalize());
        Path classes = built(home).resolve("classes.jsa");
        if (classes.toFile().length() > 0) {
            arguments.add("-XX:SharedArchiveFile=" + classes);
        }
        String more = System.getenv().getOrDefault("HONGYAN_JAVA_OPTIONS", "");
        arguments.addAll(
                Stream.of(more.split(" ")).filter(one -> !one.isEmpty()).toList());
        return arguments;
    }

    private HongyanLauncher(
            Path libraries,
            Map<String, String> settings,
            List<String> jvmArguments,
            List<String> before,
            BenchTime time) {
        this.libraries = libraries;
        this.jvmArguments = jvmArguments;
        this.settings = settings;
        this.before = before;
        this.time = time;
    }

    /** The same with more settings, which override those it has. */
    HongyanLauncher with(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(settings);
        all.putAll(more);
        return new HongyanLauncher(libraries, all, jvmArguments, before, time);
    }

    /** The same, started by a program such as {@code taskset -c 0}, which becomes the server's process. */
    public HongyanLauncher startedBy(List<String> program) {
        return new HongyanLauncher(libraries, settings, jvmArguments, program, time);
    }

    public boolean isBuilt() {
        return Files.isDirectory(libraries);
    }

    /**
     * Starts a server and returns when it is ready.
     *
     * @param workDirectory for its configuration and output
     * @param data its data directory; may hold the data of an earlier run
     */
    public HongyanServer start(Path workDirectory, Path data) {
        return start(workDirectory, data, data.resolve(TokenSigner.SECRET_FILE));
    }

    /** @param secretFile of tokens that are valid there: a gate has no secret itself */
    HongyanServer start(Path workDirectory, Path data, Path secretFile) {
        if (!isBuilt()) {
            throw new IllegalStateException("the server is not built: " + libraries + " is missing");
        }
        InetAddress loopback = InetAddress.getLoopbackAddress();
        InetSocketAddress mqtt = new InetSocketAddress(loopback, ChildProcess.freePort());
        InetSocketAddress http = new InetSocketAddress(loopback, ChildProcess.freePort());
        Path configuration = configure(workDirectory, data.toAbsolutePath(), mqtt, http);
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmArguments);
        command.addAll(List.of("-cp", libraries + "/*", MAIN_CLASS, "--config", configuration.toString()));
        ChildProcess process = ChildProcess.start(command, workDirectory, environment());
        try {
            long giveUp = time.nanos() + READY_MILLIS_MAX * 1_000_000L;
            while (!isReady(http)) {
                process.failIfEndedOrLate(time, giveUp, "become ready");
                time.pause(POLL_MILLIS);
            }
            return new HongyanServer(mqtt, http, process.pid(), secretFile, time, Optional.of(process));
        } catch (RuntimeException e) {
            process.close();
            throw e;
        }
    }

    /** The environment overrides the file, so this works for every setting. */
    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        settings.forEach((key, value) ->
                environment.put("HONGYAN_" + key.toUpperCase(Locale.ROOT).replace('.', '_'), value));
        return environment;
    }

    private static Path configure(Path workDirectory, Path data, InetSocketAddress mqtt, InetSocketAddress http) {
        String yaml = String.join(
                "\n",
                "listen:",
                "  mqtt: 127.0.0.1:" + mqtt.getPort(),
                "  websocket: 127.0.0.1:" + ChildProcess.freePort(),
                "  http: 127.0.0.1:" + http.getPort(),
                "data_directory: " + data,
                "");
        try {
            Files.createDirectories(workDirectory);
            Files.createDirectories(data);
            return Files.writeString(workDirectory.resolve("hongyan.yaml"), yaml)
                    .toAbsolutePath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isReady(InetSocketAddress http) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create("http://127.0.0.1:" + http.getPort() + "/ready")
                            .toURL()
                            .openConnection();
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
}
