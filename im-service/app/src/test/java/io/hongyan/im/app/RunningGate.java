package io.hongyan.im.app;

import static org.awaitility.Awaitility.await;

import io.hongyan.im.app.config.ConfigException;
import io.hongyan.im.app.config.SettingsReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A real gate in this JVM, on free ports, with a link to a server. */
final class RunningGate implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final Path data;
    private final GateServer gate;

    private RunningGate(Path data, Map<String, String> environment) throws ConfigException {
        this.data = data;
        this.gate = new GateServer(SettingsReader.read(null, environment), faults::add);
    }

    /**
     * Ready when this returns.
     *
     * @param linkPort of the server
     * @param settings pairs of environment variable and value
     */
    static RunningGate start(Path data, int linkPort, String... settings) throws Exception {
        Map<String, String> environment = new HashMap<>(Map.of(
                "HONGYAN_ROLE", "broker",
                "HONGYAN_DATA_DIRECTORY", data.toString(),
                "HONGYAN_LISTEN_MQTT", "127.0.0.1:0",
                "HONGYAN_LISTEN_WEBSOCKET", "off",
                "HONGYAN_LISTEN_HTTP", "127.0.0.1:0",
                "HONGYAN_LINK_NODES", "127.0.0.1:" + linkPort));
        for (int i = 0; i < settings.length; i += 2) {
            environment.put(settings[i], settings[i + 1]);
        }
        RunningGate running = new RunningGate(data, environment);
        running.gate.start();
        await().atMost(PATIENCE).until(() -> running.http("GET", "/ready").statusCode() == 200);
        return running;
    }

    int mqttPort() {
        return gate.mqttPort();
    }

    /** With the key of the gate. */
    HttpResponse<String> http(String method, String path) throws IOException, InterruptedException {
        String key = Files.readString(data.resolve(ApiAccess.DEVELOPMENT_KEY_FILE));
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gate.httpPort() + path))
                .header("Authorization", "Bearer " + key.strip())
                .method(method, method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString("{}"))
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    }

    @Override
    public void close() {
        gate.close();
        if (!faults.isEmpty()) {
            throw new AssertionError("the gate would have ended: " + faults);
        }
    }
}
