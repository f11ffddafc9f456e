package io.hongyan.broker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.hongyan.broker.server.listen.Edge;
import io.hongyan.broker.server.listen.EventLoops;
import io.hongyan.broker.server.listen.Handshakes;
import io.hongyan.broker.server.listen.Port;
import io.hongyan.broker.server.listen.Port.Service;
import io.hongyan.broker.server.listen.Proxies;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A proxy (127.0.1.x) gives the client's address; other clients are not believed. */
@Timeout(60)
class ProxyTest {
    private static final String PROXY = "127.0.1.7";
    private static final String V2 = "0d0a0d0a000d0a515549540a";
    private static final int HEADER_MILLIS = 10_000;
    /** For those who never send a whole header. */
    private static final int BRIEF_MILLIS = 1_000;

    private final TestHook hook = new TestHook();
    private Proxies proxies;
    private Edge edge;
    private BrokerServer server;

    @BeforeEach
    void start() {
        start(false, HEADER_MILLIS);
    }

    private void start(boolean tlsInFront, int headerMillis) {
        proxies = new Proxies(List.of("127.0.1.0/24", "::2"), tlsInFront, headerMillis);
        edge = new Edge(new EventLoops(), null, new Handshakes(1), proxies, System::nanoTime);
        server = new BrokerServer(
                Servers.config()
                        .withListeners(new BrokerConfig.Listeners(
                                List.of(
                                        new Port(Service.MQTT, "127.0.0.1", 0, false, true),
                                        new Port(Service.WEB_SOCKET, "127.0.0.1", 0, false, true)),
                                "/mqtt",
                                List.of())),
                edge,
                hook,
                Clock.systemUTC(),
                System::nanoTime,
                new SecureRandom());
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
        edge.close();
    }

    private Socket from(String source) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(source, 0));
        socket.connect(new InetSocketAddress("127.0.0.1", server.mqttPort()));
        socket.setTcpNoDelay(true);
        return socket;
    }

    private WireClient behindProxy(String client) throws IOException {
        Socket socket = from(PROXY);
        return WireClient.over(5, socket).send(Wire.text("PROXY TCP4 " + client + " 192.0.2.1 4 1883\r\n"));
    }

    private String addressSeen(byte[] header, String clientId) throws Exception {
        try (Socket socket = from(PROXY)) {
            WireClient.over(5, socket).send(header).connected(clientId);
        }
        return hook.connects.stream()
                .filter(request -> request.clientId().equals(clientId))
                .findFirst()
                .orElseThrow()
                .remoteAddress();
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    @Test
    void theAddressOfTheHeaderIsTheClients() throws Exception {
        assertThat(addressSeen(Wire.text("PROXY TCP4 198.51.100.7 192.0.2.1 40000 1883\r\n"), "a"))
                .isEqualTo("198.51.100.7");
        assertThat(addressSeen(Wire.text("PROXY TCP6 2001:db8::5 2001:db8::1 40000 1883\r\n"), "b"))
                .isEqualTo("2001:db8:0:0:0:0:0:5");
        assertThat(addressSeen(hex(V2 + "2111000c" + "c6336408" + "c0000201" + "9c40075b"), "c"))
                .isEqualTo("198.51.100.8");
        // With a field that is ignored (a unique id).
        assertThat(addressSeen(hex(V2 + "21110014" + "c6336409" + "c0000201" + "9c40075b" + "0500050102030405"), "d"))
                .isEqualTo("198.51.100.9");
        assertThat(proxies.headers()).isEqualTo(4);
    }

    @Test
    void aProxyThatSpeaksForItselfIsTakenAsItIs() throws Exception {
        assertThat(addressSeen(Wire.text("PROXY UNKNOWN\r\n"), "a")).isEqualTo(PROXY);
        assertThat(addressSeen(hex(V2 + "20000000"), "b")).isEqualTo(PROXY);
        assertThat(addressSeen(hex(V2 + "2011000c" + "c6336408" + "c0000201" + "9c40075b"), "c"))
                .isEqualTo(PROXY);
    }

    @Test
    void theLogNamesTheClientAndNotTheProxy() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger(Gate.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        try (WireClient client = behindProxy("198.51.100.5").connected("bad")) {
            client.send(new byte[] {0, 0});
            await().until(() -> hook.ended.size() == 1);
            server.summarizeLog();
            assertThat(lines.list)
                    .anyMatch(line -> line.getFormattedMessage().contains("address=198.51.100.5 client_id=bad"));
        } finally {
            logger.detachAppender(lines);
        }
    }

    @Test
    void aHeaderMayComeInPieces() throws Exception {
        byte[] all = Wire.join(
                Wire.text("PROXY TCP4 198.51.100.7 192.0.2.1 40000 1883\r\n"), new Wire.Connect(5, "pieces").bytes());
        try (Socket socket = from(PROXY)) {
            WireClient client = WireClient.over(5, socket);
            for (byte each : all) {
                client.send(new byte[] {each});
            }
            assertThat(client.read().connectCode()).isZero();
        }
        assertThat(hook.connects.element().remoteAddress()).isEqualTo("198.51.100.7");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY TCP4 198.51.100.7\r\n",
                "PROXY TCP4 a.b.c.d 192.0.2.1 40000 1883\r\n",
                "PROXY TCP4 198.51.100.7 192.0.2.1 70000 1883\r\n",
                "PROXY TCP6 198.51.100.7 192.0.2.1 40000 1883\r\n",
                "PROXY 1111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111",
                "GET /mqtt HTTP/1.1\r\n"
            })
    void aProxyThatSaysNothingSensibleIsClosed(String header) throws Exception {
        stop();
        start(false, BRIEF_MILLIS);
        try (Socket socket = from(PROXY)) {
            assertThat(WireClient.over(5, socket).send(Wire.text(header)).closed())
                    .isTrue();
        }
        await().until(() -> proxies.refused() == 1);
        assertThat(server.connections()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                V2 + "3111000cc6336408c00002019c40075b", // version 3
                V2 + "21110003c63364", // addresses that are not whole
                V2 + "2111ffff", // longer than anybody needs
                "10130004" // a CONNECT that begins, and no header
            })
    void theSameInVersion2(String header) throws Exception {
        stop();
        start(false, BRIEF_MILLIS);
        try (Socket socket = from(PROXY)) {
            assertThat(WireClient.over(5, socket).send(hex(header)).closed()).isTrue();
        }
        await().until(() -> proxies.refused() == 1);
    }

    @Test
    void whoIsNoProxyIsNotBelieved() throws Exception {
        for (String header : List.of("50524f585920554e4b4e4f574e0d0a", V2 + "20000000")) {
            try (Socket socket = from("127.0.2.7")) {
                assertThat(WireClient.over(5, socket).send(hex(header)).closed())
                        .isTrue();
            }
        }
        try (Socket web = new Socket("127.0.0.1", server.webSocketPort())) {
            web.getOutputStream().write(Wire.text("PROXY UNKNOWN\r\nGET /mqtt HTTP/1.1\r\n\r\n"));
            assertThat(new String(web.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII))
                    .doesNotContain("101");
        }
        try (WireClient plain = WireClient.over(5, from("127.0.2.7")).connected("plain")) {
            assertThat(hook.connects.element().remoteAddress()).isEqualTo("127.0.2.7");
            assertThat(plain.level).isEqualTo(5);
        }
        assertThat(proxies.headers()).isZero();
    }

    @Test
    void limitsCountTheClientsNotTheProxy() throws Exception {
        server.close();
        FloodLimits few = Servers.FLOOD.withConnections(100, 2, 100);
        server = new BrokerServer(
                Servers.config()
                        .withFlood(few)
                        .withListeners(new BrokerConfig.Listeners(
                                List.of(new Port(Service.MQTT, "127.0.0.1", 0, false, true)), "/mqtt", List.of())),
                edge,
                hook,
                Clock.systemUTC(),
                System::nanoTime,
                new SecureRandom());
        server.start();
        try (WireClient first = behindProxy("198.51.100.0").connected("first");
                WireClient second = behindProxy("198.51.100.0").connected("second");
                WireClient other = behindProxy("198.51.100.1").connected("other");
                WireClient third = behindProxy("198.51.100.0")) {
            assertThat(third.closed()).isTrue();
            assertThat(server.connections())
                    .as("%s %s %s", first, second, other)
                    .isEqualTo(3);
        }
        await().until(() -> server.connections() == 0);
    }

    /** {@code MeetTest} has those who are not let in: here every address is one of this machine. */
    @Test
    void whereTlsIsInFrontTheProxyAndThisMachineAreLetIn() throws Exception {
        stop();
        start(true, HEADER_MILLIS);
        try (WireClient here = WireClient.over(5, from("127.0.2.7")).connected("here")) {
            assertThat(hook.connects.element().remoteAddress()).isEqualTo("127.0.2.7");
            assertThat(here.level).isEqualTo(5);
        }
        assertThat(addressSeen(Wire.text("PROXY TCP4 198.51.100.7 192.0.2.1 40000 1883\r\n"), "proxied"))
                .isEqualTo("198.51.100.7");
        stop();
        start(true, BRIEF_MILLIS);
        try (Socket socket = from(PROXY)) {
            byte[] connect = new Wire.Connect(5, "no header").bytes();
            assertThat(WireClient.over(5, socket).send(connect).closed()).isTrue();
        }
    }

    @Test
    void networksAreChecked() {
        for (String network : List.of("10.0.0.0/33", "10.0.0/8", "example.com", "fd00::/129", "10.0.0.0/", "/8", "")) {
            assertThatThrownBy(() -> new Proxies(List.of(network), false, 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'" + network + "' is not a network");
        }
    }
}
