package io.hongyan.im.adapter.http;

import io.hongyan.protocol.ClientId;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.javalin.util.JavalinBindException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers {@code /health}, {@code /ready}, {@code /metrics} and, where it is allowed, {@code /v1/dev/token}. */
public final class HttpServer implements AutoCloseable {
    /** For how long a development token may be good: ten years. */
    static final long TTL_SECONDS_MAX = 10L * 365 * 86_400;

    private static final long TTL_SECONDS_DEFAULT = 30L * 86_400;

    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final HttpSettings settings;
    private final Javalin server;

    /**
     * Where and with how much the server runs.
     *
     * @param port 0 = any free one
     * @param threadsMax requests answered at the same time, at least 2, and two threads more
     * @param idleMillisMax a connection that is silent for so long is closed
     */
    public record HttpSettings(String host, int port, int threadsMax, long idleMillisMax) {}

    /** @param tokens null where no tokens are given out */
    public HttpServer(HttpSettings settings, Readiness readiness, Metrics metrics, DevelopmentTokens tokens) {
        this.settings = settings;
        this.server = Javalin.create(this::configure);
        server.get("/health", context -> context.json(Map.of("status", "alive")));
        server.get("/ready", context -> answerReadiness(context, readiness.obstacles()));
        server.get("/metrics", context -> context.contentType(PROMETHEUS_TEXT).result(metrics.scrape()));
        if (tokens != null) {
            // The token alone, so that a shell can use the answer as it comes.
            server.post(
                    "/v1/dev/token",
                    context -> context.contentType("text/plain").result(issue(context, tokens)));
        }
        answerErrorsAsProblems();
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
        config.http.maxRequestSize = 65_536;
        QueuedThreadPool threads = new QueuedThreadPool(settings.threadsMax() + 2, 3, 60_000);
        threads.setName("http");
        config.jetty.threadPool = threads;
        // No grace: idle keep-alive connections would use it up.
        config.jetty.modifyServer(jetty -> jetty.setStopTimeout(0));
        config.jetty.addConnector((jetty, http) -> {
            // One acceptor and one selector are plenty for what operators and scrapers ask.
            ServerConnector connector = new ServerConnector(jetty, 1, 1);
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
            new Problem(HttpStatus.SERVICE_UNAVAILABLE, "The service cannot answer now; try again.").answer(context);
        });
        server.error(
                HttpStatus.NOT_FOUND,
                context -> new Problem(HttpStatus.NOT_FOUND, "There is nothing at this path.").answer(context));
        server.error(
                HttpStatus.METHOD_NOT_ALLOWED,
                context -> new Problem(HttpStatus.METHOD_NOT_ALLOWED, "This path does not take this method.")
                        .answer(context));
    }

    private static void answerReadiness(Context context, List<String> obstacles) {
        if (obstacles.isEmpty()) {
            context.json(Map.of("status", "ready"));
        } else {
            context.status(HttpStatus.SERVICE_UNAVAILABLE).json(Map.of("status", "not ready", "reasons", obstacles));
        }
    }

    private static String issue(Context context, DevelopmentTokens tokens) {
        String uid = name(context, "uid");
        if (uid == null) {
            throw badRequest("The parameter uid is missing.");
        }
        return tokens.issue(uid, name(context, "dev"), name(context, "plt"), ttlSeconds(context));
    }

    private static String name(Context context, String parameter) {
        String value = context.queryParam(parameter);
        if (value != null && !ClientId.isName(value)) {
            throw badRequest("The parameter " + parameter + " takes 1-" + ClientId.NAME_MAX
                    + " letters, digits and _ . @ - only.");
        }
        return value;
    }

    private static long ttlSeconds(Context context) {
        String value = context.queryParam("ttl_seconds");
        if (value == null) {
            return TTL_SECONDS_DEFAULT;
        }
        try {
            long seconds = Long.parseLong(value);
            if (seconds >= 1 && seconds <= TTL_SECONDS_MAX) {
                return seconds;
            }
        } catch (NumberFormatException notANumber) {
            // Answered below like a number out of range.
        }
        throw badRequest("The parameter ttl_seconds takes a number from 1 to " + TTL_SECONDS_MAX + ".");
    }

    private static Problem badRequest(String detail) {
        return new Problem(HttpStatus.BAD_REQUEST, detail);
    }
}
