package io.hongyan.im.app;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process of the distribution in one of its roles, on free ports. */
public final class RoleProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Pattern PORT = Pattern.compile("(MQTT|HTTP|gates) 127\\.0\\.0\\.1:(\\d+)");

    private final Process process;
    private final Path output;
    private final Path data;
    private final String ready;

    private RoleProcess(Process process, Path output, Path data) {
        this.process = process;
        this.output = output;
        this.data = data;
        await().atMost(PATIENCE).until(() -> line().isPresent() || !process.isAlive());
        this.ready = line().orElseThrow(() -> new AssertionError(text()));
    }

    /**
     * A whole server, gate and node, with data below the directory.
     *
     * @param settings pairs of environment variable and value
     */
    public static RoleProcess server(Path directory, String name, String... settings) throws IOException {
        Map<String, String> environment = new HashMap<>(Map.of(
                "HONGYAN_DATA_DIRECTORY", directory.resolve(name).toString(),
                "HONGYAN_LISTEN_MQTT", "127.0.0.1:0",
                "HONGYAN_LISTEN_WEBSOCKET", "off",
                "HONGYAN_LISTEN_HTTP", "127.0.0.1:0"));
        for (int i = 0; i < settings.length; i += 2) {
            environment.put(settings[i], settings[i + 1]);
        }
        return start(directory.resolve(name), environment);
    }

    /** A node with the data in this directory. */
    static RoleProcess node(Path data, int httpPort, int linkPort) throws IOException {
        return start(
                data.resolveSibling("node"),
                Map.of(
                        "HONGYAN_ROLE",
                        "im-service",
                        "HONGYAN_DATA_DIRECTORY",
                        data.toString(),
                        "HONGYAN_LISTEN_HTTP",
                        "127.0.0.1:" + httpPort,
                        "HONGYAN_LINK_LISTEN",
                        "127.0.0.1:" + linkPort));
    }

    /**
     * A gate that has a link when this returns, with long time limits: on a busy machine a node takes long to start.
     */
    static RoleProcess gate(Path directory, String name, int linkPort) throws IOException {
        RoleProcess gate = start(
                directory.resolve(name),
                Map.of(
                        "HONGYAN_ROLE", "broker",
                        "HONGYAN_DATA_DIRECTORY", directory.resolve(name).toString(),
                        "HONGYAN_LISTEN_MQTT", "127.0.0.1:0",
                        "HONGYAN_LISTEN_WEBSOCKET", "off",
                        "HONGYAN_LISTEN_HTTP", "127.0.0.1:0",
                        "HONGYAN_LINK_NODES", "127.0.0.1:" + linkPort,
                        "HONGYAN_LINK_LEASE_MILLIS", "120000",
                        "HONGYAN_MQTT_PUBLISH_MILLIS_MAX", "120000",
                        "HONGYAN_MQTT_READ_PAUSED_MILLIS_MAX", "120000"));
        await().atMost(PATIENCE).until(() -> gate.http("GET", "/ready").statusCode() == 200);
        return gate;
    }

    private static RoleProcess start(Path name, Map<String, String> environment) throws IOException {
        Path output = Files.createTempFile(name.getParent(), name.getFileName().toString(), ".log");
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        ProcessBuilder builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                classes,
                "io.hongyan.im.app.Main"));
        builder.environment().putAll(environment);
        return new RoleProcess(
                builder.redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start(),
                output,
                Path.of(environment.get("HONGYAN_DATA_DIRECTORY")));
    }

    private Optional<String> line() {
        return text().lines().filter(line -> line.contains("ready after")).findFirst();
    }

    /** Its output so far. */
    public String text() {
        try {
            return Files.readString(output);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** @param what MQTT, HTTP or gates */
    public int port(String what) {
        Matcher matcher = PORT.matcher(ready);
        while (matcher.find()) {
            if (matcher.group(1).equals(what)) {
                return Integer.parseInt(matcher.group(2));
            }
        }
        throw new AssertionError(ready);
    }

    public HttpResponse<String> http(String method, String path) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port("HTTP") + path))
                    .timeout(Duration.ofSeconds(30))
                    .method(method, BodyPublishers.noBody())
                    .build();
            return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        } catch (IOException | InterruptedException broken) {
            throw new AssertionError(broken);
        }
    }

    /** As a user. */
    HttpResponse<String> httpAs(String token, String path) {
        return httpAs(token, "GET", path, BodyPublishers.noBody());
    }

    /** With the key for everything. */
    public HttpResponse<String> business(String method, String path, String body) throws IOException {
        String key = Files.readString(data.resolve(ApiAccess.DEVELOPMENT_KEY_FILE));
        return httpAs(key.strip(), method, path, BodyPublishers.ofString(body));
    }

    private HttpResponse<String> httpAs(String bearer, String method, String path, BodyPublisher body) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port("HTTP") + path))
                    .timeout(Duration.ofSeconds(30))
                    .header("Authorization", "Bearer " + bearer)
                    .method(method, body)
                    .build();
            return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        } catch (IOException | InterruptedException broken) {
            throw new AssertionError(broken);
        }
    }

    public String token(String uid) {
        HttpResponse<String> answer = http("POST", "/v1/dev/token?uid=" + uid);
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer.body());
        }
        return answer.body().strip();
    }

    /** The value of a metric without labels. */
    public long metric(String name) {
        Matcher line = Pattern.compile("(?m)^hongyan_" + Pattern.quote(name) + " ([0-9.E]+)$")
                .matcher(http("GET", "/metrics").body());
        if (!line.find()) {
            throw new AssertionError("there is no metric " + name);
        }
        return (long) Double.parseDouble(line.group(1));
    }

    /** SIGKILL. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGSTOP. */
    public void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** SIGCONT. */
    public void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
            throw new AssertionError("kill -" + name + " ended with " + code);
        }
    }

    /** SIGTERM, and the exit code. */
    public int stop() throws InterruptedException {
        process.destroy();
        return process.waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
