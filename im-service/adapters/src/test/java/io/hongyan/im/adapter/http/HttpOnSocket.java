package io.hongyan.im.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.adapter.http.HttpServer.HttpSettings;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A server and its subject, for tests that write bytes to its socket. */
abstract class HttpOnSocket {
    static final String KEY = "groups-key-0123456789abcdefghijklmnopqrs";
    static final String AUTHORIZED = "Host: h\r\nAuthorization: Bearer " + KEY + "\r\n";
    static final String SLOW_BODY = "Content-Length: 4000\r\n\r\n{";
    static final int BIG = 8 << 20;

    /** Of the server that runs: another one has its own. */
    Metrics metrics = new Metrics();

    final List<String> obstacles = new CopyOnWriteArrayList<>();
    final List<String> bodies = new CopyOnWriteArrayList<>();
    /** Whoever asks whether the server is ready waits for it. */
    volatile CountDownLatch disk = new CountDownLatch(0);

    /** Whoever asks for a thing meets it. */
    volatile Error trouble;

    HttpOnPort server;

    record Thing(@Described("A text.") String text) {}

    private final class Subject implements Routes {
        @Override
        public void addTo(RouteTable table) {
            Access access = Access.business(HttpScope.GROUPS);
            table.add(
                    Operation.change("makeThing", HttpMethod.POST, "/v1/things", "Makes a thing.")
                            .by(access)
                            .takes(Thing.class)
                            .gives(HttpResponseStatus.CREATED, Thing.class),
                    request -> {
                        bodies.add(request.body(Thing.class).text());
                        return CompletableFuture.completedFuture(new Reply(request.body(Thing.class)));
                    });
            table.add(
                    Operation.get("getThing", "/v1/things/{thing}", "Shows a thing.")
                            .by(access)
                            .gives(HttpResponseStatus.OK, Thing.class),
                    request -> {
                        if (trouble != null) {
                            throw trouble;
                        }
                        return CompletableFuture.completedFuture(new Reply(new Thing(request.path("thing"))));
                    });
            table.add(
                    Operation.get("getBig", "/v1/big", "Shows much.")
                            .by(access)
                            .gives(HttpResponseStatus.OK, Thing.class),
                    request -> CompletableFuture.completedFuture(new Reply(new Thing("x".repeat(BIG)))));
        }
    }

    @BeforeEach
    void start() throws Exception {
        server = started(20_000, 20_000, 500);
    }

    List<String> obstacles() {
        try {
            disk.await();
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
        return obstacles;
    }

    HttpOnPort started(long requestMillisMax, long idleMillisMax, int perAddressMax) throws IOException {
        return started(requestMillisMax, idleMillisMax, perAddressMax, 16L << 20);
    }

    HttpOnPort started(long requestMillisMax, long idleMillisMax, int perAddressMax, long heldBytesMax)
            throws IOException {
        metrics.close();
        metrics = new Metrics();
        BusinessKeys keys = new BusinessKeys();
        keys.add("crm", KEY, EnumSet.of(HttpScope.GROUPS));
        HttpOnPort made = new HttpOnPort(new HttpServer(
                new HttpSettings(
                        2, idleMillisMax, 8, 0, 0, 4_096, requestMillisMax, 1_000, perAddressMax, heldBytesMax),
                this::obstacles,
                metrics,
                new Authentication(
                        keys,
                        () -> (token, asker) -> CompletableFuture.completedFuture(
                                new io.hongyan.im.core.session.TokenVerdict.Worthless("The token is malformed.")),
                        () -> uid -> CompletableFuture.completedFuture(Optional.empty())),
                new SecureRandom(),
                List.of(new Subject())));
        made.open();
        return made;
    }

    void restart(long requestMillisMax, long idleMillisMax, int perAddressMax) throws IOException {
        server.close();
        server = started(requestMillisMax, idleMillisMax, perAddressMax);
    }

    @AfterEach
    void stop() {
        server.close();
        metrics.close();
    }

    void assertAlive() throws IOException {
        try (RawHttp http = new RawHttp(server.port())) {
            assertThat(http.ask("GET /health HTTP/1.1\r\nHost: h\r\n\r\n").status())
                    .isEqualTo(200);
            assertThat(http.ask("GET /ready HTTP/1.1\r\nHost: h\r\n\r\n").status())
                    .isEqualTo(200);
        }
    }
}
