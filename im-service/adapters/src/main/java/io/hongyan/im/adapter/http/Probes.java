package io.hongyan.im.adapter.http;

import io.hongyan.protocol.ErrorCode;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * {@code /health}, {@code /ready} and {@code /metrics}. Asking whether the server is ready touches the disk, so it has a thread
 * of its own: no request of the API can keep it, and a disk that hangs keeps nothing else.
 */
final class Probes implements AutoCloseable {
    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final int WAITING_MAX = 32;
    private static final long ANSWER_MILLIS_MAX = 5_000;

    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING_MAX), work -> new Thread(work, "http-probes"));

    void addTo(Router router, Readiness readiness, Metrics metrics) {
        router.add(
                "GET",
                "/health",
                (path, query, headers) -> new Probe(() -> CompletableFuture.completedFuture(
                        HttpAnswer.json(HttpResponseStatus.OK, Map.of("status", "alive")))));
        router.add(
                "GET",
                "/ready",
                (path, query, headers) -> new Probe(() -> asked(() -> readiness(readiness.obstacles()))));
        router.add(
                "GET",
                "/metrics",
                (path, query, headers) -> new Probe(
                        () -> asked(() -> HttpAnswer.text(HttpResponseStatus.OK, PROMETHEUS_TEXT, metrics.scrape()))));
    }

    private CompletionStage<HttpAnswer> asked(Supplier<HttpAnswer> question) {
        try {
            return CompletableFuture.supplyAsync(question, thread)
                    .orTimeout(ANSWER_MILLIS_MAX, TimeUnit.MILLISECONDS)
                    .exceptionallyCompose(trouble -> CompletableFuture.failedFuture(Problem.unavailable()));
        } catch (RejectedExecutionException full) {
            throw new Problem(ErrorCode.RATE_LIMITED, "Too many readiness checks at once; try again later.");
        }
    }

    private static HttpAnswer readiness(List<String> obstacles) {
        return obstacles.isEmpty()
                ? HttpAnswer.json(HttpResponseStatus.OK, Map.of("status", "ready"))
                : HttpAnswer.json(
                        HttpResponseStatus.SERVICE_UNAVAILABLE, Map.of("status", "not ready", "reasons", obstacles));
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private record Probe(Supplier<CompletionStage<HttpAnswer>> question) implements HttpCall {
        @Override
        public String route() {
            return Router.OTHER_ROUTES;
        }

        @Override
        public CompletionStage<Void> admit(String address) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public int bodyBytesMax() {
            return 0;
        }

        @Override
        public CompletionStage<HttpAnswer> answer(byte[] body) {
            return question.get();
        }
    }
}
