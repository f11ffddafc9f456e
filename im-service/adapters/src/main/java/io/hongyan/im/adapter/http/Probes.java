package io.hongyan.im.adapter.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * {@code /health}, {@code /ready} and {@code /metrics}. Asking whether the server is ready touches the disk, and the metrics are
 * a long page, so each has a thread of its own: no request of the API can keep them, nor one the other, and a disk that hangs
 * keeps nothing else.
 */
final class Probes implements AutoCloseable {
    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final long READY_PAUSE_MILLIS = 5;
    private static final long METRICS_PAUSE_MILLIS = 100;
    private static final long ANSWER_MILLIS_MAX = 5_000;

    private final SharedAnswer ready;
    private final SharedAnswer page;

    Probes(Readiness readiness, Metrics metrics, LongSupplier nanoTime) {
        ready = new SharedAnswer(
                "http-ready", READY_PAUSE_MILLIS, ANSWER_MILLIS_MAX, nanoTime, () -> readiness(readiness.obstacles()));
        page = new SharedAnswer(
                "http-metrics",
                METRICS_PAUSE_MILLIS,
                ANSWER_MILLIS_MAX,
                nanoTime,
                () -> HttpAnswer.text(HttpResponseStatus.OK, PROMETHEUS_TEXT, metrics.scrape()));
    }

    void addTo(Router router) {
        HttpAnswer alive = HttpAnswer.json(HttpResponseStatus.OK, Map.of("status", "alive"));
        add(router, "/health", false, () -> CompletableFuture.completedFuture(alive));
        add(router, "/ready", false, ready::ask);
        add(router, "/metrics", true, page::ask);
    }

    private static void add(
            Router router, String path, boolean monitoring, Supplier<CompletionStage<HttpAnswer>> question) {
        router.add("GET", path, (parameters, query, headers) -> new Probe(monitoring, question));
    }

    private static HttpAnswer readiness(List<String> obstacles) {
        return obstacles.isEmpty()
                ? HttpAnswer.json(HttpResponseStatus.OK, Map.of("status", "ready"))
                : HttpAnswer.json(
                        HttpResponseStatus.SERVICE_UNAVAILABLE, Map.of("status", "not ready", "reasons", obstacles));
    }

    @Override
    public void close() {
        ready.close();
        page.close();
    }

    private record Probe(boolean monitoring, Supplier<CompletionStage<HttpAnswer>> question) implements HttpCall {
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
