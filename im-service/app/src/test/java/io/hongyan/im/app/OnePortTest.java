package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hongyan.im.app.client.ChatClient;
import io.hongyan.im.app.client.PahoClient;
import io.hongyan.im.app.client.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A page, its API and its messages at one port: HTTP and WebSocket together, plain, over TLS and behind a proxy. */
@Tag("long")
@Timeout(240)
final class OnePortTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String UPGRADE =
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                    + "Sec-WebSocket-Protocol: mqtt\r\n";

    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: (\\d+)\r\n");

    @TempDir
    Path directory;

    @Test
    void aWebSocketAtThePortOfTheApiReachesOthers() throws Exception {
        DevelopmentCertificate certificate = DevelopmentCertificate.make(directory);
        try (RunningServer server =
                RunningServer.start(directory, certificate.settings("HONGYAN_LISTEN_HTTPS", "127.0.0.1:0"))) {
            String plain = "ws://127.0.0.1:" + server.httpPort() + "/mqtt";
            String encrypted = "wss://127.0.0.1:" + server.httpsPort() + "/mqtt?page=1";
            try (ChatClient alice = Programs.nodeAt(server, "alice", plain, certificate);
                    ChatClient bob = Programs.nodeAt(server, "bob", encrypted, certificate);
                    PahoClient carol = PahoClient.online(server, "carol:iot:1")) {
                alice.send("1", "bob", "from the API's port");
                bob.send("2", "carol", "over TLS");
                carol.send("3", "alice", "from elsewhere");
                await().atMost(PATIENCE).untilAsserted(() -> {
                    assertThat(bob.inbox()).anyMatch(received -> received.id().equals("1"));
                    assertThat(carol.inbox()).anyMatch(received -> received.id().equals("2"));
                    assertThat(alice.inbox()).anyMatch(received -> received.id().equals("3"));
                });
            }
            assertThat(curl(server, certificate, "https://127.0.0.1:" + server.httpsPort() + "/ready"))
                    .contains("\"ready\"");
            assertThat(curl(
                            server,
                            certificate,
                            "-i",
                            "-X",
                            "POST",
                            "https://127.0.0.1:" + server.httpsPort() + "/v1/dev/token?uid=dave"))
                    .startsWith("HTTP/1.1 200");
            // No WebSocket is asked for, and no other path has one.
            assertThat(server.http("GET", "/mqtt").statusCode()).isEqualTo(404);
            assertThat(exchange(server.httpPort(), "GET /mqttx HTTP/1.1\r\nHost: a\r\n" + UPGRADE + "\r\n"))
                    .startsWith("HTTP/1.1 404");
            await().atMost(PATIENCE).until(() -> server.metric("http_connections_open") <= 3);
        }
    }

    @Test
    void aConnectionOfHttpMayBecomeAWebSocketLater() throws Exception {
        try (RunningServer server = RunningServer.start(directory);
                Socket socket = new Socket("127.0.0.1", server.httpPort())) {
            InputStream in = socket.getInputStream();
            for (int i = 0; i < 2; i++) {
                write(socket, "GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(head(in)).startsWith("HTTP/1.1 200");
                in.readNBytes("{\"status\":\"alive\"}".length());
            }
            assertThat(exchange(
                            server.httpPort(),
                            "GET /mqtt HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n" + UPGRADE + "\r\nx"))
                    .startsWith("HTTP/1.1 400");
            write(socket, "GET /mqtt HTTP/1.1\r\nHost: a\r\n" + UPGRADE + "\r\n");
            assertThat(head(in)).startsWith("HTTP/1.1 101");
            // CONNECT of a client without a token, in one masked frame with a mask of zeros.
            byte[] connect = {0x10, 0x0D, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, 1, 'a'};
            byte[] frame = new byte[6 + connect.length];
            frame[0] = (byte) 0x82;
            frame[1] = (byte) (0x80 | connect.length);
            System.arraycopy(connect, 0, frame, 6, connect.length);
            socket.getOutputStream().write(frame);
            assertThat(in.readNBytes(6)).startsWith(0x82, 4, 0x20, 2);
        }
    }

    @Test
    void aBadRequestForAWebSocketIsAnsweredAsTheApiDoes() throws Exception {
        try (RunningServer server = RunningServer.start(directory)) {
            String asked = "GET /mqtt HTTP/1.1\r\nHost: a\r\n" + UPGRADE;
            for (int port : new int[] {server.httpPort(), server.webSocketPort()}) {
                assertProblem(port, asked.replaceAll("Sec-WebSocket-Key.*\r\n", ""), 400, "MALFORMED");
                assertProblem(port, asked.replace("Connection: Upgrade", "Connection: close"), 400, "MALFORMED");
                assertProblem(port, asked.replace("Version: 13", "Version: 14"), 426, "MALFORMED");
                assertProblem(port, asked.replaceAll("Sec-WebSocket-Version.*\r\n", ""), 426, "MALFORMED");
                assertProblem(
                        port, asked.replace("GET", "POST"), port == server.httpPort() ? 404 : 405, "UNKNOWN_METHOD");
                assertProblem(port, asked.replace("/mqtt", "/mqttx"), 404, "UNKNOWN_METHOD");
                assertThat(exchange(port, asked + "\r\n")).startsWith("HTTP/1.1 101");
            }
        }
    }

    private static void assertProblem(int port, String request, int status, String code) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            write(socket, request + "\r\n");
            InputStream in = socket.getInputStream();
            String head = head(in);
            assertThat(head)
                    .startsWith("HTTP/1.1 " + status)
                    .containsIgnoringCase("content-type: application/problem+json\r\n");
            Matcher length = LENGTH.matcher(head);
            assertThat(length.find()).as(head).isTrue();
            JsonNode problem = new ObjectMapper().readTree(in.readNBytes(Integer.parseInt(length.group(1))));
            assertThat(problem.path("status").asInt()).isEqualTo(status);
            assertThat(problem.path("code").asText()).isEqualTo(code);
            assertThat(problem.path("type").asText()).isEqualTo("about:blank");
            assertThat(problem.path("detail").asText()).endsWith(".");
        }
    }

    @Test
    void pagesOfConfiguredOriginsUseTheApiAndOthersDoNot() throws Exception {
        String page = "https://chat.example.com";
        try (RunningServer server = RunningServer.start(directory, "HONGYAN_HTTP_CORS_ORIGINS", page)) {
            int port = server.httpPort();
            assertThat(exchange(port, "GET /health HTTP/1.0\r\nOrigin: " + page + "\r\n\r\n"))
                    .containsIgnoringCase("access-control-allow-origin: " + page)
                    .containsIgnoringCase("vary: origin");
            assertThat(exchange(port, "GET /health HTTP/1.0\r\nOrigin: https://chat.example.com.evil.example\r\n\r\n"))
                    .startsWith("HTTP/1.1 200")
                    .doesNotContainIgnoringCase("access-control")
                    .containsIgnoringCase("vary: origin");
            assertThat(exchange(
                            port,
                            "OPTIONS /v1/groups HTTP/1.0\r\nOrigin: " + page
                                    + "\r\nAccess-Control-Request-Method: POST\r\n\r\n"))
                    .startsWith("HTTP/1.1 204")
                    .containsIgnoringCase("access-control-allow-methods: GET, HEAD, POST")
                    .containsIgnoringCase("access-control-allow-headers: Authorization");
            for (int listener : new int[] {port, server.webSocketPort()}) {
                String asked = "GET /mqtt HTTP/1.1\r\nHost: a\r\n" + UPGRADE + "Origin: ";
                assertThat(exchange(listener, asked + "https://evil.example\r\n\r\n"))
                        .startsWith("HTTP/1.1 403");
                assertThat(exchange(listener, asked + page + "\r\n\r\n")).startsWith("HTTP/1.1 101");
            }
            assertThat(server.metric("gate_origins_refused_total")).isEqualTo(2);
        }
    }

    @Test
    void behindAProxyTheAddressOfTheHeaderCounts() throws Exception {
        try (RunningServer server = RunningServer.start(
                directory, "HONGYAN_PROXY_LISTENERS", "http", "HONGYAN_PROXY_NETWORKS", "127.0.1.7")) {
            String asked = "GET /health HTTP/1.0\r\n\r\n";
            assertThat(exchangeFrom(
                            "127.0.1.7", server.httpPort(), "PROXY TCP4 198.51.100.7 192.0.2.1 4 80\r\n" + asked))
                    .startsWith("HTTP/1.1 200");
            assertThat(exchangeFrom("127.0.1.7", server.httpPort(), asked)).isEmpty();
            assertThat(exchange(server.httpPort(), "PROXY TCP4 198.51.100.7 192.0.2.1 4 80\r\n" + asked))
                    .startsWith("HTTP/1.1 400");
            for (String client : List.of("198.51.100.7", "10.1.2.3")) {
                String header = "PROXY TCP4 " + client + " 192.0.2.1 4 80\r\n";
                assertThat(exchangeFrom("127.0.1.7", server.httpPort(), header + asked.replace("health", "metrics")))
                        .startsWith(client.startsWith("10.") ? "HTTP/1.1 200" : "HTTP/1.1 403");
            }
            assertThat(server.metric("proxy_headers_total")).isEqualTo(3);
            assertThat(server.metric("proxy_connections_refused_total")).isEqualTo(1);
        }
    }

    @Test
    void socketsOfDeniedNetworksAreClosedAtEveryPortBeforeTheirHandshake() throws Exception {
        DevelopmentCertificate certificate = DevelopmentCertificate.make(directory);
        try (RunningServer server =
                RunningServer.start(directory, certificate.settings("HONGYAN_LISTEN_HTTPS", "127.0.0.1:0"))) {
            String asked = "GET /health HTTP/1.0\r\n\r\n";
            assertThat(exchangeFrom("127.0.1.7", server.httpPort(), asked)).startsWith("HTTP/1.1 200");
            String deny = "{\"limits\":[{\"name\":\"flood.deny\",\"value\":\"127.0.1.0/24\"}]}";
            assertThat(server.http("PUT", "/v1/node/limits", deny, "Authorization", "Bearer " + server.httpKey())
                            .statusCode())
                    .isEqualTo(200);
            long handshakes = server.metric("tls_handshakes_failed_total");
            int[] ports = {server.httpPort(), server.httpsPort(), server.webSocketPort(), server.mqttPort()};
            for (int port : ports) {
                assertThat(exchangeFrom("127.0.1.7", port, "")).isEmpty();
            }
            assertThat(exchange(server.httpPort(), asked)).startsWith("HTTP/1.1 200");
            assertThat(server.metric("gate_sockets_refused_total{reason=\"denied\"}"))
                    .isEqualTo(ports.length);
            assertThat(server.metric("tls_handshakes_failed_total")).isEqualTo(handshakes);
        }
    }

    @Test
    void theAddressesOfOneIpv6NetworkAreOneForLimits() throws Exception {
        try (RunningServer server = RunningServer.start(
                        directory,
                        "HONGYAN_PROXY_LISTENERS",
                        "http",
                        "HONGYAN_PROXY_NETWORKS",
                        "127.0.1.7",
                        "HONGYAN_HTTP_CONNECTIONS_PER_ADDRESS_MAX",
                        "1");
                Socket first = behindProxy(server, "2001:db8::1");
                Socket other = behindProxy(server, "2001:db8:0:1::1");
                Socket second = behindProxy(server, "2001:db8::2")) {
            assertThat(first.getInputStream().readAllBytes())
                    .as("closed for the second")
                    .isNotNull();
            for (Socket open : List.of(other, second)) {
                write(open, "GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(head(open.getInputStream())).contains("HTTP/1.1 200");
            }
        }
    }

    /** A connection on which one request was answered. */
    private static Socket behindProxy(RunningServer server, String client) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress("127.0.1.7", 0));
        socket.connect(new InetSocketAddress("127.0.0.1", server.httpPort()));
        socket.setSoTimeout((int) PATIENCE.toMillis());
        write(socket, "PROXY TCP6 " + client + " 2001:db8::9 4 80\r\nGET /health HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(head(socket.getInputStream())).startsWith("HTTP/1.1 200");
        return socket;
    }

    private static String curl(RunningServer server, DevelopmentCertificate certificate, String... arguments)
            throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of(
                "curl",
                "-s",
                "--max-time",
                "20",
                "--cacert",
                certificate.authority().toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as("%s of %s", output, server.directory())
                .isZero();
        return output;
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    private static String exchange(int port, String request) throws IOException {
        return exchangeFrom("127.0.0.1", port, request);
    }

    /** The head of the answer; empty where the connection ends without one. */
    private static String exchangeFrom(String source, int port, String request) throws IOException {
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress(source, 0));
            socket.connect(new InetSocketAddress("127.0.0.1", port));
            socket.setSoTimeout((int) PATIENCE.toMillis());
            write(socket, request);
            return head(socket.getInputStream());
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        for (int next = in.read(); next >= 0; next = in.read()) {
            head.append((char) next);
            if (head.toString().endsWith("\r\n\r\n")) {
                break;
            }
        }
        return head.toString();
    }
}
