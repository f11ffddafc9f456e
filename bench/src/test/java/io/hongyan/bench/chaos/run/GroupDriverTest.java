package io.hongyan.bench.chaos.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.hongyan.bench.chaos.history.HistoryEvent;
import io.hongyan.bench.chaos.history.HistoryFile;
import io.hongyan.bench.server.ApiClient;
import io.hongyan.bench.time.SystemTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server of this test answers every other request with an error. */
@Timeout(30)
class GroupDriverTest {
    private static final ChaosGroup GROUP = new ChaosGroup("g", "alice", List.of("bob"), List.of("carol"), List.of());

    @TempDir
    private Path directory;

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
            asked.add(exchange.getRequestMethod() + ' ' + exchange.getRequestURI() + ' ' + key);
            boolean good = asked.size() % 2 == 0;
            byte[] body = (good ? "{\"seq\":" + asked.size() + "}" : "{\"code\":\"UNAVAILABLE\"}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(good ? 200 : 503, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
    }

    @Test
    void whatHasNoClearAnswerIsAskedAgainUnderTheSameKey() {
        List<HistoryEvent> events = new ArrayList<>();
        Path history = directory.resolve("history.jsonl");
        try (HistoryFile.Writer file = new HistoryFile.Writer(history)) {
            SystemTime time = new SystemTime();
            ApiClient api = new ApiClient(
                    URI.create("http://127.0.0.1:" + server.getAddress().getPort()), "key");
            new GroupDriver(
                            "one",
                            List.of(GROUP),
                            api,
                            uid -> uid,
                            new Journal(file, time::nanos),
                            new SplittableRandom(1),
                            new ConcurrentHashMap<>(),
                            time)
                    .prepare();
        }
        HistoryFile.read(history, events::add);

        assertThat(asked).filteredOn(line -> line.startsWith("POST /v1/users")).hasSize(6);
        assertThat(asked).filteredOn("POST /v1/groups one-1"::equals).hasSizeGreaterThanOrEqualTo(2);
        assertThat(events).first().satisfies(event -> {
            HistoryEvent.Change change = (HistoryEvent.Change) event;
            assertThat(change.group()).isEqualTo("group:g");
            assertThat(change.change()).hasToString("created[alice, bob]");
        });
        assertThat(events)
                .filteredOn(HistoryEvent.Changed.class::isInstance)
                .extracting(event -> ((HistoryEvent.Changed) event).code())
                .containsOnly("OK");
    }
}
