package io.hongyan.im.adapter.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hongyan.im.core.work.FairBudget;
import io.hongyan.settings.Setting;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpResponseStatus;
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

    private final RouteTable table = new RouteTable();
    private final ThreadPoolExecutor work;
    private final Probes probes;
    private final Api api;
    private final HttpPipeline connections;

    /** Made when it is asked for first. */
    private ObjectNode description;

    /** With how much the server runs. */
    public record HttpSettings(
            @Setting(
                    value = "Threads that read requests and write answers; sockets and health checks have their own.",
                    defaultValue = "8",
                    min = 1,
                    max = 1000)
            int threadsMax,

            @Setting(
                    value = "A connection is closed that waits so long for its next request, or for its client to"
                            + " read an answer.",
                    defaultValue = "30_000",
                    unit = "ms",
                    min = 100,
                    max = 3_600_000)
            long idleMillisMax,

            @Setting(
                    value = "API requests at once, and of one caller no more than are free; further ones are refused.",
                    defaultValue = "256",
                    min = 1,
                    max = 100_000)
            int requestsMax,

            @Setting(
                    value = "API requests in a second of one user, or of one address where nobody is asked who it is;"
                            + " further ones are refused. 0 = no limit.",
                    defaultValue = "1_000",
                    max = 1_000_000)
            int requestsPerSecondMax,

            @Setting(
                    value = "API requests in a second with one key; further ones are refused. 0 = no limit.",
                    defaultValue = "0",
                    max = 1_000_000)
            int keyRequestsPerSecondMax,

            @Setting(
                    value = "Body of one API request.",
                    defaultValue = "1_048_576",
                    unit = "bytes",
                    min = 1024,
                    max = 64 << 20)
            int bodyBytesMax,

            @Setting(
                    value = "Time to receive a request, else 408; and the same time to answer it, else 503.",
                    defaultValue = "10_000",
                    unit = "ms",
                    min = 100,
                    max = 600_000)
            long requestMillisMax,

            @Setting(
                    value = "Open connections. Above that, the connection that waited longest for its client is"
                            + " closed, of the address with the most connections.",
                    defaultValue = "2_000",
                    min = 8,
                    max = 1_000_000)
            int connectionsMax,

            @Setting(
                    value = "Open connections from one address; above that, the one that waited longest for its"
                            + " client is closed.",
                    defaultValue = "500",
                    min = 1,
                    max = 1_000_000)
            int connectionsPerAddressMax,

            @Setting(
                    value = "Bodies and answers in memory for all clients; of one address no more than is free.",
                    defaultValue = "67_108_864",
                    unit = "bytes",
                    min = 1 << 20,
                    max = Long.MAX_VALUE)
            long heldBytesMax) {}

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
        this.work = workers(settings);
        this.api = new Api(settings, authentication, work, random, System::nanoTime);
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
        this.connections = new HttpPipeline(shared);
        this.probes = new Probes(readiness, metrics, System::nanoTime);
        probes.addTo(router);
        routes.forEach(subject -> subject.addTo(table));
        addDescription();
        api.addTo(router, table);
        metrics.gauge("http_requests_open", "Requests of the API under way", api::openRequests);
        metrics.counter(
                "http_requests_refused_total{reason=\"rate\"}",
                "Requests of the API refused, by reason",
                api::refusedAsTooOften);
        metrics.counter(
                "http_requests_refused_total{reason=\"share\"}",
                "Requests of the API refused, by reason",
                api::refusedAsTooMany);
        metrics.gauge("http_connections_open", "Open connections", shared.connections()::open);
        metrics.gauge("http_held_bytes", "Bodies and answers that are held for clients", shared.memory()::held);
        metrics.counter(
                "http_connections_failed_total",
                "Connections closed because serving them ended in an error",
                shared.connections()::failed);
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
        Operation operation = Operation.get("getOpenApi", DESCRIPTION, "Returns this description.")
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
     * Serves a connection that somebody else has accepted.
     *
     * @param pipeline of a channel that does not read by itself ({@code AUTO_READ} off); what is there stays in front
     * @param address of the client, without port, as limits by address are to take it
     * @param monitoring whether the client may read {@code /metrics}
     */
    public void serve(ChannelPipeline pipeline, String address, boolean monitoring) {
        connections.install(pipeline, address, monitoring);
    }

    /** Writes to the log what callers met; to be called every {@link io.hongyan.runtime.RateLimitedLog#PERIOD_MILLIS}. */
    public void summarizeLog() {
        api.summarizeLog();
    }

    @Override
    public void close() {
        connections.close();
        work.shutdownNow();
        probes.close();
    }
}
