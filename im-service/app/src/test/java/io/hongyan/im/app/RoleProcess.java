package io.hongyan.im.app;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process of the distribution in one of its roles, on free ports. */
final class RoleProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Pattern PORT = Pattern.compile("(MQTT|HTTP|gates) 127\\.0\\.0\\.1:(\\d+)");

    private final Process process;
    private final Path output;
    private final String ready;

    private RoleProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
        await().atMost(PATIENCE).until(() -> line().isPresent() || !process.isAlive());
        this.ready = line().orElseThrow(() -> new AssertionError(text()));
    }

    /** A logic node with the data in this directory. */
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

    /** A gate that is linked when this returns, and patient: on a busy machine a node takes long to start. */
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
                output);
    }

    private Optional<String> line() {
        return text().lines().filter(line -> line.contains("ready after")).findFirst();
    }

    /** What it has printed. */
    String text() {
        try {
            return Files.readString(output);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** @param what MQTT, HTTP or gates */
    int port(String what) {
        Matcher matcher = PORT.matcher(ready);
        while (matcher.find()) {
            if (matcher.group(1).equals(what)) {
                return Integer.parseInt(matcher.group(2));
            }
        }
        throw new AssertionError(ready);
    }

    HttpResponse<String> http(String method, String path) {
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
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port("HTTP") + path))
                    .timeout(Duration.ofSeconds(30))
                    .header("Authorization", "Bearer " + token)
                    .build();
            return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        } catch (IOException | InterruptedException broken) {
            throw new AssertionError(broken);
        }
    }

    String token(String uid) {
        HttpResponse<String> answer = http("POST", "/v1/dev/token?uid=" + uid);
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer.body());
        }
        return answer.body().strip();
    }

    /** The value of a metric without labels. */
    long metric(String name) {
        Matcher line = Pattern.compile("(?m)^hongyan_" + name + " ([0-9.E]+)$")
                .matcher(http("GET", "/metrics").body());
        if (!line.find()) {
            throw new AssertionError("there is no metric " + name);
        }
        return (long) Double.parseDouble(line.group(1));
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM, and the exit code. */
    int stop() throws InterruptedException {
        process.destroy();
        return process.waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
