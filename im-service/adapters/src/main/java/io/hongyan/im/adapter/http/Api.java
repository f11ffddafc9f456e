package io.hongyan.im.adapter.http;

import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.work.FairBudget;
import io.hongyan.protocol.ErrorCode;
import io.hongyan.runtime.FatalErrors;
import io.hongyan.runtime.RateLimitedLog;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every operation has in common: it is refused while the service does not run; the caller is known before the body is
 * read; it is refused while too much is asked at once; the answer has a deadline.
 */
final class Api {
    static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    private static final Logger LOG = LoggerFactory.getLogger(Api.class);
    private static final int REQUEST_ID_CHARACTERS_MAX = 64;
    private static final int MADE_ID_BYTES = 16;
    /** Of a body that nobody reads: some clients always send one, such as {@code {}}. */
    private static final int UNREAD_BODY_BYTES_MAX = 1_024;

    private final Authentication authentication;
    private final Executor work;
    private final SecureRandom random;
    private final int bodyBytesMax;
    private final long requestMillisMax;
    private final int requestsMax;
    private final int requestsPerSecondMax;
    private final int keyRequestsPerSecondMax;
    /** By caller. */
    private final FairBudget underWay;

    private final CallerRates rates;
    private final LongAdder tooMany = new LongAdder();

    private final RateLimitedLog log = new RateLimitedLog(LOG::warn);
    private volatile boolean open;

    /**
     * @param work reads bodies and writes answers as JSON: neither is for an event loop, nor for the thread that stores
     *     messages, which may complete a reply. It takes two tasks for each request under way.
     */
    Api(
            HttpServer.HttpSettings settings,
            Authentication authentication,
            Executor work,
            SecureRandom random,
            LongSupplier nanoTime) {
        this.authentication = authentication;
        this.work = work;
        this.random = random;
        this.bodyBytesMax = settings.bodyBytesMax();
        this.requestMillisMax = settings.requestMillisMax();
        this.requestsMax = settings.requestsMax();
        this.requestsPerSecondMax = settings.requestsPerSecondMax();
        this.keyRequestsPerSecondMax = settings.keyRequestsPerSecondMax();
        this.underWay = new FairBudget(requestsMax);
        this.rates = new CallerRates(nanoTime);
    }

    void open(boolean nowOpen) {
        open = nowOpen;
    }

    long openRequests() {
        return underWay.held();
    }

    /** Requests refused because their caller asks too often. */
    long refusedAsTooOften() {
        return rates.refused();
    }

    /** Requests refused because too many are under way. */
    long refusedAsTooMany() {
        return tooMany.sum();
    }

    void addTo(Router router, RouteTable table) {
        for (RouteTable.Route route : table.all()) {
            router.add(
                    route.operation().method().name(),
                    route.operation().path(),
                    (path, query, headers) -> new Call(route, path, query, headers));
        }
    }

    /** One request. Its fields are set by {@link #admit} before {@link #answer}, which may be on another thread. */
    private final class Call implements HttpCall {
        private final RouteTable.Route route;
        private final Map<String, String> path;
        private final Map<String, String> query;
        private final Router.HeaderLookup headers;
        private volatile Caller caller;

        Call(RouteTable.Route route, Map<String, String> path, Map<String, String> query, Router.HeaderLookup headers) {
            this.route = route;
            this.path = path;
            this.query = query;
            this.headers = headers;
        }

        @Override
        public String route() {
            return route.operation().path();
        }

        @Override
        public CompletionStage<Void> admit(String address) {
            if (!open) {
                throw Problem.unavailable();
            }
            return authentication
                    .caller(headers.get("Authorization"), route.operation().access(), address)
                    .thenAccept(known -> {
                        caller = known;
                        int perSecondMax =
                                known instanceof Caller.Business ? keyRequestsPerSecondMax : requestsPerSecondMax;
                        if (!rates.take(known.name(), perSecondMax)) {
                            throw new Problem(
                                    ErrorCode.RATE_LIMITED,
                                    "This caller may send " + perSecondMax + " requests in a second.");
                        }
                        if (route.operation().body() != null) {
                            BodyForm.check(headers);
                        }
                    })
                    .exceptionallyCompose(trouble -> CompletableFuture.failedFuture(problem(trouble)));
        }

        @Override
        public int bodyBytesMax() {
            return route.operation().body() == null ? Math.min(UNREAD_BODY_BYTES_MAX, bodyBytesMax) : bodyBytesMax;
        }

        @Override
        public CompletionStage<HttpAnswer> answer(byte[] body) {
            String name = caller.name();
            if (!underWay.take(name, 1)) {
                tooMany.increment();
                throw new Problem(
                        ErrorCode.RATE_LIMITED,
                        "The server answers " + requestsMax
                                + " requests at once, and of one caller no more than are free.");
            }
            CompletableFuture<Reply> reply = new CompletableFuture<>();
            // What was taken is given back before the answer leaves: who has it may ask again at once.
            CompletableFuture<Reply> freed = reply.whenComplete((done, trouble) -> underWay.giveBack(name, 1));
            try {
                work.execute(() -> carryOut(body, reply));
            } catch (RejectedExecutionException full) {
                // Requests that were given up may still be in the way.
                reply.completeExceptionally(Problem.unavailable());
            }
            reply.orTimeout(requestMillisMax, TimeUnit.MILLISECONDS);
            // Trouble is told without the threads that may be its cause.
            return freed.thenApplyAsync(this::written, work)
                    .exceptionally(trouble -> problem(trouble).answer());
        }

        private void carryOut(byte[] body, CompletableFuture<Reply> reply) {
            try {
                String givenId = route.operation().changes() ? givenId() : null;
                String requestId = givenId == null ? madeId() : givenId;
                route.handler()
                        .answer(new ApiRequest(caller, path, query, body, requestId, givenId != null))
                        .whenComplete((given, trouble) -> {
                            if (trouble == null) {
                                reply.complete(given);
                            } else {
                                reply.completeExceptionally(trouble);
                            }
                        });
            } catch (Throwable trouble) {
                // Also an error: the thread goes on, and problem() looks at what it was.
                reply.completeExceptionally(trouble);
            }
        }

        /** Null where there is none. */
        private String givenId() {
            String id = headers.get(IDEMPOTENCY_KEY);
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

        private HttpAnswer written(Reply given) {
            Operation operation = route.operation();
            return given.body() instanceof String text
                    ? HttpAnswer.text(operation.success().status(), "text/plain", text)
                    : HttpAnswer.json(operation.success().status(), given.body());
        }

        private Problem problem(Throwable trouble) {
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
                        "There was no answer within " + requestMillisMax + " ms; ask again with the same "
                                + IDEMPOTENCY_KEY + ".");
            }
            Throwable shown = cause;
            FatalErrors.escalate(shown);
            LOG.debug("{} {} failed", route.operation().method(), route(), shown);
            log.count(
                    shown instanceof StorageException
                            ? "requests over HTTP that the storage did not answer"
                            : "requests over HTTP that failed by a mistake",
                    () -> route.operation().method() + " " + route() + ": " + shown + where(shown));
            return Problem.unavailable();
        }
    }

    /** Where a mistake was made; the whole trace is at DEBUG. */
    private static String where(Throwable mistake) {
        StackTraceElement[] trace = mistake.getStackTrace();
        return trace.length == 0 ? "" : " at " + trace[0];
    }

    /** Writes to the log what callers met; to be called every {@link RateLimitedLog#PERIOD_MILLIS}. */
    void summarizeLog() {
        log.summarize();
    }

    private String madeId() {
        byte[] id = new byte[MADE_ID_BYTES];
        random.nextBytes(id);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(id);
    }
}
