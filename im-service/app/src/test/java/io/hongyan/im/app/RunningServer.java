package io.hongyan.im.app;

import static org.awaitility.Awaitility.await;

import io.hongyan.broker.server.listen.Port.Service;
import io.hongyan.im.app.config.Settings;
import io.hongyan.im.app.config.SettingsReader;
import io.hongyan.im.core.Storage;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The real server in this JVM: free ports, its own directory, everything else as in the distribution. */
public final class RunningServer implements AutoCloseable {
    private final Path directory;
    private final Path file;
    private final Map<String, String> environment;
    private final UnaryOperator<Storage> storage;
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private Server server;

    private RunningServer(Path directory, Path file, Map<String, String> environment, UnaryOperator<Storage> storage) {
        this.directory = directory;
        this.file = file;
        this.environment = environment;
        this.storage = storage;
    }

    /** @param settings pairs of environment variable and value */
    public static RunningServer start(Path directory, String... settings) throws Exception {
        return start(directory, null, UnaryOperator.identity(), settings);
    }

    /** @param storage is put around the real one */
    public static RunningServer startOver(Path directory, UnaryOperator<Storage> storage, String... settings)
            throws Exception {
        return start(directory, null, storage, settings);
    }

    /** @param yaml the configuration file */
    public static RunningServer startWithFile(Path directory, String yaml) throws Exception {
        return start(directory, Files.writeString(directory.resolve("hongyan.yaml"), yaml), UnaryOperator.identity());
    }

    private static RunningServer start(Path directory, Path file, UnaryOperator<Storage> storage, String... settings)
            throws Exception {
        Map<String, String> environment = new HashMap<>(Map.of(
                "HONGYAN_LISTEN_MQTT", "127.0.0.1:0",
                "HONGYAN_LISTEN_WEBSOCKET", "127.0.0.1:0",
                "HONGYAN_LISTEN_HTTP", "127.0.0.1:0",
                "HONGYAN_DATA_DIRECTORY", directory.toString()));
        for (int i = 0; i < settings.length; i += 2) {
            environment.put(settings[i], settings[i + 1]);
        }
        RunningServer running = new RunningServer(directory, file, environment, storage);
        running.start();
        return running;
    }

    private void start() throws Exception {
        Settings settings = SettingsReader.read(file, environment);
        server = new Server(settings, storage, faults::add);
        server.start();
    }

    /** Stops it and starts it again with the same data and ports. */
    public void restart() throws Exception {
        environment.put("HONGYAN_LISTEN_MQTT", "127.0.0.1:" + mqttPort());
        environment.put("HONGYAN_LISTEN_WEBSOCKET", "127.0.0.1:" + webSocketPort());
        environment.put("HONGYAN_LISTEN_HTTP", "127.0.0.1:" + httpPort());
        environment.computeIfPresent("HONGYAN_LINK_LISTEN", (name, before) -> "127.0.0.1:" + linkPort());
        server.close();
        start();
    }

    public Path directory() {
        return directory;
    }

    public int mqttPort() {
        return server.port(Service.MQTT, false);
    }

    public int webSocketPort() {
        return server.port(Service.WEB_SOCKET, false);
    }

    /** HTTP over TLS. */
    public int httpsPort() {
        return server.port(Service.HTTP, true);
    }

    /** MQTT over TLS. */
    public int mqttsPort() {
        return server.port(Service.MQTT, true);
    }

    /** MQTT over WebSocket over TLS. */
    public int wssPort() {
        return server.port(Service.WEB_SOCKET, true);
    }

    /** Where gates connect. */
    public int linkPort() {
        return server.linkPort();
    }

    public int httpPort() {
        return server.port(Service.HTTP, false);
    }

    /** Why the server would have ended its process. */
    public List<String> faults() {
        return new ArrayList<>(faults);
    }

    /** A login token; the user exists afterwards. */
    public String token(String uid) {
        HttpResponse<String> answer = http("POST", "/v1/dev/token?uid=" + uid);
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer.body());
        }
        return answer.body().strip();
    }

    /** The key for the whole API. */
    public String httpKey() {
        try {
            return Files.readString(directory.resolve(ApiAccess.DEVELOPMENT_KEY_FILE))
                    .strip();
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    /** A server on a busy machine may say for a moment that it is not ready: returns when it says that it is. */
    public void awaitReady() {
        await().atMost(Duration.ofSeconds(30)).until(() -> http("GET", "/ready").statusCode(), status -> status == 200);
    }

    public HttpResponse<String> http(String method, String path) {
        return http(method, path, null);
    }

    /** @param headers names and values */
    public HttpResponse<String> http(String method, String path, String body, String... headers) {
        URI uri = URI.create("http://127.0.0.1:" + httpPort() + path);
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                    .timeout(Duration.ofSeconds(30))
                    .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
            if (headers.length > 0) {
                request.headers(headers);
            }
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException broken) {
            throw new AssertionError(broken);
        }
    }

    /** The value of a metric, with its labels as they are on the page. */
    public long metric(String name) {
        Matcher line = Pattern.compile("(?m)^hongyan_" + Pattern.quote(name) + " ([0-9.E]+)$")
                .matcher(http("GET", "/metrics").body());
        if (!line.find()) {
            throw new AssertionError("there is no metric " + name);
        }
        return (long) Double.parseDouble(line.group(1));
    }

    @Override
    public void close() {
        server.close();
        if (!faults.isEmpty()) {
            throw new AssertionError("the server would have ended: " + faults);
        }
    }
}
