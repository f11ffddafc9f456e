package io.hongyan.im.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.adapter.http.RawHttp.Raw;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that send slowly, take nothing, hold much or open many connections, and what others notice of them. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class SlowClientsTest extends HttpOnSocket {
    @Test
    void slowBodiesOfHoldersOfAKeyStopNothing() throws Exception {
        List<RawHttp> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                slow.add(new RawHttp(server.port()).write("POST /v1/things HTTP/1.1\r\n" + AUTHORIZED + SLOW_BODY));
            }
            for (int i = 0; i < 50; i++) {
                slow.add(new RawHttp(server.port()).write("GET /v1/big HTTP/1.1\r\n" + AUTHORIZED + "\r\n"));
                slow.add(new RawHttp(server.port()).write("GET /hea"));
            }
            for (int i = 0; i < 20; i++) {
                for (RawHttp one : slow.subList(0, 100)) {
                    one.write("x");
                }
                assertAlive();
            }
            String json = "{\"text\":\"quick\"}";
            try (RawHttp http = new RawHttp(server.port())) {
                assertThat(http.ask("POST /v1/things HTTP/1.1\r\n" + AUTHORIZED + "Content-Length: " + json.length()
                                        + "\r\n\r\n" + json)
                                .status())
                        .isEqualTo(201);
            }
            assertThat(bodies).containsExactly("quick");
        } finally {
            for (RawHttp one : slow) {
                one.close();
            }
        }
    }

    @Test
    void bodiesOfOneAddressLeaveRoomForThoseOfOthers() throws Exception {
        server.close();
        server = started(20_000, 20_000, 500, 64 << 10);
        List<RawHttp> hoard = new ArrayList<>();
        try {
            String most = "x".repeat(4_000);
            int refused = 0;
            for (int i = 0; i < 60; i++) {
                RawHttp http = new RawHttp(server.port());
                hoard.add(http.write(
                        "POST /v1/things HTTP/1.1\r\n" + AUTHORIZED + "Content-Length: 4001\r\n\r\n" + most));
            }
            Awaitility.await()
                    .atMost(30, TimeUnit.SECONDS)
                    .until(() -> hoard.stream().filter(RawHttp::isAnswered).count() >= 44);
            for (RawHttp one : hoard) {
                if (one.isAnswered()) {
                    assertThat(one.read(false).status()).isEqualTo(429);
                    refused++;
                }
            }
            assertThat(refused).isLessThan(60);
            String json = "{\"text\":\"" + "y".repeat(4_000) + "\"}";
            try (RawHttp other = new RawHttp(server.port(), "127.0.0.2")) {
                assertThat(other.ask("POST /v1/things HTTP/1.1\r\n" + AUTHORIZED + "Content-Length: " + json.length()
                                        + "\r\n\r\n" + json)
                                .status())
                        .isEqualTo(201);
            }
            assertAlive();
        } finally {
            for (RawHttp one : hoard) {
                one.close();
            }
        }
        Awaitility.await()
                .atMost(30, TimeUnit.SECONDS)
                .until(() -> metrics.scrape().contains("hongyan_http_held_bytes 0"));
    }

    @Test
    void anAnswerThatIsMoreThanAnAddressMayHoldIsRefused() throws Exception {
        server.close();
        server = started(20_000, 20_000, 500, 64 << 10);
        try (RawHttp http = new RawHttp(server.port())) {
            assertThat(http.ask("GET /v1/big HTTP/1.1\r\n" + AUTHORIZED + "\r\n")
                            .status())
                    .isEqualTo(503);
            assertThat(http.ask("GET /v1/things/a HTTP/1.1\r\n" + AUTHORIZED + "\r\n")
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void aDiskThatHangsKeepsOnlyTheQuestionWhetherTheServerIsReady() throws Exception {
        disk = new CountDownLatch(1);
        List<RawHttp> asking = new ArrayList<>();
        try {
            for (int i = 0; i < 10; i++) {
                asking.add(new RawHttp(server.port()).write("GET /ready HTTP/1.1\r\nHost: h\r\n\r\n"));
            }
            for (int i = 0; i < 10; i++) {
                try (RawHttp http = new RawHttp(server.port())) {
                    assertThat(http.ask("GET /health HTTP/1.1\r\nHost: h\r\n\r\n")
                                    .status())
                            .isEqualTo(200);
                    assertThat(http.ask("GET /v1/things/a HTTP/1.1\r\n" + AUTHORIZED + "\r\n")
                                    .status())
                            .isEqualTo(200);
                }
            }
            disk.countDown();
            for (RawHttp one : asking) {
                // The question has a time limit of its own.
                assertThat(one.read(false).status()).isIn(200, 503);
            }
            assertAlive();
        } finally {
            disk.countDown();
            for (RawHttp one : asking) {
                one.close();
            }
        }
    }

    @Test
    void whoeverAsksForMetricsKeepsNobodyFromAskingWhetherTheServerIsReady() throws Exception {
        CountDownLatch rendered = new CountDownLatch(1);
        metrics.gauge("test_that_hangs", "Waits.", () -> {
            try {
                rendered.await();
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            }
            return 1;
        });
        List<RawHttp> asking = new ArrayList<>();
        try {
            for (int i = 0; i < 60; i++) {
                asking.add(new RawHttp(server.port()).write("GET /metrics HTTP/1.1\r\nHost: h\r\n\r\n"));
            }
            for (int i = 0; i < 10; i++) {
                assertAlive();
            }
            rendered.countDown();
            for (RawHttp one : asking) {
                // The question has a time limit of its own.
                assertThat(one.read(false).status()).isIn(200, 503);
            }
        } finally {
            rendered.countDown();
            for (RawHttp one : asking) {
                one.close();
            }
        }
    }

    @Test
    void metricsAreForThoseWhoWatchOverTheServer() throws Exception {
        try (RawHttp own = new RawHttp(server.port());
                RawHttp stranger = new RawHttp(server.port(), HttpOnPort.STRANGER)) {
            String asked = " /metrics HTTP/1.1\r\nHost: h\r\n\r\n";
            assertThat(own.ask("GET" + asked).status()).isEqualTo(200);
            Raw refused = stranger.ask("GET" + asked);
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.body()).contains("http.metrics_networks").doesNotContain("hongyan_");
            assertThat(stranger.ask("HEAD" + asked).status()).isEqualTo(403);
            assertThat(stranger.ask("GET /ready HTTP/1.1\r\nHost: h\r\n\r\n").status())
                    .isEqualTo(200);
        }
    }

    @Test
    void aRequestThatTricklesInIsGivenUpAtItsDeadline() throws Exception {
        restart(500, 60_000, 500);
        for (String begin : List.of(
                "POST /v1/things HTTP/1.1\r\n" + AUTHORIZED + SLOW_BODY,
                "POST /v1/things HTTP/1.1\r\n" + AUTHORIZED + "Transfer-Encoding: chunked\r\n\r\n5\r\n",
                "GET /health HTTP/1.1\r\nHost: ")) {
            try (RawHttp http = new RawHttp(server.port())) {
                http.write(begin);
                Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> {
                    http.write(begin.contains("chunked") ? "" : "x");
                    return http.isAnswered();
                });
                Raw answer = http.read(false);
                assertThat(answer.status()).as(begin).isEqualTo(408);
                assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
                assertThat(http.closed()).isTrue();
            }
        }
        assertThat(bodies).isEmpty();
    }

    @Test
    void whoSendsNothingOrTakesNothingIsClosed() throws Exception {
        restart(60_000, 5_000, 500);
        try (RawHttp reader = RawHttp.narrow(server.port()).write("GET /v1/big HTTP/1.1\r\n" + AUTHORIZED + "\r\n");
                RawHttp silent = new RawHttp(server.port())) {
            Awaitility.await().atMost(30, TimeUnit.SECONDS).until(reader::isAnswered);
            try (RawHttp kept = new RawHttp(server.port())) {
                assertThat(kept.ask("GET /health HTTP/1.1\r\nHost: h\r\n\r\n").status())
                        .isEqualTo(200);
                assertThat(silent.closed()).isTrue();
                assertThat(kept.closed()).isTrue();
                Awaitility.await()
                        .atMost(30, TimeUnit.SECONDS)
                        .until(() -> metrics.scrape().contains("hongyan_http_connections_open 0")
                                && metrics.scrape().contains("hongyan_http_held_bytes 0"));
            }
        }
    }

    @Test
    void whoOpensManyConnectionsLosesHisOldestAndNobodyIsKeptOut() throws Exception {
        restart(60_000, 60_000, 10);
        List<RawHttp> all = new ArrayList<>();
        try {
            for (int i = 0; i < 30; i++) {
                RawHttp http = new RawHttp(server.port());
                all.add(http);
                http.write("POST /v1/things HTTP/1.1\r\n" + AUTHORIZED + SLOW_BODY);
                assertAlive();
            }
            assertThat(all.get(0).closed()).isTrue();
            assertThat(metrics.scrape()).contains("hongyan_http_connections_displaced_total");
        } finally {
            for (RawHttp one : all) {
                one.close();
            }
        }
    }
}
