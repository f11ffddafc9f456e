package io.hongyan.im.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hongyan.im.adapter.LogLines;
import io.hongyan.im.adapter.http.RawHttp.Raw;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the server does with bytes on a socket: RFC 9110 and 9112, broken clients. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class HttpSocketTest extends HttpOnSocket {
    @Test
    void headIsGetWithoutABody() throws Exception {
        for (String path : List.of("/health", "/ready", "/v1/things/a", "/nothing", "/v1/things/%zz", "/v1/big")) {
            assertHeadIsGet(path);
        }
        obstacles.add("The disk is full.");
        try (RawHttp http = new RawHttp(server.port())) {
            assertThat(http.ask("HEAD /ready HTTP/1.1\r\nHost: h\r\n\r\n").status())
                    .isEqualTo(503);
        }
        assertHeadIsGet("/ready");
    }

    private void assertHeadIsGet(String path) throws IOException {
        try (RawHttp http = new RawHttp(server.port())) {
            Raw get = http.ask("GET " + path + " HTTP/1.1\r\n" + AUTHORIZED + "\r\n");
            Raw head = http.ask("HEAD " + path + " HTTP/1.1\r\n" + AUTHORIZED + "\r\n");
            assertThat(head.status()).as(path).isEqualTo(get.status());
            assertThat(head.headers().keySet()).isEqualTo(get.headers().keySet());
            assertThat(head.header("Content-Length")).isEqualTo(get.header("Content-Length"));
            assertThat(http.ask("GET /health HTTP/1.1\r\nHost: h\r\n\r\n").body())
                    .as("nothing was sent after the head")
                    .isEqualTo("{\"status\":\"alive\"}");
        }
    }

    @Test
    void aMethodThatAPathDoesNotTakeIsToldWhichItTakes() throws Exception {
        assertThat(allowed("DELETE", "/v1/things", 405)).isEqualTo("OPTIONS, POST");
        assertThat(allowed("HEAD", "/v1/things", 405)).isEqualTo("OPTIONS, POST");
        assertThat(allowed("BREW", "/v1/things/a", 405)).isEqualTo("GET, HEAD, OPTIONS");
        assertThat(allowed("POST", "/ready", 405)).isEqualTo("GET, HEAD, OPTIONS");
        assertThat(allowed("OPTIONS", "/v1/things/a", 204)).isEqualTo("GET, HEAD, OPTIONS");
        assertThat(allowed("OPTIONS", "*", 204)).contains("GET", "POST", "OPTIONS");
        assertThat(allowed("OPTIONS", "/nothing", 404)).isNull();
    }

    private String allowed(String method, String path, int status) throws IOException {
        try (RawHttp http = new RawHttp(server.port())) {
            Raw answer = http.ask(method + ' ' + path + " HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(answer.status()).as(method + ' ' + path).isEqualTo(status);
            return answer.header("Allow");
        }
    }

    @Test
    void whateverIsWrongWithARequestIsAProblem() throws Exception {
        assertProblem(400, "GET /v1/things/%zz HTTP/1.1\r\n" + AUTHORIZED + "\r\n");
        assertProblem(400, "GET /v1/things/%c3%28 HTTP/1.1\r\n" + AUTHORIZED + "\r\n");
        assertProblem(400, "GET /v1/things/a?x=%f HTTP/1.1\r\n" + AUTHORIZED + "\r\n");
        assertProblem(400, "GET /v1/things/\u00e9 HTTP/1.1\r\n" + AUTHORIZED + "\r\n");
        assertProblem(400, "GET nothing HTTP/1.1\r\n" + AUTHORIZED + "\r\n");
        assertProblem(400, "GET /health HTTP/1.1\r\n\r\n");
        assertProblem(400, "GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
        assertProblem(400, "GET /health HTTP/1.1\r\nHost: a\r\nbad header: x\r\n\r\n");
        assertProblem(400, "GET /health HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n");
        assertProblem(400, "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\r\n\r\n");
        assertProblem(400, "GET\r\n\r\n");
        assertProblem(400, "GET /health HTTX/1.1\r\n\r\n");
        assertProblem(505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        assertProblem(404, "GET /nothing HTTP/1.1\r\nHost: h\r\n\r\n");
        assertProblem(414, "GET /" + "x".repeat(9_000) + " HTTP/1.1\r\nHost: h\r\n\r\n");
        assertProblem(431, "GET /health HTTP/1.1\r\nHost: h\r\nX: " + "x".repeat(17_000) + "\r\n\r\n");
        assertProblem(417, "GET /health HTTP/1.1\r\nHost: h\r\nExpect: miracles\r\n\r\n");
    }

    @Test
    void whateverIsWrongWithABodyIsAProblem() throws Exception {
        String post = "POST /v1/things HTTP/1.1\r\n" + AUTHORIZED;
        String json = "{\"text\":\"t\"}";
        String length = "Content-Length: " + json.length() + "\r\n\r\n" + json;
        assertThat(assertProblem(415, post + "Content-Encoding: gzip\r\n" + length)
                        .header("Accept-Encoding"))
                .isEqualTo("identity");
        for (String type :
                List.of("text/xml", "multipart/form-data; boundary=x", "application/json; charset=utf-16", ";")) {
            assertThat(assertProblem(415, post + "Content-Type: " + type + "\r\n" + length)
                            .header("Accept"))
                    .as(type)
                    .isEqualTo("application/json");
        }
        assertProblem(501, post + "Transfer-Encoding: gzip, chunked\r\n\r\n");
        assertProblem(400, post + "Content-Length: x\r\n\r\n");
        assertProblem(400, post + "Content-Length: -1\r\n\r\n");
        assertProblem(400, post + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}");
        assertProblem(400, post + "Transfer-Encoding: chunked\r\n\r\nzz\r\n");
        // Somebody in front may have believed the other one (RFC 9112, section 6.1).
        assertProblem(400, post + "Content-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
        assertProblem(413, post + "Content-Length: 99999999999\r\n\r\n");
        assertProblem(413, post + "Transfer-Encoding: chunked\r\n\r\n1388\r\n" + "x".repeat(5_000) + "\r\n0\r\n\r\n");
        assertProblem(413, "GET /health HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello");
        assertThat(bodies).isEmpty();
        for (String type : List.of("application/json", "Application/JSON; charset=\"UTF-8\"")) {
            try (RawHttp http = new RawHttp(server.port())) {
                assertThat(http.ask(post + "Content-Type: " + type + "\r\n" + length)
                                .status())
                        .isEqualTo(201);
            }
        }
    }

    /** On a socket of its own, so that an answer after the client has gone on sending is seen too. */
    private Raw assertProblem(int status, String request) throws IOException {
        try (RawHttp http = new RawHttp(server.port())) {
            Raw answer = http.ask(request);
            assertThat(answer.status()).as(request).isEqualTo(status);
            assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
            assertThat(answer.headers()).doesNotContainKey("server").containsKey("date");
            JsonNode body = new ObjectMapper().readTree(answer.body());
            assertThat(body.get("status").asInt()).isEqualTo(status);
            assertThat(body.get("detail").asText()).endsWith(".").doesNotContain("Exception", "io.netty");
            return answer;
        }
    }

    @Test
    void whoBreaksConnectionsWritesNothingToTheLog() throws Exception {
        try (LogLines log = new LogLines(HttpConnection.class)) {
            List<Socket> clients = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                Socket client = new Socket("127.0.0.1", server.port());
                clients.add(client);
                client.getOutputStream()
                        .write(("POST /v1/things HTTP/1.1\r\n" + AUTHORIZED + SLOW_BODY)
                                .getBytes(StandardCharsets.US_ASCII));
            }
            awaitOpen(10);
            for (Socket client : clients) {
                // A reset instead of an end.
                client.setSoLinger(true, 0);
                client.close();
            }
            awaitOpen(0);
            assertThat(log.lines()).isEmpty();
        }
    }

    private void awaitOpen(int connections) {
        Awaitility.await()
                .atMost(30, TimeUnit.SECONDS)
                .until(() -> metrics.scrape().contains("\nhongyan_http_connections_open " + connections + ".0"));
    }

    @Test
    void randomBytesNeverHarmTheServer() throws Exception {
        Random random = new Random(20261130);
        String[] parts = {
            "GET ",
            "/health",
            " HTTP/1.1",
            "\r\n",
            "Host: h",
            ":",
            "\u0000",
            "%",
            "?",
            "Content-Length: 3",
            "chunked",
            "Transfer-Encoding: ",
            "\n",
            " ",
            "\u00ff",
            "HEAD ",
            "0\r\n\r\n",
            "POST ",
            "/v1/things",
            "Expect: 100-continue"
        };
        for (int round = 0; round < 300; round++) {
            StringBuilder request = new StringBuilder();
            for (int part = random.nextInt(12); part >= 0; part--) {
                request.append(parts[random.nextInt(parts.length)]);
            }
            try (RawHttp http = new RawHttp(server.port())) {
                http.write(request.toString());
            }
        }
        assertAlive();
    }

    @Test
    void manyRequestsAtOnceAreAnsweredInTheirOrder() throws Exception {
        int many = 2_000;
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < many; i++) {
            requests.append("GET /health HTTP/1.1\r\nHost: h\r\n\r\n");
        }
        requests.append("GET /v1/things/last HTTP/1.1\r\n" + AUTHORIZED + "\r\n");
        try (RawHttp http = new RawHttp(server.port())) {
            CompletableFuture<Void> written = CompletableFuture.runAsync(() -> {
                try {
                    http.write(requests.toString());
                } catch (IOException broken) {
                    throw new java.io.UncheckedIOException(broken);
                }
            });
            for (int i = 0; i < many; i++) {
                assertThat(http.read(false).body()).isEqualTo("{\"status\":\"alive\"}");
            }
            assertThat(http.read(false).body()).isEqualTo("{\"text\":\"last\"}");
            written.join();
        }
    }

    @Test
    void whoMayNotIsToldSoBeforeTheBodyIsRead() throws Exception {
        for (String who : List.of("", "Authorization: Bearer wrong-key-0123456789abcdefghijklmnopq\r\n")) {
            for (String length : List.of("Content-Length: 4000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n")) {
                try (RawHttp http = new RawHttp(server.port())) {
                    Raw answer = http.ask("POST /v1/things HTTP/1.1\r\nHost: h\r\n" + who + length);
                    assertThat(answer.status()).isEqualTo(401);
                    assertThat(answer.header("Connection")).isEqualTo("close");
                    assertThat(http.closed()).isTrue();
                }
            }
        }
    }

    @Test
    void aRefusedClientThatGoesOnSendingStillGetsItsAnswer() throws Exception {
        try (RawHttp http = new RawHttp(server.port())) {
            http.write("POST /v1/things HTTP/1.1\r\nHost: h\r\nContent-Length: 4000\r\n\r\n" + "x".repeat(4_000));
            assertThat(http.read(false).status()).isEqualTo(401);
        }
    }

    @Test
    void whoWaitsToBeAskedForItsBodyIsAsked() throws Exception {
        String json = "{\"text\":\"t\"}";
        try (RawHttp http = new RawHttp(server.port())) {
            Raw goOn = http.ask("POST /v1/things HTTP/1.1\r\n" + AUTHORIZED + "Expect: 100-continue\r\nContent-Length: "
                    + json.length() + "\r\n\r\n");
            assertThat(goOn.status()).isEqualTo(100);
            assertThat(http.ask(json).status()).isEqualTo(201);
        }
        try (RawHttp http = new RawHttp(server.port())) {
            assertThat(http.ask(
                                    "POST /v1/things HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
                            .status())
                    .isEqualTo(401);
        }
    }

    @Test
    void whatFollowsARequestThatWaitedToBeAskedChangesNothingOfItsAnswer() throws Exception {
        String json = "{\"text\":\"t\"}";
        try (RawHttp http = new RawHttp(server.port())) {
            http.write("POST /v1/things HTTP/1.1\r\n" + AUTHORIZED + "Expect: 100-continue\r\nContent-Length: "
                    + json.length() + "\r\n\r\n" + json + "HEAD /health HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(http.read(false).status()).isEqualTo(100);
            assertThat(http.read(false).body()).isEqualTo(json);
            assertThat(http.read(true).status()).isEqualTo(200);
            assertThat(http.ask("GET /health HTTP/1.1\r\nHost: h\r\n\r\n").body())
                    .isEqualTo("{\"status\":\"alive\"}");
        }
    }

    @Test
    void aConnectionEndsAsItsClientAsks() throws Exception {
        try (RawHttp http = new RawHttp(server.port())) {
            assertThat(http.ask("GET /health HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
                            .status())
                    .isEqualTo(200);
            assertThat(http.closed()).isTrue();
        }
        try (RawHttp http = new RawHttp(server.port())) {
            assertThat(http.ask("GET /health HTTP/1.0\r\n\r\n").status()).isEqualTo(200);
            assertThat(http.closed()).isTrue();
        }
        try (RawHttp http = new RawHttp(server.port())) {
            assertThat(http.ask("GET /health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                            .header("Connection"))
                    .isEqualTo("keep-alive");
            assertThat(http.ask("GET http://h/health HTTP/1.1\r\nHost: h\r\n\r\n")
                            .status())
                    .isEqualTo(200);
        }
        server.close();
        assertThatThrownBy(() -> new RawHttp(server.port()).ask("GET /health HTTP/1.0\r\n\r\n"))
                .isInstanceOf(IOException.class);
    }
}
