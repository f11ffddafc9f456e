package io.hongyan.im.adapter.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.hongyan.im.core.hint.Hint;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.starters.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a real HTTP server that behaves well and badly. */
@Timeout(60)
final class WebhookHintsTest {
    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** For an answer that comes. */
    private static final long PATIENCE_MILLIS = 20_000;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Deque<Request> requests = new ConcurrentLinkedDeque<>();
    private final BlockingQueue<Request> arrived = new LinkedBlockingQueue<>();
    private final Deque<Answer> answers = new ConcurrentLinkedDeque<>();
    private volatile Answer standard = status(204);
    private HttpServer server;
    private WebhookHints webhook;

    private record Request(String timestamp, String signature, byte[] body, String path) {}

    /** How the server takes a request. */
    private interface Answer {
        void give(HttpExchange exchange) throws IOException, InterruptedException;
    }

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    @AfterEach
    void stop() {
        if (webhook != null) {
            webhook.close();
        }
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        Request request = new Request(
                exchange.getRequestHeaders().getFirst("Hongyan-Timestamp"),
                exchange.getRequestHeaders().getFirst("Hongyan-Signature"),
                exchange.getRequestBody().readAllBytes(),
                exchange.getRequestURI().getPath());
        requests.add(request);
        arrived.add(request);
        Answer next = answers.poll();
        try (exchange) {
            (next == null ? standard : next).give(exchange);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static Answer status(int status) {
        return exchange -> exchange.sendResponseHeaders(status, -1);
    }

    @Test
    void aHintIsPostedAsJsonWithASignatureOverTimeAndBody() throws Exception {
        start(2, 10, 100, 4, PATIENCE_MILLIS);
        webhook.send(new Hint("bob", 3, 17, Conversation.direct("alice", "bob"), "alice", 1_800_000_000_123L));
        Request request = next();
        assertThat(JSON.readTree(request.body)).isEqualTo(JSON.readTree("""
                        {"hints": [{"uid": "bob", "inboxSeq": "17", "undelivered": 3,
                          "peer": {"kind": "DIRECT", "id": "alice"}, "from": "alice", "sentAt": "1800000000123"}]}
                        """));
        assertThat(request.path).isEqualTo("/hook");
        assertThat(request.signature)
                .isEqualTo(Signature.of(SECRET, Long.parseLong(request.timestamp), request.body))
                .isNotEqualTo(Signature.of(SECRET, Long.parseLong(request.timestamp) + 1, request.body));
        awaitCount(WebhookCounter.ACCEPTED, 1);
    }

    /** printf '1800000000000.{}' | openssl dgst -sha256 -hmac key */
    @Test
    void theSignatureIsThatOfOtherPrograms() {
        assertThat(Signature.of(
                        "key".getBytes(StandardCharsets.US_ASCII),
                        1_800_000_000_000L,
                        "{}".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo("v1=d421125cd9a727c53f17874455bc2344c1d4eed20d51bcdd406e7452e05f24a1");
    }

    @Test
    void whatWaitsTogetherGoesTogether() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        answers.add(exchange -> {
            release.await();
            exchange.sendResponseHeaders(200, -1);
        });
        start(1, 10, 100, 4, PATIENCE_MILLIS);
        send(1, 1);
        next();
        send(2, 26);
        release.countDown();
        List<Integer> sizes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            sizes.add(JSON.readTree(next().body).get("hints").size());
        }
        assertThat(sizes).containsExactly(10, 10, 5);
        awaitCount(WebhookCounter.ACCEPTED, 26);
    }

    @Test
    void noMoreRequestsThanAllowedAreUnderWay() throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        standard = exchange -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            now.decrementAndGet();
            exchange.sendResponseHeaders(200, -1);
        };
        start(3, 1, 10_000, 4, PATIENCE_MILLIS);
        send(1, 200);
        awaitCount(WebhookCounter.ACCEPTED, 200);
        assertThat(most.get()).isBetween(1, 3);
    }

    @Test
    void aFailedRequestIsMadeAgainWithAFreshSignature() throws Exception {
        answers.add(status(503));
        answers.add(exchange -> {
            // Closed without an answer.
        });
        answers.add(status(429));
        start(1, 10, 100, 4, PATIENCE_MILLIS);
        send(1, 1);
        Request first = next();
        next();
        next();
        Request last = next();
        assertThat(last.body).isEqualTo(first.body);
        assertThat(last.signature).isEqualTo(Signature.of(SECRET, Long.parseLong(last.timestamp), last.body));
        awaitCount(WebhookCounter.ACCEPTED, 1);
        assertThat(webhook.counters().value(WebhookCounter.FAILURES)).isEqualTo(3);
        assertThat(webhook.counters().value(WebhookCounter.GIVEN_UP)).isZero();
    }

    @Test
    void afterTheLastAttemptTheHintsAreDropped() throws Exception {
        for (int i = 0; i < 4; i++) {
            answers.add(status(500));
        }
        start(1, 10, 100, 4, PATIENCE_MILLIS);
        send(1, 1);
        awaitCount(WebhookCounter.GIVEN_UP, 1);
        assertThat(requests).hasSize(4);
        send(2, 2);
        awaitCount(WebhookCounter.ACCEPTED, 1);
    }

    @Test
    void redirectsAreNotFollowedAndRefusalsNotRepeated() throws Exception {
        answers.add(exchange -> {
            exchange.getResponseHeaders().add("Location", "/elsewhere");
            exchange.sendResponseHeaders(307, -1);
        });
        answers.add(status(403));
        start(1, 1, 100, 4, PATIENCE_MILLIS);
        send(1, 3);
        awaitCount(WebhookCounter.ACCEPTED, 1);
        assertThat(requests).hasSize(3).extracting(Request::path).containsOnly("/hook");
        assertThat(webhook.counters().value(WebhookCounter.REDIRECTS)).isEqualTo(1);
        assertThat(webhook.counters().value(WebhookCounter.REFUSALS)).isEqualTo(2);
        assertThat(webhook.counters().value(WebhookCounter.GIVEN_UP)).isEqualTo(2);
    }

    @Test
    void anAnswerThatDoesNotComeOrDoesNotEndIsGivenUp() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        answers.add(exchange -> never.await());
        answers.add(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            while (true) {
                exchange.getResponseBody().write(new byte[1_000]);
                exchange.getResponseBody().flush();
            }
        });
        start(1, 1, 100, 10, 1_000);
        send(1, 1);
        awaitCount(WebhookCounter.ACCEPTED, 1);
        // On a slow machine an attempt may also be given up before the server has it.
        assertThat(webhook.counters().value(WebhookCounter.FAILURES)).isGreaterThanOrEqualTo(2);
        assertThat(answers).isEmpty();
        assertThat(webhook.counters().value(WebhookCounter.GIVEN_UP)).isZero();
        never.countDown();
    }

    @Test
    void aWebhookThatFailsForLongIsLeftAloneAndCostsAQueueOnly() throws Exception {
        standard = status(500);
        start(2, 1, 50, 2, PATIENCE_MILLIS, 5, 200);
        long from = System.nanoTime();
        send(1, 1_000);
        await().atMost(20, TimeUnit.SECONDS).until(() -> webhook.counters().value(WebhookCounter.PAUSES) >= 2);
        assertThat(webhook.waiting()).isLessThanOrEqualTo(50);
        int made = requests.size();
        long pauses = webhook.counters().value(WebhookCounter.PAUSES);
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - from);
        assertThat(made).as("attempts while it failed").isLessThan(10 + (int) pauses);
        assertThat(pauses - 1).as("pauses that are over").isLessThanOrEqualTo(millis / 200);
        assertThat(webhook.counters().value(WebhookCounter.OVERFLOWED)).isGreaterThan(900);

        standard = status(200);
        awaitNothingWaits();
        send(1_001, 1_010);
        awaitNothingWaits();
        long settled = webhook.counters().value(WebhookCounter.OVERFLOWED)
                + webhook.counters().value(WebhookCounter.GIVEN_UP);
        awaitCount(WebhookCounter.ACCEPTED, 1_010 - settled);
        Set<String> seen = new HashSet<>();
        for (Request request : requests) {
            for (JsonNode hint : JSON.readTree(request.body).get("hints")) {
                seen.add(hint.get("uid").asText());
            }
        }
        assertThat(seen)
                .as("the newest are kept")
                .contains("user1000", "user1010")
                .doesNotContain("user500");
    }

    @Test
    void nobodyListeningIsAFailureLikeOthers() throws Exception {
        server.stop(0);
        // One that is not taken while nobody listens.
        int port = FreePorts.draw();
        start(port, 1, 1, 100, 2, PATIENCE_MILLIS, 100, 200);
        send(1, 1);
        awaitCount(WebhookCounter.GIVEN_UP, 1);
        assertThat(webhook.counters().value(WebhookCounter.FAILURES)).isEqualTo(2);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", this::handle);
        server.start();
        send(2, 2);
        awaitCount(WebhookCounter.ACCEPTED, 1);
    }

    @Test
    void afterCloseNothingIsTaken() throws Exception {
        start(1, 1, 100, 2, PATIENCE_MILLIS);
        webhook.close();
        send(1, 10);
        assertThat(webhook.waiting()).isZero();
        assertThat(requests).isEmpty();
    }

    private void start(int requestsMax, int perRequest, int waitingMax, int attemptsMax, long answerMillis) {
        start(requestsMax, perRequest, waitingMax, attemptsMax, answerMillis, 100, 200);
    }

    private void start(
            int requestsMax,
            int perRequest,
            int waitingMax,
            int attemptsMax,
            long answerMillis,
            int failuresMax,
            long pauseMillis) {
        start(
                server.getAddress().getPort(),
                requestsMax,
                perRequest,
                waitingMax,
                attemptsMax,
                answerMillis,
                failuresMax,
                pauseMillis);
    }

    private void start(
            int port,
            int requestsMax,
            int perRequest,
            int waitingMax,
            int attemptsMax,
            long answerMillis,
            int failuresMax,
            long pauseMillis) {
        webhook = new WebhookHints(
                new WebhookSettings(
                        URI.create("http://127.0.0.1:" + port + "/hook"),
                        SECRET,
                        new WebhookLimits(
                                requestsMax,
                                perRequest,
                                waitingMax,
                                PATIENCE_MILLIS,
                                answerMillis,
                                attemptsMax,
                                5,
                                failuresMax,
                                pauseMillis)),
                InstantSource.system());
    }

    private void send(int from, int to) {
        for (int i = from; i <= to; i++) {
            webhook.send(new Hint("user" + i, 1, i, Conversation.group("g"), "alice", 5));
        }
    }

    private Request next() throws InterruptedException {
        Request request = arrived.poll(20, TimeUnit.SECONDS);
        assertThat(request).as("a request came").isNotNull();
        return request;
    }

    private void awaitCount(WebhookCounter counter, long wanted) {
        await().atMost(20, TimeUnit.SECONDS).until(() -> webhook.counters().value(counter) >= wanted);
        assertThat(webhook.counters().value(counter)).isEqualTo(wanted);
    }

    private void awaitNothingWaits() {
        await().atMost(20, TimeUnit.SECONDS).until(() -> webhook.waiting() == 0);
    }
}
