package io.hongyan.im.adapter.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hongyan.protocol.ErrorCode;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.javalin.router.ParsedEndpoint;
import io.javalin.util.JavalinBindException;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers {@code /health}, {@code /ready}, {@code /metrics} and, once it is opened, the API below {@code /v1}. */
public final class HttpServer implements AutoCloseable {
    static final String DESCRIPTION = "/v1/openapi.json";

    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

    /** Health, readiness, metrics, and what does not exist: one name, so that nobody can make up more. */
    private static final String OTHER_ROUTES = "other";

    private final HttpSettings settings;
    private final QueuedThreadPool threads;
    private final RouteTable table = new RouteTable();
    private final Api api;
    private final Javalin server;

    /** Made when it is asked for first. */
    private ObjectNode description;

    /**
     * Where and with how much the server runs.
     *
     * @param port 0 = any free one
     * @param threadsMax threads that read requests and write answers, at least 2, and two more
     * @param idleMillisMax a connection that is silent for so long is closed
     * @param requestsMax requests of the API under way at the same time; further ones are refused
     * @param bodyBytesMax body of one request
     * @param requestMillisMax from the request to its answer
     */
    public record HttpSettings(
            String host,
            int port,
            int threadsMax,
            long idleMillisMax,
            int requestsMax,
            int bodyBytesMax,
            long requestMillisMax) {}

    /** @param routes the subjects of the API; the parts they work with must be there once {@link #open} is called */
    public HttpServer(
            HttpSettings settings,
            Readiness readiness,
            Metrics metrics,
            Authentication authentication,
            SecureRandom random,
            List<Routes> routes) {
        this.settings = settings;
        this.threads = new QueuedThreadPool(settings.threadsMax() + 2, 3, 60_000);
        this.api = new Api(settings, authentication, threads, random);
        this.server = Javalin.create(config -> {
            configure(config);
            config.requestLogger.http((context, millis) ->
                    metrics.countRequest(context.method().name(), route(context), context.statusCode(), millis));
        });
        server.get("/health", context -> context.json(Map.of("status", "alive")));
        server.get("/ready", context -> answerReadiness(context, readiness.obstacles()));
        server.get("/metrics", context -> context.contentType(PROMETHEUS_TEXT).result(metrics.scrape()));
        routes.forEach(subject -> subject.addTo(table));
        addDescription();
        api.addTo(server, table);
        answerErrorsAsProblems();
        metrics.gauge("http_requests_open", "Requests of the API under way", api::openRequests);
    }

    private void addDescription() {
        Operation operation =
                Operation.get(DESCRIPTION, "Gives this description.").gives(HttpStatus.OK, JsonNode.class);
        table.add(operation, request -> CompletableFuture.completedFuture(new Reply(description())));
    }

    private synchronized ObjectNode description() {
        if (description == null) {
            description = OpenApi.describe(table.operations());
        }
        return description;
    }

    private static String route(Context context) {
        String route = context.attribute(Api.ROUTE);
        return route == null ? OTHER_ROUTES : route;
    }

    /** Every operation there is. */
    List<Operation> operations() {
        return table.operations();
    }

    /** Method and path of everything below {@code /v1} that is answered. */
    List<String> registered() {
        return server.unsafeConfig().pvt.internalRouter.allHttpHandlers().stream()
                .map(ParsedEndpoint::getEndpoint)
                .filter(endpoint -> endpoint.getPath().startsWith("/v1"))
                .map(endpoint -> endpoint.getMethod().name() + ' ' + endpoint.getPath())
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
        try {
            server.start(settings.host(), settings.port());
        } catch (JavalinBindException unable) {
            throw new IOException(
                    "cannot listen for HTTP on " + settings.host() + ':' + settings.port() + ": "
                            + (unable.getCause() == null ? unable : unable.getCause()).getMessage(),
                    unable);
        }
    }

    /** The port it listens on. */
    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.stop();
    }

    private void configure(JavalinConfig config) {
        config.showJavalinBanner = false;
        config.startupWatcherEnabled = false;
        config.http.prefer405over404 = true;
        threads.setName("http");
        config.jetty.threadPool = threads;
        // No grace: idle keep-alive connections would use it up.
        config.jetty.modifyServer(jetty -> jetty.setStopTimeout(0));
        config.jetty.addConnector((jetty, http) -> {
            // One acceptor and one selector are plenty beside so few threads.
            ServerConnector connector = new ServerConnector(jetty, 1, 1, new HttpConnectionFactory(http));
            connector.setHost(settings.host());
            connector.setPort(settings.port());
            connector.setIdleTimeout(settings.idleMillisMax());
            return connector;
        });
    }

    private void answerErrorsAsProblems() {
        server.exception(Problem.class, (problem, context) -> problem.answer(context));
        server.exception(Exception.class, (trouble, context) -> {
            LOG.error("{} {} failed", context.method(), context.path(), trouble);
            Problem.unavailable().answer(context);
        });
        server.error(
                HttpStatus.NOT_FOUND,
                context -> unlessAnswered(
                        context, new Problem(ErrorCode.UNKNOWN_METHOD, "There is nothing at this path.")));
        server.error(
                HttpStatus.METHOD_NOT_ALLOWED,
                context -> unlessAnswered(
                        context,
                        new Problem(
                                ErrorCode.UNKNOWN_METHOD,
                                HttpStatus.METHOD_NOT_ALLOWED,
                                "This path does not take this method.")));
    }

    private static void unlessAnswered(Context context, Problem problem) {
        String type = context.res().getContentType();
        if (type == null || !type.startsWith(Problem.CONTENT_TYPE)) {
            problem.answer(context);
        }
    }

    private static void answerReadiness(Context context, List<String> obstacles) {
        if (obstacles.isEmpty()) {
            context.json(Map.of("status", "ready"));
        } else {
            context.status(HttpStatus.SERVICE_UNAVAILABLE).json(Map.of("status", "not ready", "reasons", obstacles));
        }
    }
}
