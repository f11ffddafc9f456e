package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.hongyan.im.app.client.ChatClient.Received;
import io.hongyan.im.app.client.PahoClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A webhook that fails in every way, for a long time as tests go, beside users who write to each other. */
@Timeout(240)
final class WebhookTroubleTest {
    private static final int WAITING_MAX = 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** How the webhook answers. */
    private enum Manner {
        REDIRECT,
        SLOW,
        FAIL,
        TAKE
    }

    @TempDir
    Path directory;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch ending = new CountDownLatch(1);
    private final List<String> taken = new CopyOnWriteArrayList<>();
    private final AtomicInteger elsewhere = new AtomicInteger();
    private volatile Manner manner = Manner.REDIRECT;
    private HttpServer webhook;

    @BeforeEach
    void startWebhook() throws IOException {
        webhook = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        webhook.setExecutor(threads);
        webhook.createContext("/hints", this::answer);
        webhook.createContext("/elsewhere", exchange -> elsewhere.incrementAndGet());
        webhook.start();
    }

    @AfterEach
    void stopWebhook() {
        ending.countDown();
        webhook.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode body = JSON.readTree(exchange.getRequestBody());
            switch (manner) {
                case REDIRECT -> {
                    exchange.getResponseHeaders().add("Location", "/elsewhere");
                    exchange.sendResponseHeaders(302, -1);
                }
                case SLOW -> ending.await();
                case FAIL -> exchange.sendResponseHeaders(500, -1);
                case TAKE -> {
                    body.get("hints").forEach(hint -> taken.add(hint.get("uid").asText()));
                    exchange.sendResponseHeaders(204, -1);
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aBadWebhookCostsAQueueOfHintsAndNothingElse() throws Exception {
        try (RunningServer server = RunningServer.start(
                        directory,
                        "HONGYAN_HINTS_WEBHOOK",
                        "http://127.0.0.1:" + webhook.getAddress().getPort() + "/hints",
                        "HONGYAN_HINTS_DELAY_MILLIS",
                        "200",
                        "HONGYAN_HINTS_WAITING_MAX",
                        "" + WAITING_MAX,
                        "HONGYAN_HINTS_HINTS_PER_REQUEST_MAX",
                        "5",
                        "HONGYAN_HINTS_ANSWER_MILLIS_MAX",
                        "200",
                        "HONGYAN_HINTS_ATTEMPTS_MAX",
                        "2",
                        "HONGYAN_HINTS_RETRY_PAUSE_MILLIS",
                        "20",
                        "HONGYAN_HINTS_FAILURES_MAX",
                        "3",
                        "HONGYAN_HINTS_PAUSE_MILLIS",
                        "300");
                PahoClient alice = PahoClient.online(server, "alice:iot:a");
                PahoClient carol = PahoClient.online(server, "carol:iot:c")) {
            people(server, alice, carol, Manner.REDIRECT, () -> server.metric("webhook_redirects_total") > 0);
            long failures = server.metric("webhook_failures_total");
            people(server, alice, carol, Manner.SLOW, () -> server.metric("webhook_failures_total") > failures);
            long pauses = server.metric("webhook_pauses_total");
            people(server, alice, carol, Manner.FAIL, () -> server.metric("webhook_pauses_total") >= pauses + 4);
            assertThat(taken).isEmpty();
            assertThat(elsewhere).hasValue(0);

            manner = Manner.TAKE;
            server.token("last");
            alice.send("last", "last", "are you there?");
            await().atMost(Duration.ofSeconds(20)).until(() -> taken.contains("last"));
            await().atMost(Duration.ofSeconds(20)).until(() -> server.metric("hints_pending") == 0);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> server.metric("hints_given_total")
                            == server.metric("webhook_hints_accepted_total")
                                    + server.metric("webhook_hints_overflowed_total")
                                    + server.metric("webhook_hints_given_up_total"));
            assertThat(server.metric("hints_given_total")).isGreaterThanOrEqualTo(3 * 60 + 1);
            assertThat(server.metric("webhook_waiting")).isZero();
            assertThat(server.metric("webhook_hints_overflowed_total")).isPositive();
        }
    }

    /** Sixty users who are away are written to, and one who is there, until something is seen. */
    private void people(RunningServer server, PahoClient alice, PahoClient carol, Manner wanted, Callable<Boolean> seen)
            throws Exception {
        manner = wanted;
        for (int i = 0; i < 60; i++) {
            String away = wanted.name() + i;
            server.token(away);
            alice.send(away, away, "are you there?");
        }
        int before = carol.inbox().size();
        AtomicInteger sent = new AtomicInteger();
        await().atMost(Duration.ofSeconds(120)).until(() -> {
            String id = wanted.name() + '-' + sent.incrementAndGet();
            alice.send(id, "carol", "you are");
            await().atMost(Duration.ofSeconds(30)).until(() -> carol.inbox().size() == before + sent.get());
            assertThat(carol.inbox()).extracting(Received::id).endsWith(id);
            assertThat(server.metric("webhook_waiting")).isLessThanOrEqualTo(WAITING_MAX);
            server.awaitReady();
            return seen.call();
        });
    }
}
