package io.hongyan.im.adapter.http;

import io.hongyan.im.core.message.StorageException;
import io.hongyan.protocol.ErrorCode;
import io.javalin.Javalin;
import io.javalin.http.Context;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.BadMessageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every operation has in common: it is refused while the service does not run or too much is asked at once; the
 * caller is known; the body has a limit; the answer has a deadline.
 */
final class Api {
    static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    /** Attribute of a request: the path of its operation. */
    static final String ROUTE = "route";

    private static final Logger LOG = LoggerFactory.getLogger(Api.class);
    private static final int REQUEST_ID_CHARACTERS_MAX = 64;
    private static final int MADE_ID_BYTES = 16;

    private final Authentication authentication;
    private final Executor answering;
    private final SecureRandom random;
    private final int bodyBytesMax;
    private final BodyReader bodies;
    private final long requestMillisMax;
    private final int requestsMax;
    private final Semaphore free;
    private volatile boolean open;

    /**
     * @param answering what answers are written on: a stage may be completed by the thread that stores messages, which
     *     must not wait for the socket of a slow reader
     */
    Api(HttpServer.HttpSettings settings, Authentication authentication, Executor answering, SecureRandom random) {
        this.authentication = authentication;
        this.answering = answering;
        this.random = random;
        this.bodyBytesMax = settings.bodyBytesMax();
        this.bodies = new BodyReader(bodyBytesMax, System::nanoTime);
        this.requestMillisMax = settings.requestMillisMax();
        this.requestsMax = settings.requestsMax();
        this.free = new Semaphore(requestsMax);
    }

    void open(boolean nowOpen) {
        open = nowOpen;
    }

    int openRequests() {
        return requestsMax - free.availablePermits();
    }

    void addTo(Javalin server, RouteTable table) {
        for (RouteTable.Route route : table.all()) {
            Operation operation = route.operation();
            server.addHttpHandler(operation.method(), operation.path(), context -> handle(context, route));
        }
    }

    private void handle(Context context, RouteTable.Route route) {
        context.attribute(ROUTE, route.operation().path());
        if (!open) {
            throw Problem.unavailable();
        }
        if (!free.tryAcquire()) {
            throw new Problem(ErrorCode.RATE_LIMITED, "The server answers " + requestsMax + " requests already.");
        }
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        reply.whenComplete((done, trouble) -> free.release());
        try {
            begin(context, route, reply);
        } catch (RuntimeException trouble) {
            reply.completeExceptionally(trouble);
        }
        reply.orTimeout(requestMillisMax, TimeUnit.MILLISECONDS);
        context.future(() -> reply.handleAsync(
                (given, trouble) -> {
                    answer(context, route.operation(), given, trouble);
                    return null;
                },
                answering));
    }

    private void begin(Context context, RouteTable.Route route, CompletableFuture<Reply> reply) {
        Operation operation = route.operation();
        String header = context.header("Authorization");
        if (header == null && !operation.access().isOpen()) {
            // Before the body is read.
            authentication.caller(null, operation.access()).whenComplete((none, refused) -> {
                reply.completeExceptionally(refused);
            });
            return;
        }
        byte[] body = operation.body() == null ? new byte[0] : readBody(context);
        String givenId = operation.changes() ? requestId(context) : null;
        String requestId = givenId == null ? madeId() : givenId;
        Map<String, String> path = context.pathParamMap();
        Map<String, String> query = query(context);
        authentication
                .caller(header, operation.access())
                .thenCompose(caller ->
                        carryOut(route, new ApiRequest(caller, path, query, body, requestId, givenId != null)))
                .whenComplete((given, trouble) -> {
                    if (trouble == null) {
                        reply.complete(given);
                    } else {
                        reply.completeExceptionally(trouble);
                    }
                });
    }

    private static CompletionStage<Reply> carryOut(RouteTable.Route route, ApiRequest request) {
        return route.handler().answer(request);
    }

    /** Of a parameter that is there twice, the first. */
    private static Map<String, String> query(Context context) {
        Map<String, String> query = new HashMap<>();
        context.queryParamMap().forEach((name, values) -> {
            // Javalin leaves out what it cannot decode.
            if (values.isEmpty()) {
                throw Problem.malformed("A parameter after the question mark is not encoded as it must be.");
            }
            query.put(name, values.get(0));
        });
        return query;
    }

    private byte[] readBody(Context context) {
        try {
            byte[] body = bodies.read(context.bodyInputStream(), context.req().getContentLengthLong());
            if (body.length > bodyBytesMax) {
                throw new Problem(ErrorCode.TOO_LARGE, "The body may have at most " + bodyBytesMax + " bytes.");
            }
            return body;
        } catch (IOException | BadMessageException broken) {
            throw Problem.malformed("The body ended early or came too slowly.");
        }
    }

    /** Null where there is none. */
    private static String requestId(Context context) {
        String id = context.header(IDEMPOTENCY_KEY);
        if (id == null) {
            return null;
        }
        if (id.isEmpty()
                || id.length() > REQUEST_ID_CHARACTERS_MAX
                || !id.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw Problem.malformed("The header " + IDEMPOTENCY_KEY + " takes 1-" + REQUEST_ID_CHARACTERS_MAX
                    + " printable ASCII characters without spaces.");
        }
        return id;
    }

    private String madeId() {
        byte[] id = new byte[MADE_ID_BYTES];
        random.nextBytes(id);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(id);
    }

    private void answer(Context context, Operation operation, Reply given, Throwable trouble) {
        if (trouble != null) {
            problem(context, trouble).answer(context);
        } else if (given.body() instanceof String text) {
            context.status(operation.status()).contentType("text/plain").result(text);
        } else {
            context.status(operation.status()).contentType("application/json").result(JsonBody.write(given.body()));
        }
    }

    private Problem problem(Context context, Throwable trouble) {
        Throwable cause = trouble;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof Problem problem) {
            return problem;
        }
        if (cause instanceof TimeoutException) {
            return new Problem(
                    ErrorCode.UNAVAILABLE,
                    "There was no answer within " + requestMillisMax + " ms; ask again with the same " + IDEMPOTENCY_KEY
                            + ".");
        }
        if (cause instanceof StorageException) {
            LOG.warn("{} {} failed: {}", context.method(), context.matchedPath(), cause.getMessage());
        } else {
            LOG.error("{} {} failed", context.method(), context.matchedPath(), cause);
        }
        return Problem.unavailable();
    }
}
