package io.hongyan.bench.chaos.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.hongyan.bench.time.BenchTime;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The gates that clients know: asks any node for them after a client has lost its own, and remembers the last answer,
 * so that gates are found while no node answers.
 */
final class Gates implements AutoCloseable {
    private static final Duration ANSWER_MAX = Duration.ofMillis(1_500);
    /** For so long one answer serves all clients, because many would ask at once. */
    private static final long FRESH_MILLIS = 500;

    private static final long POLL_MILLIS = 20;
    private static final int GOOD = 200;

    private final List<URI> nodes;
    private final String token;
    private final Map<Integer, String> names;
    private final BenchTime time;
    private final Random order;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(ANSWER_MAX)
            .build();
    private final JsonMapper json = new JsonMapper();
    private final Thread thread = new Thread(this::run, "chaos-gates");
    private volatile List<Gate> known = List.of();
    private volatile boolean asked = true;
    private volatile boolean stopping;

    /** One of them. */
    record Gate(String name, InetSocketAddress address) {}

    /**
     * @param nodes the HTTP interfaces of the nodes
     * @param token of a user
     * @param names the gates by the port that clients use
     */
    Gates(List<URI> nodes, String token, Map<Integer, String> names, long seed, BenchTime time) {
        this.nodes = nodes;
        this.token = token;
        this.names = names;
        this.time = time;
        this.order = new Random(seed);
        thread.setDaemon(true);
        thread.start();
    }

    List<Gate> known() {
        return known;
    }

    /** A client has lost a gate: the list may have changed. */
    void ask() {
        asked = true;
    }

    private void run() {
        while (!stopping) {
            if (asked) {
                asked = false;
                // A request that comes during a query causes another query.
                if (!refresh()) {
                    asked = true;
                }
                time.pause(FRESH_MILLIS);
            }
            time.pause(POLL_MILLIS);
        }
    }

    private boolean refresh() {
        List<URI> shuffled = new ArrayList<>(nodes);
        Collections.shuffle(shuffled, order);
        for (URI node : shuffled) {
            try {
                List<Gate> told = tell(node);
                if (!told.isEmpty()) {
                    known = told;
                    return true;
                }
            } catch (IOException e) {
                // The next one may answer.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return true;
            }
        }
        return false;
    }

    private List<Gate> tell(URI node) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(node.resolve("/v1/gates"))
                .timeout(ANSWER_MAX)
                .header("Authorization", "Bearer " + token)
                .build();
        HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
        List<Gate> gates = new ArrayList<>();
        if (response.statusCode() == GOOD) {
            for (JsonNode gate : json.readTree(response.body()).path("gates")) {
                URI mqtt = URI.create(gate.path("mqtt").asText());
                if (names.containsKey(mqtt.getPort())) {
                    gates.add(
                            new Gate(names.get(mqtt.getPort()), new InetSocketAddress(mqtt.getHost(), mqtt.getPort())));
                }
            }
        }
        return List.copyOf(gates);
    }

    @Override
    public void close() {
        stopping = true;
    }
}
