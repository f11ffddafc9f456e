package io.hongyan.bench.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Accepts what the server posts to a webhook: answers 204 and passes on the body. Bound to loopback, on a free port.
 */
public final class WebhookSink implements AutoCloseable {
    private static final int THREADS = 4;
    private static final int NO_CONTENT = 204;
    private static final int NO_BODY = -1;
    private static final String PATH = "/hints";

    private final JsonMapper json = new JsonMapper();
    private final Consumer<JsonNode> taker;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, work -> {
        Thread thread = new Thread(work, "bench-webhook");
        thread.setDaemon(true);
        return thread;
    });

    /** @param taker called on several threads */
    public WebhookSink(Consumer<JsonNode> taker) {
        this.taker = taker;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext(PATH, this::take);
        server.setExecutor(threads);
        server.start();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + PATH);
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange;
                InputStream body = exchange.getRequestBody()) {
            JsonNode posted = json.readTree(body);
            exchange.sendResponseHeaders(NO_CONTENT, NO_BODY);
            taker.accept(posted);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
