package io.hongyan.im.adapter.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers {@code /health}, {@code /ready}, {@code /metrics} and, once it is opened, the API below {@code /v1}. */
public final class HttpServer implements AutoCloseable {
    static final String DESCRIPTION = "/v1/openapi.json";

    private static final long LINGER_MILLIS = 1_000;
    private static final long IDLE_THREAD_SECONDS = 60;

    private final HttpSettings settings;
    private final RouteTable table = new RouteTable();
    private final ThreadPoolExecutor work;
    private final Probes probes = new Probes();
    private final Api api;
    private final HttpListener listener;

    /** Made when it is asked for first. */
    private ObjectNode description;

    /**
     * Where and with how much the server runs.
     *
     * @param port 0 = any free one
     * @param threadsMax threads that read requests and make answers of the API
     * @param idleMillisMax a connection that waits for its next request, or a client that takes its answer, ends after so long
     * @param requestsMax requests of the API under way at the same time, one caller no more than are free; further ones are
     *     refused
     * @param bodyBytesMax body of one request
     * @param requestMillisMax from the first byte of a request to its last, and from there to its answer
     * @param connectionsMax open connections
     * @param connectionsPerAddressMax of one address
     * @param heldBytesMax bodies and answers that are held, all together; one address no more than is free
     */
    public record HttpSettings(
            String host,
            int port,
            int threadsMax,
            long idleMillisMax,
            int requestsMax,
            int bodyBytesMax,
            long requestMillisMax,
            int connectionsMax,
            int connectionsPerAddressMax,
            long heldBytesMax) {
        /** With usual limits on connections and memory. */
        public HttpSettings(
                String host,
                int port,
                int threadsMax,
                long idleMillisMax,
                int requestsMax,
                int bodyBytesMax,
                long requestMillisMax) {
            this(
                    host,
                    port,
                    threadsMax,
                    idleMillisMax,
                    requestsMax,
                    bodyBytesMax,
                    requestMillisMax,
                    2_000,
                    500,
                    64L << 20);
        }
    }

    /** For no pages of other origins. */
    public HttpServer(
            HttpSettings settings,
            Readiness readiness,
            Metrics metrics,
            Authentication authentication,
            SecureRandom random,
            List<Routes> routes) {
        this(settings, new Browsers(List.of()), readiness, metrics, authentication, random, routes);
    }

    /** @param routes the subjects of the API; the parts they work with must be there once {@link #open} is called */
    public HttpServer(
            HttpSettings settings,
            Browsers browsers,
            Readiness readiness,
            Metrics metrics,
            Authentication authentication,
            SecureRandom random,
            List<Routes> routes) {
        this.settings = settings;
        this.work = workers(settings);
        this.api = new Api(settings, authentication, work, random);
        Router router = new Router();
        HttpShared shared = new HttpShared(
                router,
                browsers,
                new ConnectionTable(settings.connectionsMax(), settings.connectionsPerAddressMax()),
                new FairBudget(settings.heldBytesMax()),
                metrics,
                Clock.systemUTC(),
                System::nanoTime,
                settings.idleMillisMax(),
                settings.requestMillisMax(),
                LINGER_MILLIS);
        this.listener = new HttpListener(shared);
        probes.addTo(router, readiness, metrics);
        routes.forEach(subject -> subject.addTo(table));
        addDescription();
        api.addTo(router, table);
        metrics.gauge("http_requests_open", "Requests of the API under way", api::openRequests);
        metrics.gauge("http_connections_open", "Open connections", shared.connections()::open);
        metrics.gauge("http_held_bytes", "Bodies and answers that are held for clients", shared.memory()::held);
        metrics.counter(
                "http_connections_displaced_total",
                "Connections closed because there were too many",
                shared.connections()::closedForOthers);
    }

    private static ThreadPoolExecutor workers(HttpSettings settings) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor workers = new ThreadPoolExecutor(
                settings.threadsMax(),
                settings.threadsMax(),
                IDLE_THREAD_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(2 * settings.requestsMax()),
                task -> new Thread(task, "http-work-" + number.incrementAndGet()));
        workers.allowCoreThreadTimeOut(true);
        return workers;
    }

    private void addDescription() {
        Operation operation = Operation.get("getOpenApi", DESCRIPTION, "Gives this description.")
                .gives(HttpResponseStatus.OK, JsonNode.class);
        table.add(operation, request -> CompletableFuture.completedFuture(new Reply(description())));
    }

    private synchronized ObjectNode description() {
        if (description == null) {
            description = OpenApi.describe(table.operations());
        }
        return description;
    }

    /** Every operation there is. */
    List<Operation> operations() {
        return table.operations();
    }

    /** Method and path of everything below {@code /v1} that is answered. */
    List<String> registered() {
        return table.operations().stream()
                .map(operation -> operation.method().name() + ' ' + operation.path())
                .toList();
    }

    /** Answers the API from now on; before, and after {@link #stopAnswering}, it is refused with 503. */
    public void open() {
        api.open(true);
    }

    /** Takes no more requests of the API; those under way are answered. */
    public void stopAnswering() {
        api.open(false);
    }

    /**
     * Listens from now on.
     *
     * @throws IOException the address is in use or not of this machine
     */
    public void start() throws IOException {
        listener.start(settings.host(), settings.port());
    }

    /**
     * Serves a connection that somebody else has accepted.
     *
     * @param pipeline of a channel that does not read by itself ({@code AUTO_READ} off); what is there stays in front
     * @param address of the client, without port, as limits by address are to take it
     */
    public void serve(ChannelPipeline pipeline, String address) {
        listener.install(pipeline, address);
    }

    /** Writes to the log what callers met; to be called every {@link io.hongyan.runtime.RateLimitedLog#PERIOD_MILLIS}. */
    public void summarizeLog() {
        api.summarizeLog();
    }

    /** The port it listens on. */
    public int port() {
        return listener.port();
    }

    @Override
    public void close() {
        listener.close();
        work.shutdownNow();
        probes.close();
    }
}
